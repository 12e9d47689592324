import Essentials
import Worlds

/// What a command changed in a world.
struct WorldReceiptPage: Sendable {
  let world: String
  let entries: [WorldEntry]
  /// What is said where nothing changed.
  var unchanged = "Nothing changed: it was so already."

  var json: JSONValue {
    [
      "world": .string(world), "changed": .bool(!entries.isEmpty),
      "events": .array(
        entries.map { entry in
          let summary = entry.event.summary
          return [
            "seq": .integer(Int(entry.seq)), "at": .string("\(entry.at)"),
            "kind": .string(entry.event.kind), "actor": .string(entry.actor),
            "subject": .string(entry.event.subject), "summary": .string(summary.english),
            "summary_ko": .string(summary.korean),
          ]
        }),
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    let sentences =
      entries.isEmpty
      ? [unchanged] : entries.map(\.event.summary.english)
    return sentences.flatMap {
      Paragraph(DisplayWidth.harmless($0)).lines(width: terminal.textWidth)
    }.joined(separator: "\n")
  }

  /// The answer of the command.
  var answer: Answer { Answer(json: json) { text($0) } }
}
