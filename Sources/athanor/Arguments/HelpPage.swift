import Essentials

/// The page that explains a command, written from its definition.
struct HelpPage: Sendable {
  let command: Command
  /// The names that lead to the command, the program's first.
  let path: [String]

  private var name: String { path.joined(separator: " ") }

  var answer: Answer {
    Answer(json: json) { text($0) }
  }

  // MARK: For a person

  /// The page in lines of a comfortable width.
  func text(_ terminal: TerminalFacts) -> String {
    let width = terminal.textWidth
    var lines = Paragraph(command.summary + ".").lines(width: width)
    for paragraph in command.discussion {
      lines.append("")
      lines += Paragraph(paragraph).lines(width: width)
    }
    func section(_ title: String, _ entries: [(lead: String, text: String)]) {
      guard !entries.isEmpty else { return }
      lines += ["", terminal.paint.bold(title + ":")]
      let widest = entries.map { DisplayWidth.of($0.lead) }.max() ?? 0
      let indent = min(widest + 4, width / 2)
      for entry in entries {
        lines += Paragraph(entry.text).hung(
          behind: "  " + entry.lead, indent: indent, width: width)
      }
    }
    lines += ["", "\(terminal.paint.bold("Usage:")) \(usage)"]
    section("Commands", command.members.map { ($0.name, $0.summary + ".") })
    section("Arguments", command.positionals.map { ("<\($0.name)>", explained($0)) })
    section("Options", command.options.map { (lead($0), explained($0)) })
    if !command.examples.isEmpty {
      lines += ["", terminal.paint.bold("Examples:")]
      for example in command.examples {
        lines.append("  " + example.line)
        lines += Paragraph(example.effect + ".").lines(width: width - 6).map { "      " + $0 }
      }
    }
    if path.count == 1 { section("Exit codes", Self.exitCodes) }
    if !command.members.isEmpty {
      lines.append("")
      lines += Paragraph("`\(name) <command> --help` explains a command.").lines(width: width)
    }
    return lines.joined(separator: "\n")
  }

  /// The exit codes in the words of a user.
  static let exitCodes: [(lead: String, text: String)] = [
    ("0", "The command did what was asked."),
    ("1", "Something outside failed, such as a disk."),
    ("2", "The desk refused: a formula that is not allowed, data that did not pass, a gate."),
    ("3", "A person must act first."),
    ("4", "The command line, a file or a setting cannot be used."),
    ("5", "Time ran out."),
    ("6", "Stored bytes are not what was written."),
  ]

  private var usage: String {
    if case .family = command.body { return "\(name) <command> [options]" }
    let required = command.options.filter(\.isRequired)
      .map { "--\($0.name) <\($0.placeholder)>" }
    return ([name] + command.positionals.map(\.usage) + required + ["[options]"])
      .joined(separator: " ")
  }

  private func lead(_ option: OptionDefinition) -> String {
    let short = option.short.map { "-\($0), " } ?? "    "
    let value = option.arity == .flag ? "" : " <\(option.placeholder)>"
    return "\(short)--\(option.name)\(value)"
  }

  private func explained(_ option: OptionDefinition) -> String {
    var notes: [String] = []
    if option.arity != .flag { notes.append(option.expectation) }
    if let fallback = option.fallback, !fallback.isEmpty { notes.append("default \(fallback)") }
    if option.isRequired { notes.append("required") }
    if option.arity == .many { notes.append("may be repeated") }
    return option.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
  }

  private func explained(_ positional: PositionalDefinition) -> String {
    let note = positional.isRequired ? "" : "; may be left out"
    return "\(positional.help) (\(positional.expectation)\(note))"
  }

  // MARK: For a program

  private var json: JSONValue {
    [
      "command": .string(name),
      "summary": .string(command.summary),
      "usage": .string(usage),
      "discussion": .strings(command.discussion),
      "commands": .array(
        command.members.map { ["name": .string($0.name), "summary": .string($0.summary)] }),
      "arguments": .array(
        command.positionals.map {
          [
            "name": .string($0.name), "help": .string($0.help),
            "takes": .string($0.expectation), "required": .bool($0.isRequired),
          ]
        }),
      "options": .array(
        command.options.map {
          [
            "name": .string("--" + $0.name), "help": .string($0.help),
            "takes": .string($0.expectation), "required": .bool($0.isRequired),
            "default": $0.fallback.map(JSONValue.string) ?? .null,
          ]
        }),
      "examples": .array(
        command.examples.map { ["line": .string($0.line), "effect": .string($0.effect)] }),
    ]
  }
}
