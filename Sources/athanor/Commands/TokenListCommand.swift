import Essentials
import Networking
import Services

/// `athanor token list`: which tokens there are.
enum TokenListCommand {
  static let command: Command = Command(
    "list", summary: "List the tokens that were given out, with their roles and states",
    options: TokenCommand.files,
    examples: [
      Command.Example("athanor token list", "Lists them all, the revoked ones too"),
      Command.Example("athanor token list --json", "Lists them for a program"),
    ], run: list)

  private static func list(_ invocation: Invocation) throws -> Answer {
    let entries = try TokenCommand.file(invocation).read().entries
    let now = invocation.surroundings.now()
    return Answer(json: .array(entries.map { json($0, at: now) })) {
      text(of: entries, at: now, $0)
    }
  }

  private static func text(
    of entries: [AccessBook.Entry], at now: Timestamp, _ terminal: TerminalFacts
  ) -> String {
    guard !entries.isEmpty else { return "No token was given out." }
    var table = Table([
      .text("Name"), .text("Role"), .text("State"), .text("Id"), .text("Ends in", rank: 4),
      .text("Created", rank: 3), .text("Expires", rank: 2), .text("Revoked", rank: 1),
    ])
    for entry in entries {
      func cell(_ instant: Timestamp?) -> Table.Cell {
        instant.map { Table.Cell("\($0)") } ?? .missing
      }
      table.add([
        Table.Cell(entry.name), Table.Cell(entry.role.rawValue), Table.Cell(entry.state(at: now)),
        Table.Cell(entry.id), Table.Cell(entry.ending), cell(entry.createdAt),
        cell(entry.expiresAt), cell(entry.revokedAt),
      ])
    }
    return table.rendered(width: terminal.width, paint: terminal.paint)
  }

  private static func json(_ entry: AccessBook.Entry, at now: Timestamp) -> JSONValue {
    [
      "id": .string(entry.id), "name": .string(entry.name), "role": .string(entry.role.rawValue),
      "state": .string(entry.state(at: now)), "ending": .string(entry.ending),
      "created_at": TokenCommand.instant(entry.createdAt),
      "expires_at": TokenCommand.instant(entry.expiresAt),
      "revoked_at": TokenCommand.instant(entry.revokedAt),
    ]
  }
}
