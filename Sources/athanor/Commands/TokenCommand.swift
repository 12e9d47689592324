import Essentials
import Foundation
import Networking
import Services
import Storage

/// `athanor token`: who may use the desk's server.
enum TokenCommand {
  private static let access = Option<String?>.optional(
    "access", .file(), help: "The file of tokens; otherwise access.json beside the journal.")

  /// The options by which every command of the family finds its files.
  static let files = [access.definition, JournalOptions.journal.definition]

  static let command: Command = Command(
    family: "token", summary: "Give out, list and revoke the tokens of the desk's server",
    discussion: [
      """
      A viewer reads, an operator also starts and cancels work, and an owner may do everything. \
      Of a token only a hash is kept, in a file that only you may read; a revocation holds at once, \
      also for a server that is running.
      """
    ],
    examples: [
      Command.Example(
        "athanor token create --name laptop --role operator", "Makes a token and prints it once"),
      Command.Example("athanor token revoke laptop", "Makes it useless"),
    ],
    members: [
      TokenCreateCommand.command, TokenListCommand.command, TokenRevokeCommand.command,
    ])

  /// The file of tokens that the command line and the environment name.
  static func file(_ invocation: Invocation) throws -> AccessFile {
    if let path = invocation[access] { return AccessFile(path: path) }
    return AccessFile(besideJournal: try invocation.journalPath())
  }

  /// Records what was done with a token, where there is a journal. What goes wrong is returned, since
  /// it is done already.
  static func record(
    _ kind: String, _ entry: AccessBook.Entry, _ invocation: Invocation
  ) -> JournalFailure? {
    guard let path = try? invocation.journalPath(), FileManager.default.fileExists(atPath: path)
    else { return nil }
    do throws(JournalFailure) {
      try Journal.open(path: path, access: invocation.journalWriting).append(
        JournalDraft(
          kind, at: invocation.surroundings.now(), subject: entry.id,
          payload: [
            "token_id": .string(entry.id), "name": .string(entry.name),
            "role": .string(entry.role.rawValue),
            "expires_at": instant(entry.expiresAt),
          ]))
      return nil
    } catch {
      return error
    }
  }

  /// An instant for programs, null where there is none.
  static func instant(_ time: Timestamp?) -> JSONValue {
    time.map { .string("\($0)") } ?? .null
  }
}
