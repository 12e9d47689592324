import Essentials
import Mathematics

/// Boosted trees that foretell the log return of the next bar, chosen, fitted and judged.
///
/// The last part of the time is held out, purged, and judges. In what lies before, every kind and number
/// of trees is tried on purged and embargoed folds; the one with the best expectancy out of fold is
/// taken, and what it said there, held against what came, gives its slope. The trees that are handed
/// out are grown in the same way on all rows.
package struct DriftStudy: Hashable, Sendable {
  /// How the study is made.
  package struct Settings: Hashable, Sendable {
    package var trees: [TreeSettings]
    /// The numbers of trees to choose from besides all.
    package var stops: [Int]
    package var folds: Int
    package var common: StudySettings
    /// The length of the bars in seconds.
    package var barSeconds: Int
    package var rules: LinearScore.Rules

    package init(
      trees: [TreeSettings] = TreeSettings.grid, stops: [Int] = TreeSettings.stops,
      folds: Int = 5, common: StudySettings, barSeconds: Int = 60,
      rules: LinearScore.Rules = LinearScore.Rules()
    ) {
      precondition(!trees.isEmpty && barSeconds > 0, "nothing to try")
      self.trees = trees
      self.stops = stops
      self.folds = folds
      self.common = common
      self.barSeconds = barSeconds
      self.rules = rules
    }
  }

  /// Trees and what they brought out of fold, on rows before the held-out ones.
  package struct Trial: Hashable, Sendable {
    package let trees: TreeSettings
    package let score: LinearScore
  }

  package let settings: Settings
  /// Grown on all rows.
  package let drift: LearnedDrift
  package let rows: Int
  /// The rows that were purged before the held-out ones.
  package let purged: Int
  /// Best expectancy first.
  package let trials: [Trial]
  /// The score on held-out rows of trees that never saw them. This is what may be quoted.
  package let outOfSample: LinearScore
  /// The score of the handed-out trees on the rows that they were grown on.
  package let inSample: LinearScore

  /// Targets are told in basis points, whose squares are no tiny numbers.
  private static let unit = 1e-4

  /// Studies rows that come by time.
  package init(
    _ rows: [LabeledRow], featureNames: [String], settings: Settings, grower: TreeGrower
  ) throws(StudyShortfall) {
    precondition(
      rows.allSatisfy { $0.values.count == featureNames.count }, "values without names")
    guard !rows.isEmpty else {
      throw .tooFewSamples(have: 0, needed: settings.common.samplesMin)
    }
    let holdout = try settings.common.holdout(of: rows)
    try settings.common.requireSamples(in: holdout.train.map { rows[$0] })
    let workshop = Workshop(
      settings: settings, rows: rows, grower: grower,
      table: TreeTable(
        featureNames: featureNames, rows: rows.map(\.values),
        targets: rows.map { $0.move / Self.unit }, aim: .mean))
    var (judged, whole): (LearnedDrift?, LearnedDrift?)
    do throws(TreeFailure) {
      trials = try workshop.trials(on: holdout.train) ?? []
      if let best = trials.first {
        judged = try workshop.drift(on: holdout.train, by: best.trees)
        whole = try workshop.drift(on: Array(rows.indices), by: best.trees)
      }
    } catch {
      throw .noTrees(error)
    }
    guard let judged, let drift = whole else { throw .cannotSplit }
    self.settings = settings
    self.drift = drift
    outOfSample = workshop.score(judged, on: holdout.test.map { rows[$0] })
    inSample = workshop.score(drift, on: rows)
    self.rows = rows.count
    purged = holdout.purged
  }

  /// What was taken.
  package var trees: TreeSettings { trials[0].trees }

  /// The drift with what its making left.
  package func document(trainedAt: String?) -> LearnedDriftDocument {
    LearnedDriftDocument(
      drift: drift, outOfSample: outOfSample, trainedAt: trainedAt,
      notes: [
        JSONValue.Member(
          "label_meta", ["source": "y", "rows": .integer(rows), "purged": .integer(purged)]),
        JSONValue.Member(
          "tuned_params",
          [
            "chosen": trees.json, "tried": .integer(trials.count),
            "trials": .array(
              trials.prefix(12).map { ["chosen": $0.trees.json, "score": $0.score.json] }),
          ]),
        JSONValue.Member("train_metrics", inSample.json),
      ])
  }
}

/// Grows and judges trees for a ``DriftStudy``.
private struct Workshop {
  let settings: DriftStudy.Settings
  let rows: [LabeledRow]
  let grower: TreeGrower
  let table: TreeTable

  func trials(on places: [Int]) throws(TreeFailure) -> [DriftStudy.Trial]? {
    let own = places.map { rows[$0] }
    guard let folds = folds(of: own) else { return nil }
    let grown = try grower.grow(
      table,
      settings.trees.flatMap { trees in
        folds.map { fold in TreeTask(trees, on: fold.train.map { places[$0] }) }
      })
    var rules = settings.rules
    rules.resamples = 0
    var trials: [DriftStudy.Trial] = []
    for (kind, trees) in settings.trees.enumerated() {
      let stops = settings.stops.filter { $0 < trees.rounds } + [trees.rounds]
      var told = stops.map { _ in [Double](repeating: 0, count: own.count) }
      for (fold, model) in zip(folds, grown[(kind * folds.count)...]) {
        for place in fold.test {
          let counts = stops.map { min($0, model.count) }
          guard let sums = model.scores(own[place].values, after: counts) else { continue }
          for stop in stops.indices { told[stop][place] = sums[stop] }
        }
      }
      for (stop, told) in zip(stops, told) {
        let slope = Self.slope(of: told, own).value
        var stopped = trees
        stopped.rounds = stop
        trials.append(
          DriftStudy.Trial(
            trees: stopped, score: LinearScore(of: told.map { slope * $0 }, on: own, by: rules)))
      }
    }
    return trials.sorted { one, other in
      let (mine, theirs) = (one.score, other.score)
      if mine.expectancy != theirs.expectancy { return mine.expectancy > theirs.expectancy }
      if mine.explained != theirs.explained { return mine.explained > theirs.explained }
      return one.trees.rounds * one.trees.leaves < other.trees.rounds * other.trees.leaves
    }
  }

  /// The trees of rows, with the slope of what as many of them said out of fold.
  func drift(on places: [Int], by trees: TreeSettings) throws(TreeFailure) -> LearnedDrift? {
    let own = places.map { rows[$0] }
    guard let folds = folds(of: own) else { return nil }
    let lessons = folds.map { fold in fold.train.map { places[$0] } } + [places]
    let grown = try grower.grow(table, lessons.map { TreeTask(trees, on: $0) })
    guard grown.count == lessons.count, let whole = grown.last else { return nil }
    var told = [Double](repeating: 0, count: own.count)
    for (fold, model) in zip(folds, grown) {
      for place in fold.test { told[place] = model.score(own[place].values) ?? 0 }
    }
    let slope = Self.slope(of: told, own)
    return LearnedDrift(
      trees: whole, barSeconds: settings.barSeconds, slope: slope.value, slopeError: slope.error)
  }

  func score(_ drift: LearnedDrift, on rows: [LabeledRow]) -> LinearScore {
    LinearScore(
      of: rows.map { drift.expected($0.values)?.logReturn ?? 0 }, on: rows, by: settings.rules)
  }

  private func folds(of rows: [LabeledRow]) -> [LabelSplits.Fold]? {
    settings.common.splits.folds(settings.folds, of: rows.map(\.interval))
  }

  /// The slope of moves by what was told, through zero and at least zero, with its standard error. Rows
  /// of one instant count as one: symbols move together.
  private static func slope(
    of told: [Double], _ rows: [LabeledRow]
  ) -> (value: Double, error: Double) {
    var (cross, square) = (0.0, 0.0)
    for (told, row) in zip(told, rows) {
      cross += told * row.move
      square += told * told
    }
    guard square > 0 else { return (0, 0) }
    let slope = cross / square
    var (scatter, ofInstant) = (0.0, 0.0)
    for (place, row) in rows.enumerated() {
      ofInstant += told[place] * (row.move - slope * told[place])
      if place + 1 == rows.count || rows[place + 1].interval.start != row.interval.start {
        scatter += ofInstant * ofInstant
        ofInstant = 0
      }
    }
    return (max(0, slope), scatter.squareRoot() / square)
  }
}
