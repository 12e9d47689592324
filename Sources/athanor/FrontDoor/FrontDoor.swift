import Essentials
import Foundation

/// The way in: reads the command line, runs the command, says its answer, and names the outcome.
///
/// Exit codes: 0 where the command did what was asked, otherwise the raw value of
/// ``FailureOutcome``. Under `--json` a failure is one JSON object on standard error whose `error`
/// names it; so it is for commands that speak to programs, unless a person sits at the terminal.
struct FrontDoor: Sendable {
  let root: Command
  let surroundings: Surroundings

  /// Serves the command line of this process and ends it.
  static func serve() -> Never {
    arrangeSignals()
    let door = FrontDoor(root: .athanor, surroundings: .live())
    exit(door.serve(Array(CommandLine.arguments.dropFirst())))
  }

  /// Serves the words after the program's name and returns the exit code.
  func serve(_ arguments: [String]) -> Int32 {
    let isJSON = arguments.prefix { $0 != "--" }.contains("--json")
    do {
      try InstructionSet.built.requirePresence()
      let answer = try self.answer(to: arguments)
      try say(answer, isJSON: isJSON)
      guard let failure = answer.failure else { return 0 }
      complain(FailureReport(failure), isJSON: isJSON || speaksToPrograms(arguments))
      return failure.outcome.rawValue
    } catch OutletFailure.readerLeft {
      return 0
    } catch {
      let report = FailureReport(error)
      complain(report, isJSON: isJSON || speaksToPrograms(arguments))
      return report.outcome.rawValue
    }
  }

  private func answer(to arguments: [String]) throws -> Answer {
    // Every program understands `--version`, whatever its commands are called.
    let words = arguments.first == "--version" ? ["version"] + arguments.dropFirst() : arguments
    switch try CommandLineReader.read(words, by: root) {
    case .help(let command, let path):
      return HelpPage(command: command, path: [root.name] + path).answer
    case .run(let command, _, let arguments):
      guard case .verb(let run) = command.body else {
        preconditionFailure("the reader asked to run the family \(command.name)")
      }
      return try run(Invocation(arguments: arguments, surroundings: surroundings))
    }
  }

  /// Whether a failure of these words is read by a program.
  private func speaksToPrograms(_ arguments: [String]) -> Bool {
    guard !surroundings.errors.terminal.isTerminal, let name = arguments.first else { return false }
    return root.members.first { $0.name == name }?.speech == .document
  }

  private func say(_ answer: Answer, isJSON: Bool) throws(OutletFailure) {
    if answer.isSaid { return }
    let text = isJSON ? answer.json.indentedText : answer.text(surroundings.output.terminal)
    try surroundings.output.write(text.hasSuffix("\n") ? text : text + "\n")
  }

  private func complain(_ report: FailureReport, isJSON: Bool) {
    let terminal = surroundings.errors.terminal
    let text = isJSON ? report.json.compactText : report.text(terminal)
    // Where nobody can be told any more, the exit code still tells.
    try? surroundings.errors.write(text + "\n")
  }
}
