package import Essentials
package import Storage

/// What can go wrong with the book of tokens.
package enum AccessFailure: ExplainedFailure, Hashable {
  case file(FileFailure)
  /// The file is not a book, or not one of this program.
  case document(DocumentFailure)
  case unusableName(String)
  case nameTaken(String)
  case expiryPassed(Timestamp)
  case idTaken
  case bookFull(entries: Int)
  case noMemory(kibibytes: Int)
  case noSuchToken(String, known: [String])
  case revokedAlready(String)

  package var key: String {
    switch self {
    case .file(let failure): failure.key
    case .document: "bad_access_book"
    case .unusableName: "unusable_token_name"
    case .nameTaken: "token_name_taken"
    case .expiryPassed: "token_expiry_passed"
    case .idTaken: "token_id_taken"
    case .bookFull: "access_book_full"
    case .noMemory: "no_memory"
    case .noSuchToken: "no_such_token"
    case .revokedAlready: "token_revoked_already"
    }
  }

  package var explanation: String {
    switch self {
    case .file(let failure): failure.explanation
    case .document(let failure): failure.explanation
    case .unusableName(let name): "\"\(name)\" cannot be the name of a token."
    case .nameTaken(let name): "There is a token named \(name) already."
    case .expiryPassed(let instant): "The token would have expired at \(instant) already."
    case .idTaken: "The id that was chosen by chance belongs to another token."
    case .bookFull(let entries): "The book holds \(entries) tokens, which is its limit."
    case .noMemory(let kibibytes):
      "There are not \(kibibytes) KiB of memory free, which hashing a token takes."
    case .noSuchToken(let label, let known):
      known.isEmpty
        ? "There is no token \(label); there is none at all that is not revoked."
        : "There is no token \(label)."
    case .revokedAlready(let label): "The token \(label) is revoked already."
    }
  }

  package var remedy: String {
    switch self {
    case .file(let failure): failure.remedy
    case .document(let failure): failure.remedy
    case .unusableName:
      "Choose 1 to \(AccessBook.nameLengthMax) printable characters other than "
        + "\"\(DeskGuard.loopbackName)\"."
    case .nameTaken(let name): "Choose another name, or revoke \(name) first."
    case .expiryPassed: "Name a later day."
    case .idTaken: "Try again."
    case .bookFull: "Move the file aside and make the tokens anew that are still needed."
    case .noMemory: "Try again when other programs have ended."
    case .noSuchToken(let label, let known):
      nearestName(to: label, among: known).map { "Did you mean \($0)?" }
        ?? "`athanor token list` names all there are."
    case .revokedAlready: "Nothing is left to be done."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .file(let failure): failure.outcome
    case .document, .unusableName, .expiryPassed, .noSuchToken: .badConfiguration
    case .nameTaken, .bookFull, .revokedAlready: .refused
    case .idTaken, .noMemory: .failed
    }
  }
}
