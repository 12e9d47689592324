import Essentials
import Services

/// Whether a replay and a dry-run traded the same, side by side.
struct ParityPage: Sendable {
  let report: ParityReport

  func text(_ terminal: TerminalFacts) -> String {
    let counts = report.counts
    let table = Table(
      [.text(""), .number("replay"), .number("dry-run")],
      rows: [
        ["events", count(report.replayedEvents), count(report.dryEvents)],
        ["entries considered", count(report.replayedLooks), count(report.dryLooks)],
        ["orders and reports", count(report.replayedCount), count(report.dryCount)],
        ["decisions", count(report.replayedDecisionCount), count(report.dryDecisionCount)],
        [
          "order hash", Table.Cell(report.replayedOrders.short),
          Table.Cell(report.dryOrders.short),
        ],
        [
          "decision hash", Table.Cell(report.replayedDecisions.short),
          Table.Cell(report.dryDecisions.short),
        ],
      ])
    var sentences = [
      """
      The dry-run heard \(number(counts.messages)) messages: \(books)\(number(counts.sights)) sights of \
      bars, \(number(counts.repeatedBars)) of them told before, and \(number(counts.announcements)) \
      announcements of funding. \(number(counts.refused)) were refused, \(number(counts.late)) events \
      came late, and \(number(counts.impatient)) instants did not wait for all contracts.
      """,
      """
      It was lost at \(report.lostAt) behind \(number(report.ordersBefore)) lines, and rebuilt from \
      \(number(counts.recorded)) messages, of which the last \(number(counts.again)) were told again: \
      \(report.isRebuilt ? "it had done the same." : "it had NOT done the same.")
      """,
    ]
    if let difference = report.difference {
      sentences.append(
        "Line \(difference.place) is `\(difference.replayed ?? "missing")` in the replay and "
          + "`\(difference.dry ?? "missing")` in the dry-run.")
    }
    sentences.append(verdict)
    let texts = sentences.map {
      Paragraph($0).lines(width: terminal.textWidth).joined(separator: "\n")
    }
    return ([table.rendered(width: terminal.width, paint: terminal.paint)] + texts)
      .joined(separator: "\n\n")
  }

  private var verdict: String {
    guard report.isSame else { return "NOT THE SAME: the dry-run cannot be trusted." }
    return report.replayedCount == 0
      ? "The same: neither ordered anything, and both refused as often for the same reasons."
      : "The same, to the bit: orders, fills, and every decision with its reasons."
  }

  private var books: String {
    let counts = report.counts
    return counts.books + counts.trades == 0
      ? "" : "\(number(counts.books)) of books, \(number(counts.trades)) trades, "
  }

  private func count(_ number: Int) -> Table.Cell { .count(number) }
  private func number(_ number: Int) -> String { Table.Cell.count(number).text }
}
