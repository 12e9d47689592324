import Essentials
import Storage

/// What an examination of the journal found, for a person and for a program.
struct JournalVerdictPage {
  let path: String
  let verdict: JournalVerdict
  let duration: Duration

  func text(_ terminal: TerminalFacts) -> String {
    let count = Table.Cell.count(verdict.eventsExamined).text
    let events = verdict.eventsExamined == 1 ? "1 event" : "\(count) events"
    var lines: [String] = []
    if verdict.isIntact {
      lines.append("\(terminal.paint.green("intact")): \(events) examined in \(seconds) s")
    } else {
      let findings = verdict.findings.count
      lines.append(
        "\(terminal.paint.red("changed")): \(events) examined, "
          + (findings == 1 ? "1 finding" : "\(findings) findings"))
      lines += verdict.findings.map { "  - \(DisplayWidth.harmless($0.description))" }
    }
    lines += verdict.omissions.map { "not examined: \(DisplayWidth.harmless($0))" }
    lines.append("journal \(DisplayWidth.harmless(verdict.birth.id)) since \(verdict.birth.at)")
    if verdict.archivedThrough > 0 { lines.append("archived through \(verdict.archivedThrough)") }
    lines.append("head    \(verdict.head.seq):\(verdict.head.chain)")
    return lines.joined(separator: "\n")
  }

  var json: JSONValue {
    [
      "journal": .string(path), "id": .string(verdict.birth.id),
      "created": .string("\(verdict.birth.at)"), "intact": .bool(verdict.isIntact),
      "events": .integer(verdict.eventsExamined),
      "archivedThrough": .integer(Int(verdict.archivedThrough)),
      "head": [
        "seq": .integer(Int(verdict.head.seq)), "chain": .string(verdict.head.chain.hexadecimal),
      ],
      "findings": .array(
        verdict.findings.map { finding in
          [
            "finding": .string(finding.key),
            "seq": finding.seq.map { .integer(Int($0)) } ?? .null,
            "description": .string(finding.description),
          ]
        }),
      "omissions": .strings(verdict.omissions),
    ]
  }

  /// With two decimals.
  private var seconds: String {
    let (seconds, attoseconds) = duration.components
    return Table.Cell.number(Double(seconds) + Double(attoseconds) * 1e-18).text
  }
}
