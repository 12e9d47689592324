import Backtesting
import Essentials
import Services

/// Variants of settings beside their base: what each came to, by how much they differ, and a verdict.
struct VariantPage: Sendable {
  let report: VariantReport
  /// The name of the run in the journal; nil where nothing was recorded.
  let run: String?

  /// The report as a program reads it.
  var json: JSONValue {
    guard case .object(let members) = report.json else { return report.json }
    return .object(members + [JSONValue.Member("run", run.map(JSONValue.string) ?? .null)])
  }

  private var terms: ReplayTerms { report.terms }
  private var isOnBase: Bool { report.question == .base }

  func text(_ terminal: TerminalFacts) -> String {
    var blocks = [heading(terminal)]
    blocks.append(block("What each came to", tracks, terminal))
    blocks.append(block(differenceTitle, differences, terminal))
    blocks.append(block("The worst times, and what was done", works, terminal))
    blocks.append(terminal.paint.bold("Verdicts") + "\n" + verdicts(terminal))
    blocks.append((run.map { "run     \($0)\n" } ?? "") + "result  \(report.result)")
    return blocks.joined(separator: "\n\n")
  }

  private func block(_ title: String, _ table: Table, _ terminal: TerminalFacts) -> String {
    Paragraph(title).lines(width: terminal.textWidth).map(terminal.paint.bold)
      .joined(separator: "\n") + "\n"
      + table.rendered(width: terminal.width, paint: terminal.paint)
  }

  private func heading(_ terminal: TerminalFacts) -> String {
    let names = terms.symbols
    let slice = report.base.length == .days(1) ? "days" : "hours"
    let entries = [
      (
        "market",
        "\(names.count <= 6 ? names.joined(separator: ", ") : "\(names.count) contracts"), bars "
          + "of \(terms.span), \(ReplayText.minute(terms.from)) to \(ReplayText.minute(terms.to))"
      ),
      ("base", "settings \(terms.settings.short), data \(terms.data.short), seed \(terms.seed)"),
      (
        "slices",
        "\(Table.Cell.count(report.base.slices.count).text) \(slice); the worst are "
          + "\(Table.Cell.percent(report.settings.tailShare, decimals: 1).text) % of them"
      ),
      (
        "verdict",
        isOnBase
          ? "on the base, against each old rule" : "on each variant, against the base"
      ),
    ]
    return entries.flatMap { name, value in
      Paragraph(value).hung(behind: name, indent: 10, width: terminal.textWidth)
    }.joined(separator: "\n")
  }

  private var differenceTitle: String {
    isOnBase
      ? "What the base earns more than the old rule, in % of the capital a day"
      : "What the variant earns more than the base, in % of the capital a day"
  }

  private var tracks: Table {
    var table = Table([
      .text("settings", narrowest: 20), .number("trades"), .number("net", unit: terms.coin),
      .number("fees", unit: terms.coin, rank: 1), .number("traded", unit: terms.coin, rank: 2),
      .number("simulations", rank: 3),
    ])
    for (name, track) in [("base", report.base)] + report.rows.map({ ($0.name, $0.track) }) {
      table.add([
        Table.Cell(name), .count(track.closed), .number(track.total.profit), .number(track.fees),
        .count(Int(track.total.traded.rounded())), .count(track.total.simulations),
      ])
    }
    return table
  }

  private var differences: Table {
    var table = Table([
      .text(isOnBase ? "base against" : "variant", narrowest: 20), .number("net"),
      .number("from"), .number("to"), .text("verdict"), .number("p", rank: 1),
    ])
    for row in report.rows {
      table.add(
        [Table.Cell(row.name)] + interval(row.pair?.net, 100, 3) + [
          Table.Cell(row.verdict.map { ReplayText.words($0.finding.rawValue) } ?? "--"),
          .number(row.verdict?.netProbability, decimals: 3),
        ])
    }
    return table
  }

  private var works: Table {
    var table = Table([
      .text(isOnBase ? "base against" : "variant", narrowest: 20), .number("worst", unit: "%"),
      .number("from", rank: 0), .number("to", rank: 0), .number("turnover/day"),
      .number("entries/day"), .number("simulations/day", rank: 1),
    ])
    for row in report.rows {
      table.add(
        [Table.Cell(row.name)] + interval(row.pair?.tail, 100, 3) + [
          .number(row.pair?.turnover.interval.estimate),
          .number(row.pair?.entries.interval.estimate, decimals: 1),
          .number(row.pair?.simulations.interval.estimate, decimals: 1),
        ])
    }
    return table
  }

  private func interval(
    _ difference: PairedDifference?, _ scale: Double, _ decimals: Int
  ) -> [Table.Cell] {
    let interval = difference?.interval
    return [interval?.estimate, interval?.lower, interval?.upper].map {
      .number($0.map { $0 * scale }, decimals: decimals)
    }
  }

  /// One paragraph for each verdict and reason, with the variants that share it.
  private func verdicts(_ terminal: TerminalFacts) -> String {
    var groups: [(head: String, names: [String])] = []
    for row in report.rows {
      let head =
        row.verdict.map { "\(ReplayText.words($0.finding.rawValue)): \($0.reason.english)" }
        ?? "cannot be told: There are fewer than eight slices of time."
      if let place = groups.firstIndex(where: { $0.head == head }) {
        groups[place].names.append(row.name)
      } else {
        groups.append((head, [row.name]))
      }
    }
    return groups.flatMap { group in
      Paragraph(group.head).lines(width: terminal.textWidth)
        + group.names.flatMap {
          Paragraph($0).hung(behind: "  -", indent: 5, width: terminal.textWidth)
        }
    }.joined(separator: "\n")
  }
}
