import Essentials
import Networking
import Services

/// `athanor token create`: makes a token and prints it once.
enum TokenCreateCommand {
  private static let name = Option.required(
    "name", .text("name"), help: "What the token is called, in lists and in the journal.")
  private static let role = Option<CallerRole>.required(
    "role", .word("role"),
    help: "A viewer reads, an operator also starts and cancels work, an owner may do everything.")
  private static let expires = Option<CalendarDate?>.optional(
    "expires", .date, help: "The last day (UTC) on which it may be used; otherwise it never ends.")

  static let command: Command = Command(
    "create", summary: "Make a token and print it, this once",
    discussion: [
      """
      The token goes to standard output and nowhere else: it is not kept, and cannot be shown again. \
      Programs send it as `Authorization: Bearer <token>`; the pages ask for it.
      """
    ],
    options: [name.definition, role.definition, expires.definition] + TokenCommand.files,
    examples: [
      Command.Example(
        "athanor token create --name laptop --role viewer", "Lets a laptop read"),
      Command.Example(
        "TOKEN=$(athanor token create --name ci --role operator --expires 2030-12-31)",
        "Keeps a token in a variable of the shell"),
    ], run: create)

  private static func create(_ invocation: Invocation) throws -> Answer {
    let surroundings = invocation.surroundings
    let file = try TokenCommand.file(invocation)
    let token = AccessToken(chance: surroundings.chance)
    let salt = (0..<PasswordHash.saltBytes / 8).flatMap { _ in
      let word = surroundings.chance()
      return (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
    let grant = AccessBook.Grant(
      name: invocation[name], role: invocation[role],
      expiresAt: invocation[expires].map { Timestamp(startOf: $0.advanced(byDays: 1)) })
    let entry = try file.change { book throws(AccessFailure) in
      try book.enter(token, for: grant, salt: salt, cost: .interactive, at: surroundings.now())
    }
    return Answer(
      json: [
        "token": .string(token.text.revealed), "id": .string(entry.id),
        "name": .string(entry.name), "role": .string(entry.role.rawValue),
        "expires_at": TokenCommand.instant(entry.expiresAt), "path": .string(file.path),
      ], failure: TokenCommand.record("access.token_created", entry, invocation)
    ) { terminal in
      // A program that reads the answer wants the token alone.
      guard terminal.isTerminal else { return token.text.revealed }
      return """
        \(token.text.revealed)

        This is the only time that the token of \(entry.name) (\(entry.role.rawValue)) is shown. Its \
        hash is kept in \(file.path).
        """
    }
  }
}
