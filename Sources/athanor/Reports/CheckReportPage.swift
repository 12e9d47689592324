import Storage

/// What a check of data found, worst first.
struct CheckReportPage: Sendable {
  let report: PanelCheckReport

  func text(_ terminal: TerminalFacts) -> String {
    let count = Table.Cell.count
    let heading =
      "\(DisplayWidth.harmless(report.subject)): \(count(report.bars).text) bars of "
      + "\(count(report.instruments).text) instruments in \(count(report.rows).text) rows"
    guard !report.findings.isEmpty else { return heading + "\n\nNothing was found." }
    let table = Table(
      [
        .text("severity"), .text("finding"), .number("count"), .text("first", narrowest: 16),
        .text("meaning", rank: 1, narrowest: 24),
      ],
      rows: report.findings.map { finding in
        [
          Table.Cell(finding.severity.name), Table.Cell(finding.kind.rawValue),
          .count(finding.count), Table.Cell(finding.examples.first?.description ?? ""),
          Table.Cell(finding.kind.meaning),
        ]
      })
    return heading + "\n\n" + table.rendered(width: terminal.width, paint: terminal.paint)
  }
}
