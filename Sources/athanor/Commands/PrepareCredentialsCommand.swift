import Essentials
import Networking
import Research

/// `athanor prepare-credentials`: writes the file of a BRAIN account.
enum PrepareCredentialsCommand {
  private static let email = Option<String?>.optional(
    "email", .text("address"), help: "The account's e-mail address; otherwise it is asked for.")
  private static let password = Option<String?>.optional(
    "password", .text("password"),
    help: "The password. Others on this machine may see it; better let it be asked for.")
  private static let path = Option<String?>.optional(
    "path", .file(), help: "The file to write, in place of the usual one.")

  static let command: Command = Command(
    "prepare-credentials", summary: "Write the file of a WorldQuant BRAIN account",
    discussion: [
      """
      The file, usually ~/.brain_credentials, holds the e-mail address and the password as a JSON \
      array, and only you may read it. \
      What is not given is asked for at the terminal, where the password is not shown, or else read \
      from standard input, one line each. Nothing is sent anywhere.
      """
    ],
    options: [email.definition, password.definition, path.definition],
    examples: [
      Command.Example("athanor prepare-credentials", "Asks for both"),
      Command.Example(
        "athanor prepare-credentials --email me@example.com < password.txt",
        "Reads the password from a file"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    var lines = try Lines(invocation)
    let email = try invocation[email] ?? lines.next("E-mail address: ", .shown)
    let password = try invocation[password] ?? lines.next("Password: ", .hidden)
    let path = invocation[path] ?? invocation.brainAccountFile
    guard !email.isEmpty, !password.isEmpty else { throw AccountNotGiven() }
    try BrainCredentials(email: SecretText(email), password: SecretText(password)).save(to: path)
    return Answer(json: ["saved": .string(path)]) { _ in
      "The account is saved in \(path), which only you may read."
    }
  }

  /// The lines that a person types or standard input holds.
  private struct Lines {
    private let person: Questioner?
    private var rest: [Substring]

    init(_ invocation: Invocation) throws {
      person = invocation.surroundings.person
      rest = []
      let isComplete =
        invocation[PrepareCredentialsCommand.email] != nil
        && invocation[PrepareCredentialsCommand.password] != nil
      if person == nil, !isComplete {
        let bytes = try invocation.surroundings.input.read(1 << 16)
        rest = String(decoding: bytes, as: UTF8.self).split(
          omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      }
    }

    mutating func next(_ question: String, _ echo: Questioner.Echo) throws -> String {
      if let person {
        guard let line = person.ask(question, echo) else { throw AccountNotGiven() }
        return line
      }
      guard !rest.isEmpty else { throw AccountNotGiven() }
      return String(rest.removeFirst())
    }
  }
}

/// An account of which a part is missing.
struct AccountNotGiven: ExplainedFailure, Hashable {
  var key: String { "account_not_given" }
  var explanation: String { "The e-mail address or the password was not given." }
  var remedy: String {
    "Type them when they are asked for, or write both to standard input, one line each."
  }
  var outcome: FailureOutcome { .badConfiguration }
}
