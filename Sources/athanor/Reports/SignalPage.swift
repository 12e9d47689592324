import Essentials
import Foundation
import Mathematics
import Models
import Services
import Storage

/// What came of learning what follows the features of a market: first what it is worth on rows that
/// it did not see.
struct SignalPage: Sendable {
  let fitting: SignalFitting
  /// The file of the document, nil where none was asked for.
  let output: String?

  /// The file that was written, nil where there was nothing to write.
  private var written: String? { fitting.document == nil ? nil : output }

  // MARK: - For programs

  var json: JSONValue {
    [
      "model": .string(fitting.model.rawValue), "out_of_sample": score(outOfSample: true),
      "in_sample": score(outOfSample: false),
      "shortfall": shortfall.map(JSONValue.string) ?? .null,
      "learner": learner?.json ?? .null, "earns": earns.map(JSONValue.bool) ?? .null,
      "without_trees": fitting.treesLeftOut.map { .string($0.key) } ?? .null,
      "samples": .integer(fitting.sampleCount),
      "written": written.map(JSONValue.string) ?? .null,
      "files": .array(fitting.rows.map(\.json)), "document": fitting.document ?? .null,
    ]
  }

  private var shortfall: String? {
    switch fitting.outcome {
    case .shortfall(let reason): reason.name
    case .noSamples: "no_samples"
    case .direction, .causal, .drift, .levels: nil
    }
  }

  private var learner: DirectionLearner? {
    if case .direction(let study) = fitting.outcome { study.learner } else { nil }
  }

  private var earns: Bool? {
    switch fitting.outcome {
    case .direction(let study): study.earns
    case .drift(let study): Self.interval(study.outOfSample.expectancyInterval, liesAbove: 0)
    case .causal, .levels, .shortfall, .noSamples: nil
    }
  }

  private func score(outOfSample: Bool) -> JSONValue {
    switch fitting.outcome {
    case .direction(let study): (outOfSample ? study.outOfSample : study.inSample).json
    case .causal(let study), .levels(let study):
      (outOfSample ? study.outOfSample : study.inSample).json
    case .drift(let study): (outOfSample ? study.outOfSample : study.inSample).json
    case .shortfall, .noSamples: .null
    }
  }

  // MARK: - For people

  func text(_ terminal: TerminalFacts) -> String {
    func sentence(_ text: String) -> String {
      Paragraph(text).lines(width: terminal.textWidth).joined(separator: "\n")
    }
    func set(_ table: Table) -> String {
      table.rendered(width: terminal.width, paint: terminal.paint)
    }
    var blocks: [String] = []
    switch fitting.outcome {
    case .direction(let study):
      blocks.append(terminal.paint.bold("Out of sample"))
      blocks.append(set(Self.figures(study)))
      blocks.append(sentence(Self.verdict(study)))
      blocks.append(sentence(Self.choice(study)))
      if let failure = fitting.treesLeftOut {
        blocks.append(
          sentence("\(failure.explanation) So the logistic model was alone. \(failure.remedy)"))
      }
      blocks.append(sentence(rule(rows: study.outOfSample.count, purged: study.purged)))
    case .causal(let study), .levels(let study):
      blocks.append(terminal.paint.bold("Out of sample"))
      blocks.append(set(Self.figures(study.outOfSample, study.inSample)))
      blocks.append(sentence(Self.verdict(study)))
      blocks.append(sentence(rule(rows: study.outOfSample.count, purged: study.purged)))
      blocks.append(set(Self.weights(study)))
    case .drift(let study):
      blocks.append(terminal.paint.bold("Out of sample"))
      blocks.append(set(Self.figures(study.outOfSample, study.inSample)))
      blocks.append(sentence(Self.verdict(study)))
      blocks.append(
        sentence(
          "Taken of \(study.trials.count) that were tried on folds before: "
            + "\(Self.words(study.trees)). What they say counts for what came true of it there."))
      blocks.append(sentence(rule(rows: study.outOfSample.count, purged: study.purged)))
    case .shortfall, .noSamples:
      blocks.append(
        sentence(
          "Nothing was learned (\((shortfall ?? "").replacing("_", with: " "))): "
            + "\(fitting.sampleCount) samples came of the files."))
    }
    blocks.append(set(files))
    let notes = fitting.rows.flatMap(FitPage.notes)
    if !notes.isEmpty { blocks.append(notes.map { sentence($0) }.joined(separator: "\n")) }
    if let written {
      blocks.append("Wrote \(DisplayWidth.harmless(written)).")
    } else {
      blocks.append(
        fitting.document == nil
          ? "Nothing was written." : "Nothing was written; --out names a file.")
    }
    return blocks.joined(separator: "\n\n")
  }

  private func rule(rows: Int, purged: Int) -> String {
    let share = Int((100 * fitting.settings.holdoutShare).rounded())
    return "The last \(share) % of the time, \(rows) rows, judged a model that was made before it; "
      + "\(purged) rows between the two were left out. What is written was made in the same way on "
      + "all rows. Figures in sample flatter and are for comparison only."
  }

  private static func table() -> Table {
    Table([
      .text("figure"), .number("out of sample"), .text("95 % interval", rank: 1),
      .number("in sample", rank: 2),
    ])
  }

  private static func range(
    _ interval: ClosedRange<Double>?, times factor: Double = 1, decimals: Int
  ) -> Table.Cell {
    guard let interval else { return .missing }
    func text(_ value: Double) -> String { String(format: "%.\(decimals)f", factor * value) }
    return Table.Cell("\(text(interval.lowerBound)) to \(text(interval.upperBound))")
  }

  private static func figures(_ study: DirectionStudy) -> Table {
    let (out, within) = (study.outOfSample, study.inSample)
    var table = table()
    table.add([
      "right of all calls [%]", .percent(out.accuracy.share),
      range(
        out.accuracy.interval(), times: 100, decimals: 2), .percent(within.accuracy.share),
    ])
    table.add([
      "expectancy a row [bp]", .number(out.expectancy, decimals: 3),
      range(out.expectancyInterval, decimals: 3), .number(within.expectancy, decimals: 3),
    ])
    table.add([
      "acted on [%]", .percent(out.coverage), .missing, .percent(within.coverage),
    ])
    table.add([
      "right where acted [%]", .percent(out.hits.share),
      range(out.hits.interval(), times: 100, decimals: 2), .percent(within.hits.share),
    ])
    table.add([
      "area under curve", .number(out.areaUnderCurve, decimals: 4), .missing,
      .number(within.areaUnderCurve, decimals: 4),
    ])
    table.add([
      "Brier score (0.25: none)", .number(out.brier?.value, decimals: 4), .missing,
      .number(within.brier?.value, decimals: 4),
    ])
    return table
  }

  private static func figures(_ out: LinearScore, _ within: LinearScore) -> Table {
    var table = table()
    table.add([
      "explained [%]", .percent(out.explained, decimals: 3),
      range(
        out.explainedInterval, times: 100, decimals: 3), .percent(within.explained, decimals: 3),
    ])
    table.add([
      "right direction [%]", .percent(out.hits.share),
      range(out.hits.interval(), times: 100, decimals: 2), .percent(within.hits.share),
    ])
    table.add([
      "expectancy a row [bp]", .number(out.expectancy, decimals: 3),
      range(out.expectancyInterval, decimals: 3), .number(within.expectancy, decimals: 3),
    ])
    table.add([
      "acted on [%]", .percent(out.coverage), .missing, .percent(within.coverage),
    ])
    return table
  }

  private static func weights(_ study: LinearStudy) -> Table {
    var table = Table([
      .text("feature"), .number("weight"), .number("+/-"), .number("errors from 0", rank: 1),
    ])
    for (index, name) in study.names.enumerated() {
      let weight = study.regression.coefficients[index]
      let error = study.regression.standardErrors[index]
      table.add([
        Table.Cell(name), Table.Cell(String(format: "%.3e", weight)),
        Table.Cell(String(format: "%.1e", error)),
        .number(error > 0 ? weight / error : nil, decimals: 1),
      ])
    }
    return table
  }

  /// What was taken of how much that was tried.
  private static func choice(_ study: DirectionStudy) -> String {
    let learner =
      switch study.learner {
      case .logistic(let ridge): "the logistic model with a penalty of \(Self.short(ridge))"
      case .trees(let settings): Self.words(settings)
      }
    let regimes = Set(study.model.byRegime.keys).union(study.model.treesByRegime.keys)
    let own = RegimeTag.allCases.filter(regimes.contains).map {
      $0.rawValue.replacing("_", with: " ")
    }
    return "Taken of \(study.trials.count) that were tried on folds before: \(learner), acted on "
      + "from a chance of \(Self.short(study.best.threshold)) on. "
      + (own.isEmpty
        ? "One model serves all regimes."
        : "Parts of their own have the regimes \(own.joined(separator: ", ")).")
  }

  private static func words(_ settings: TreeSettings) -> String {
    "\(settings.rounds) boosted trees of at most \(settings.leaves) leaves, each adding "
      + "\(short(settings.learningRate)) of what it learned"
  }

  private static func interval(
    _ interval: ClosedRange<Double>?, liesAbove bound: Double
  ) -> Bool {
    interval.map { $0.lowerBound > bound } ?? false
  }

  private static func short(_ number: Double) -> String { JSONValue.number(number).compactText }

  /// What the interval of the expectancy says, in plain words.
  private static func verdict(_ study: DirectionStudy) -> String {
    let score = study.outOfSample
    let cost = String(format: "%.1f bp", 1e4 * score.rules.cost)
    guard score.acted > 0, let interval = score.expectancyInterval else {
      return "No call was sure enough to act on, so nothing was earned or lost."
    }
    if interval.lowerBound > 0 {
      return "After costs of \(cost) a trade these calls earned: the interval lies above zero."
    }
    if interval.upperBound < 0 {
      return "After costs of \(cost) a trade these calls lost: do not trade on them."
    }
    return "After costs of \(cost) a trade it cannot be told from chance whether these calls earn: "
      + "no model is better than this one."
  }

  private static func verdict(_ study: DriftStudy) -> String {
    let score = study.outOfSample
    let cost = String(format: "%.1f bp", 1e4 * score.rules.cost)
    let earns = interval(score.expectancyInterval, liesAbove: 0)
    let explains = interval(score.explainedInterval, liesAbove: 0)
    return earns
      ? "After costs of \(cost) a trade these expectations earned: engines listen to them."
      : "After costs of \(cost) a trade it is not shown that these expectations earn, so engines do "
        + "not listen to them unless `signals.learned_evidence` asks for less; they "
        + (explains ? "explain a part of the returns." : "explain no part of the returns either.")
  }

  private static func verdict(_ study: LinearStudy) -> String {
    guard let interval = study.outOfSample.explainedInterval else {
      return "There is too little to tell what the weights explain."
    }
    if interval.lowerBound > 0 {
      return "The weights explain a part of the returns that they did not see: the interval lies "
        + "above zero."
    }
    return "The weights explain nothing that can be told from chance: better leave them out."
  }

  private var files: Table {
    var table = Table([
      .text("symbol", narrowest: 8), .number("samples"), .number("gaps", rank: 2),
      .text("state", narrowest: 10),
    ])
    for row in fitting.rows {
      table.add([
        Table.Cell(row.symbol ?? row.path), .count(row.count), .count(row.gapCount),
        Table.Cell(FitPage.state(row)),
      ])
    }
    return table
  }
}
