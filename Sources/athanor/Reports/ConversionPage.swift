import Essentials
import Execution
import Markets
import Services
import Storage

/// What a conversion of a recording made, and what was wrong with it.
struct ConversionPage: Sendable {
  let report: FeedConversionReport

  func text(_ terminal: TerminalFacts) -> String {
    let kept = report.kept
    let span = [kept.first, kept.last].compactMap { $0?.description }.joined(separator: " to ")
    var entries: [(name: String, value: String)] = [
      ("recording", report.conversion.source), ("file", report.conversion.target),
      ("market", "\(report.conversion.market.symbol) (\(report.conversion.protocol.rawValue))"),
      ("time", span),
      ("messages", "\(count(report.counts.messages)) in \(count(report.lines)) lines"),
      ("books", "\(count(kept.books)) with \(count(kept.levels)) levels"),
      ("trades", count(kept.trades)),
    ]
    if kept.marks + kept.payments > 0 {
      entries.append(("marks", "\(count(kept.marks)), funding \(count(kept.payments))"))
    }
    if report.clock.lag > .zero {
      let lag = Table.Cell.number(report.clock.lag.seconds, decimals: 3).text
      entries.append(("clock", "the recorder's was at least \(lag) s behind the venue's"))
    }
    var blocks = [
      entries.flatMap { name, value in
        Paragraph(DisplayWidth.harmless(value)).hung(
          behind: name, indent: 13, width: terminal.textWidth)
      }.joined(separator: "\n")
    ]
    if !report.findings.isEmpty {
      let table = Table(
        [.text("finding"), .number("count"), .text("handling", narrowest: 24)],
        rows: report.findings.map {
          [Table.Cell($0.kind), Table.Cell.count($0.count), Table.Cell($0.handling)]
        })
      blocks.append(table.rendered(width: terminal.width, paint: terminal.paint))
    }
    if let first = report.firstDefect {
      blocks.append("Line \(first.line) is the first that was refused: \(first.defect).")
    }
    blocks.append("result \(report.fingerprint)")
    return blocks.joined(separator: "\n\n")
  }

  private func count(_ number: Int) -> String { Table.Cell.count(number).text }
}
