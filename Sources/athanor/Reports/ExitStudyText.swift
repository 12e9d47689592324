import Backtesting
import Essentials
import Markets
import Services

/// What other exits would have made of the same entries, for a person.
struct ExitStudyText: Sendable {
  let study: ExitStudy
  let coin: String

  func text(_ terminal: TerminalFacts) -> String {
    let comparison = study.comparison
    var lines = [terminal.paint.bold("The same entries under other exits")]
    guard comparison.entries > 0 else {
      lines += Paragraph("There was no entry to follow.").lines(width: terminal.textWidth)
      return lines.joined(separator: "\n")
    }
    lines.append(policies.rendered(width: terminal.width, paint: terminal.paint))
    lines.append("")
    lines.append(terminal.paint.bold("Regret, by why a trade ended and where it began"))
    lines.append(cells.rendered(width: terminal.width, paint: terminal.paint))
    lines.append("")
    let share = Table.Cell.percent(comparison.confidence, decimals: 0).text
    let sentences = [
      """
      Each entry was followed under every policy by the exits themselves, with orders, fees and \
      funding of its own. Under the exits that were configured \(study.reproduced) of \
      \(study.trades) trades came out as they did, to the last digit.
      """,
      """
      Means are in bp of what was traded; `against` is the difference from \
      \(words(comparison.reference)) entry by entry, with its \(share) % interval, and p how probable \
      it is by chance among all policies. The tail is the mean of the worst twentieth.
      """,
      """
      Regret is what the best policy of each trade would have brought, known only afterwards: it is \
      never below zero. What one policy would have brought stands beside it, where there are \
      eight trades.
      """,
    ]
    lines += sentences.flatMap {
      Paragraph($0).hung(behind: "  -", indent: 5, width: terminal.textWidth)
    }
    return lines.joined(separator: "\n")
  }

  private var policies: Table {
    var table = Table([
      .text("policy", narrowest: 18), .number("mean", unit: "bp"), .number("against"),
      .number("from"), .number("to"), .number("p"), .number("tail", unit: "bp", rank: 1),
      .number("held"), .number("net", unit: coin, rank: 0),
    ])
    for row in study.comparison.rows {
      let difference = row.difference?.interval
      table.add([
        Table.Cell(words(row.policy)), points(row.mean?.estimate), points(difference?.estimate),
        points(difference?.lower), points(difference?.upper),
        .number(row.probability, decimals: 3), points(row.tail),
        Table.Cell(ReplayText.length(row.held)), .number(row.net.value),
      ])
    }
    return table
  }

  private var cells: Table {
    var table = Table([
      .text("ended by", narrowest: 14), .text("began in"), .number("trades"),
      .number("made", unit: "bp"), .number("regret", unit: "bp"),
      .text("best one policy", narrowest: 14), .number("gain", unit: "bp"), .number("p"),
    ])
    for cell in study.comparison.cells {
      table.add([
        Table.Cell(words(cell.reason)), Table.Cell(words(cell.regime)), .count(cell.trades),
        points(cell.made), points(cell.regret),
        Table.Cell(cell.best.map { words($0.policy) } ?? "--"), points(cell.best?.gain.estimate),
        .number(cell.best?.probability, decimals: 3),
      ])
    }
    return table
  }

  private func points(_ share: Double?) -> Table.Cell {
    .number(share.map { $0 * 1e4 }, decimals: 1)
  }

  private func words(_ key: String) -> String { ReplayText.words(key) }
}
