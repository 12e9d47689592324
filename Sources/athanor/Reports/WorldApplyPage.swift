import Essentials
import Worlds

/// What bringing a policy into force came to.
struct WorldApplyPage: Sendable {
  /// An instance that could not be entered.
  struct Refused: Hashable, Sendable {
    var instance: String
    var reason: String
    var remedy: String
  }

  let world: String
  let version: Int
  let fingerprint: Fingerprint
  /// Whether it is another policy than the one in force.
  let isNew: Bool
  let isFirst: Bool
  let isDry: Bool
  let diff: PolicyDiff
  let warnings: [PolicyFinding]
  let submitted: [String]
  let refused: [Refused]

  var json: JSONValue {
    [
      "world": .string(world), "version": .integer(version),
      "fingerprint": .string(fingerprint.hexadecimal), "changed": .bool(isNew),
      "created": .bool(isNew && isFirst), "dry_run": .bool(isDry),
      "diff": isNew ? diff.json : .array([]), "warnings": .array(warnings.map(\.json)),
      "submitted": .strings(submitted),
      "refused": .array(
        refused.map { item in
          [
            "instance": .string(item.instance), "reason": .string(item.reason),
            "help": .string(item.remedy),
          ]
        }),
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    func set(_ text: String) -> String {
      Paragraph(DisplayWidth.harmless(text)).lines(width: terminal.textWidth)
        .joined(separator: "\n")
    }
    var parts: [String] = warnings.map(\.rendered)
    if isNew {
      // What the first version rules is the file itself; a later one is read by what it changes.
      if !isFirst { parts.append(changes(terminal)) }
      let verb = isDry ? "would come" : "came"
      parts.append(
        set(
          isFirst
            ? "The world \(world) \(isDry ? "would be" : "was") created: version 1"
              + " (\(fingerprint.short)) \(verb) into force."
            : "Version \(version) (\(fingerprint.short)) of the world \(world) \(verb) into force."
        ))
    } else {
      parts.append(
        set(
          "Nothing changed: version \(version) (\(fingerprint.short)) of the world \(world) rules"
            + " the same."))
    }
    if !submitted.isEmpty {
      parts.append(
        (["Entered:"] + submitted.map { "  \(DisplayWidth.harmless($0))" })
          .joined(separator: "\n"))
    }
    if !refused.isEmpty {
      parts.append(
        ([terminal.paint.yellow("Not entered:")]
          + refused.flatMap { item in
            Paragraph(DisplayWidth.harmless("\(item.instance): \(item.reason)"))
              .lines(width: terminal.textWidth - 2).map { "  " + $0 }
          }
          + remedies.flatMap { remedy in
            Paragraph(DisplayWidth.harmless("= help: \(remedy)"))
              .lines(width: terminal.textWidth - 2).map { "  " + $0 }
          }).joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  /// What to do about those that were not entered, each remedy once.
  private var remedies: [String] {
    refused.reduce(into: []) { if !$0.contains($1.remedy) { $0.append($1.remedy) } }
  }

  private func changes(_ terminal: TerminalFacts) -> String {
    diff.text.split(separator: "\n").flatMap { line in
      let mark = line.prefix(1)
      let lines = Paragraph(DisplayWidth.harmless(String(line.dropFirst(2))))
        .lines(width: max(20, terminal.textWidth - 2))
      return lines.enumerated().map { place, text in
        let whole = (place == 0 ? "\(mark) " : "  ") + text
        return switch mark {
        case "+": terminal.paint.green(whole)
        case "-": terminal.paint.red(whole)
        default: terminal.paint.yellow(whole)
        }
      }
    }.joined(separator: "\n")
  }

  var answer: Answer { Answer(json: json) { text($0) } }
}
