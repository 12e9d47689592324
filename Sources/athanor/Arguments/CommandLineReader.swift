import Essentials

/// The checked values of a command line, by the names of their definitions.
struct ParsedArguments: Sendable {
  var options: [String: [any Sendable]] = [:]
  var positionals: [String: [any Sendable]] = [:]
}

/// What a command line asks for.
enum Request: Sendable {
  /// Run the verb at `path` with these arguments.
  case run(Command, path: [String], ParsedArguments)
  /// Show the page of the command at `path`.
  case help(Command, path: [String])
}

/// Reads a command line by the definitions of its commands.
///
/// 1. Leading words name a command, and within a family, or behind a verb that has some, a member.
/// 2. `--name value`, `--name=value`, `-n value` are options, anywhere after the command's name.
/// 3. `--` ends the options. A word that starts with one dash and is longer than two characters is
///    no option: `-rank(close)` is a formula.
/// 4. An option that does not repeat is given once; a second time is a contradiction, not an update.
/// 5. `--help` and `-h` ask for the page, whatever else is wrong with the line.
struct CommandLineReader {
  private let line: CommandLineText
  private let words: [String]
  private var next = 1
  private var command: Command
  private var path: [String] = []

  private init(words: [String], root: Command) {
    self.words = words
    line = CommandLineText(words: words)
    command = root
  }

  /// Reads `arguments`, the words after the program's name.
  static func read(_ arguments: [String], by root: Command) throws(UsageFailure) -> Request {
    var reader = CommandLineReader(words: [root.name] + arguments, root: root)
    return try reader.read()
  }

  private mutating func read() throws(UsageFailure) -> Request {
    try readCommand()
    if isHelpAsked || words.count == 1 { return .help(command, path: path) }
    guard case .verb = command.body else { throw memberMissing() }
    return .run(command, path: path, try readArguments())
  }

  /// True where `--help` or `-h` stands among the words that can be options.
  private var isHelpAsked: Bool {
    words[next...].prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }

  // MARK: Rule 1

  private mutating func readCommand() throws(UsageFailure) {
    while next < words.count {
      let word = words[next]
      if word.hasPrefix("-") { break }
      guard let member = command.members.first(where: { $0.name == word }) else {
        if case .verb = command.body { break }
        let nearest = nearestName(to: word, among: command.members.map(\.name))
        throw complaint(
          "unknown_command", "there is no command `\(fullName) \(word)`", at: next,
          remedy: nearest.map { "Did you mean `\(fullName) \($0)`?" }
            ?? "See `\(fullName) --help` for the commands there are.")
      }
      command = member
      path.append(word)
      next += 1
    }
  }

  private func memberMissing() -> UsageFailure {
    if next < words.count, words[next] != "--json" {
      return unknownOption(words[next], at: next)
    }
    return complaint(
      "missing_command",
      "`\(fullName)` needs one of: \(command.members.map(\.name).joined(separator: ", "))",
      at: words.count, remedy: "See `\(fullName) --help`.")
  }

  // MARK: Rules 2 to 4

  private mutating func readArguments() throws(UsageFailure) -> ParsedArguments {
    var arguments = ParsedArguments()
    var plain: [(word: String, index: Int)] = []
    var firstUse: [String: Int] = [:]
    while next < words.count {
      let index = next
      let word = words[index]
      next += 1
      if word == "--" {
        plain += words[next...].enumerated().map { ($0.element, next + $0.offset) }
        next = words.count
      } else if Self.isOption(word) {
        let (definition, value) = try readOption(word, at: index)
        if definition.arity != .many, let first = firstUse[definition.name] {
          throw complaint(
            "repeated_option",
            "--\(definition.name) is given twice, first as `\(words[first])`", at: index,
            remedy: "Keep one of the two.")
        }
        firstUse[definition.name] = index
        arguments.options[definition.name, default: []].append(value)
      } else {
        plain.append((word, index))
      }
    }
    try readPositionals(plain, into: &arguments)
    for definition in command.options
    where definition.isRequired && arguments.options[definition.name] == nil {
      throw complaint(
        "missing_option", "`\(fullName)` needs --\(definition.name) <\(definition.placeholder)>",
        at: words.count, remedy: "It takes \(definition.expectation).")
    }
    return arguments
  }

  private static func isOption(_ word: String) -> Bool {
    if word.hasPrefix("--") { return word.count > 2 }
    guard word.hasPrefix("-"), word.count == 2, let letter = word.last else { return false }
    return letter.isLetter
  }

  private mutating func readOption(
    _ word: String, at index: Int
  ) throws(UsageFailure) -> (OptionDefinition, any Sendable) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let attached = word.hasPrefix("--") && parts.count == 2 ? String(parts[1]) : nil
    let name = attached == nil ? word : String(parts[0])
    guard
      let definition = command.options.first(where: {
        name == "--\($0.name)" || ($0.short != nil && name == "-\($0.short ?? "-")")
      })
    else { throw unknownOption(name, at: index) }

    if definition.arity == .flag {
      guard attached == nil else {
        throw complaint(
          "unexpected_value", "--\(definition.name) takes no value", at: index,
          remedy: "Write --\(definition.name) alone, or leave it out.")
      }
      return (definition, true)
    }
    var text = attached
    var place = index
    if text == nil, next < words.count, !Self.isOption(words[next]), words[next] != "--" {
      text = words[next]
      place = next
      next += 1
    }
    guard let text else {
      throw complaint(
        "missing_value", "--\(definition.name) needs a value", at: index,
        remedy: "It takes \(definition.expectation).")
    }
    guard let value = definition.read(text) else {
      throw badValue(
        "--\(definition.name)", text, definition.expectation, definition.completion, at: place)
    }
    return (definition, value)
  }

  private func readPositionals(
    _ plain: [(word: String, index: Int)], into arguments: inout ParsedArguments
  ) throws(UsageFailure) {
    var rest = plain[...]
    for definition in command.positionals {
      if rest.isEmpty {
        guard definition.isRequired else { break }
        throw complaint(
          "missing_argument", "`\(fullName)` needs <\(definition.name)>", at: words.count,
          remedy: "It takes \(definition.expectation). See `\(fullName) --help`.")
      }
      let count = definition.arity == .many ? rest.count : 1
      for (word, index) in rest.prefix(count) {
        guard let value = definition.read(word) else {
          throw badValue(
            "<\(definition.name)>", word, definition.expectation, definition.completion,
            at: index)
        }
        arguments.positionals[definition.name, default: []].append(value)
      }
      rest = rest.dropFirst(count)
    }
    if let (word, index) = rest.first {
      let dashed = "-" + word
      let isOption = command.options.contains { "--\($0.name)" == dashed }
      throw complaint(
        "unexpected_argument", "`\(fullName)` takes no further argument", at: index,
        remedy: isOption
          ? "Options are written with two dashes: \(dashed)."
          : "Put quotes around a text that has spaces. See `\(fullName) --help`.")
    }
  }

  // MARK: Complaints

  private var fullName: String { ([words[0]] + path).joined(separator: " ") }

  private func unknownOption(_ name: String, at index: Int) -> UsageFailure {
    let known = command.options.map { "--\($0.name)" }
    let nearest = nearestName(to: name, among: known)
    return complaint(
      "unknown_option", "`\(fullName)` has no option \(CommandLineText.quoted(name))", at: index,
      remedy: nearest.map { "Did you mean \($0)?" } ?? "See `\(fullName) --help`.")
  }

  private func badValue(
    _ name: String, _ text: String, _ expectation: String, _ offer: CompletionOffer, at index: Int
  ) -> UsageFailure {
    let nearest = nearestName(to: text, among: offer.words)
    return complaint(
      "bad_value", "\(name) takes \(expectation), not \(CommandLineText.quoted(text))", at: index,
      remedy: nearest.map { "Did you mean \($0)?" } ?? "See `\(fullName) --help`.")
  }

  private func complaint(
    _ code: String, _ message: String, at index: Int, remedy: String
  ) -> UsageFailure {
    UsageFailure(
      line: line,
      finding: Diagnostic(
        .error, code: code, message: message, span: line.span(ofWord: index), remedy: remedy))
  }
}
