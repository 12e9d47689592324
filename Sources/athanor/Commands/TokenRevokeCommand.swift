import Essentials
import Networking
import Services

/// `athanor token revoke`: makes a token useless.
enum TokenRevokeCommand {
  private static let token = Positional.required(
    .text("token"), help: "The name or the id of the token, or the token itself.")

  static let command: Command = Command(
    "revoke", summary: "Make a token useless from this moment on",
    positionals: [token.definition], options: TokenCommand.files,
    examples: [
      Command.Example("athanor token revoke laptop", "Revokes the token of that name"),
      Command.Example("athanor token revoke 5f0c2a91d37be844", "Revokes the token of that id"),
    ], run: revoke)

  private static func revoke(_ invocation: Invocation) throws -> Answer {
    let now = invocation.surroundings.now()
    let label = label(invocation[token])
    let entry = try TokenCommand.file(invocation).change { book throws(AccessFailure) in
      try book.revoke(label, at: now)
    }
    return Answer(
      json: [
        "id": .string(entry.id), "name": .string(entry.name),
        "revoked_at": TokenCommand.instant(entry.revokedAt),
      ], failure: TokenCommand.record("access.token_revoked", entry, invocation)
    ) { _ in "The token \(entry.name) (\(entry.id)) is revoked." }
  }

  /// The name or id that is meant; what looks like a token is never said again.
  private static func label(_ text: String) -> String {
    if let token = AccessToken(SecretText(text)) { return token.id }
    return text.hasPrefix("ath_") ? SecretText.redaction : text
  }
}
