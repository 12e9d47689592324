import Essentials

/// `athanor help`: the page of any command.
enum HelpCommand {
  private static let topic = Positional.repeated(
    .text("command"), help: "The words that name the command, such as `data import`.")

  static let command: Command = Command(
    "help", summary: "Explain a command",
    positionals: [topic.definition],
    examples: [
      Command.Example("athanor help", "Lists all commands"),
      Command.Example("athanor help completion", "Explains one of them"),
    ]
  ) { invocation in
    let names = invocation[topic]
    guard let command = Command.athanor.descendant(names) else {
      throw UnknownTopic(name: names.joined(separator: " "))
    }
    return HelpPage(command: command, path: [Command.athanor.name] + names).answer
  }
}

/// A help page of a command that does not exist.
private struct UnknownTopic: ExplainedFailure {
  let name: String

  var key: String { "unknown_command" }
  var explanation: String { "There is no command `\(Command.athanor.name) \(name)`." }
  var remedy: String {
    let known = Command.athanor.descendants.map { $0.path.joined(separator: " ") }
    return nearestName(to: name, among: known).map { "Did you mean `\($0)`?" }
      ?? "See `\(Command.athanor.name) --help` for the commands there are."
  }
  var outcome: FailureOutcome { .badConfiguration }
}
