import Backtesting
import Essentials

/// The block that ends every report: can you trust it?
struct TrustBlock: Sendable {
  let trust: TrustReport

  /// The verdict, its reasons and the figures behind it.
  func text(_ terminal: TerminalFacts) -> String {
    var lines = [terminal.paint.bold("Can you trust it?")]
    let verdict = trust.verdict.rawValue
    lines += Paragraph("\(verdict): \(sentence)").lines(width: terminal.textWidth - 2).map {
      "  " + $0.replacing(verdict, with: painted(verdict, terminal.paint), maxReplacements: 1)
    }
    for objection in trust.objections {
      lines += Paragraph(objection.description).hung(
        behind: "  -", indent: 5, width: terminal.textWidth)
    }
    lines.append("")
    lines.append(table.rendered(width: terminal.width, paint: terminal.paint))
    return lines.joined(separator: "\n")
  }

  private var sentence: String {
    switch trust.verdict {
    case .supported: "nothing speaks against it."
    case .doubtful: "something speaks against it, without deciding the matter:"
    case .refuted: "it sees the future, or its profits are more likely luck than not:"
    case .insufficient: "the sample is too short to say."
    }
  }

  private func painted(_ word: String, _ paint: Paint) -> String {
    switch trust.verdict {
    case .supported: paint.green(word)
    case .doubtful, .insufficient: paint.yellow(word)
    case .refuted: paint.red(word)
    }
  }

  private var table: Table {
    var table = Table([
      .text("  figure"), .number("value"), .text("remark", rank: 1, narrowest: 20),
    ])
    func add(_ name: String, _ value: Table.Cell, _ remark: String = "") {
      table.add([Table.Cell("  " + name), value, Table.Cell(remark)])
    }
    func number(_ name: String, _ finding: Finding<Double>, _ remark: String = "") {
      add(name, .number(finding.value), finding.reason ?? remark)
    }
    func percent(_ name: String, _ finding: Finding<Double>, _ remark: String = "") {
      add(name, .percent(finding.value, decimals: 1), finding.reason ?? remark)
    }
    add("Trials", .count(trust.trials), "formulas that were tried, this one included")
    add(
      "Sample [years]", .number(trust.years, decimals: 1),
      "\(Table.Cell.count(trust.rows).text) rows with a profit")
    number("Sharpe ratio [a year]", trust.sharpe)
    if let interval = trust.sharpeInterval.value {
      let share = Table.Cell.percent(interval.confidence, decimals: 0).text
      let ends = [interval.lower, interval.upper].map { Table.Cell.number($0).text }
      add("  \(share) % interval from", Table.Cell(ends[0]), "by block bootstrap")
      add("  \(share) % interval to", Table.Cell(ends[1]))
    } else {
      add("  interval", .missing, trust.sharpeInterval.reason ?? "")
    }
    percent("True Sharpe above 0 [%]", trust.probabilisticSharpe, "had nothing else been tried")
    number("Best by luck [a year]", trust.luckySharpe, "the Sharpe ratio of so many tries")
    percent("Deflated Sharpe [%]", trust.deflatedSharpe, "true Sharpe above the best by luck")
    number("Record needed [years]", trust.minimumTrackRecordYears, "to be sure of that")
    percent(
      "Winners that fade [%]", trust.overfitting.map(\.probability),
      "probability of backtest overfitting")
    percent("Walk-forward efficiency [%]", trust.walkForwardEfficiency, "of the Sharpe ratio lasts")
    add("Look-ahead probe", Table.Cell(lookAhead.value), lookAhead.remark)
    percent("Data missing [%]", trust.missingDataShare)
    return table
  }

  private var lookAhead: (value: String, remark: String) {
    switch trust.lookAhead {
    case .known(.clean(let probes, let cells)):
      (
        "clean",
        "\(Table.Cell.count(cells).text) values the same in \(probes) samples that end early"
      )
    case .known(.leaks): ("leaks", "values change once later rows are known")
    case .known(.notExamined): ("--", "the sample is too short")
    case .unknown(let reason): ("--", reason)
    }
  }
}
