package import Essentials
import Foundation
package import Networking
import Storage

/// A key of a provider, and where it was found. No text about it shows it.
package struct APIKey: Hashable, Sendable, CustomStringConvertible {
  package let secret: SecretText
  /// The environment variable or the file that held it.
  package let source: String

  /// Checks a text: a key is one word of printable ASCII.
  package init(_ text: String, source: String) throws(APIKeyFailure) {
    let word = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !word.isEmpty else { throw .empty(source: source) }
    guard word.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .malformed(source: source)
    }
    secret = SecretText(word)
    self.source = source
  }

  package var description: String { "the key of \(source)" }

  /// Finds the key of a variable: in the environment, else in the file that `<variable>_FILE` names.
  ///
  /// A variable that is empty counts as one that is not set. Nil where there is neither.
  package static func find(
    _ variable: String, in environment: [String: String]
  ) throws(APIKeyFailure) -> APIKey? {
    if let text = environment[variable], !text.isEmpty {
      return try APIKey(text, source: variable)
    }
    guard let path = environment[variable + "_FILE"], !path.isEmpty else { return nil }
    return try APIKey(file: path)
  }

  /// No key is longer.
  private static let bytesMax = 4_096

  /// Reads a key from a file that its owner alone may read.
  package init(file path: String) throws(APIKeyFailure) {
    let bytes: [UInt8]?
    do throws(FileFailure) {
      bytes = try WholeFile.readPrivate(path, bytesMax: Self.bytesMax)
    } catch {
      throw APIKeyFailure(error, path: path)
    }
    guard let bytes else { throw .unreadable(path: path, reason: "there is no such file") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed(source: path)
    }
    try self.init(text, source: path)
  }
}

extension APIKey {
  /// Shorter words are placeholders of local servers, such as `EMPTY`, and no secrets.
  private static let secretLengthMin = 8

  private var isSecret: Bool { secret.revealed.utf8.count >= Self.secretLengthMin }

  /// Returns the text without the key, which a server may have sent back.
  package func masking(_ text: String) -> String {
    isSecret ? text.replacing(secret.revealed, with: SecretText.redaction) : text
  }

  /// Returns the document with the key masked in all texts and names.
  package func masking(_ document: JSONValue) -> JSONValue {
    switch document {
    case .string(let text): .string(masking(text))
    case .array(let elements): .array(elements.map(masking))
    case .object(let members):
      .object(members.map { JSONValue.Member(masking($0.name), masking($0.value)) })
    default: document
    }
  }

  /// Returns the chunks of a body with an asterisk for every byte of the key, also where the key
  /// stands across their ends.
  package func masking(_ chunks: [[UInt8]]) -> [[UInt8]] {
    var body = Array(chunks.joined())
    let key = Array(secret.revealed.utf8)
    guard isSecret, body.count >= key.count else { return chunks }
    var place = 0
    while place <= body.count - key.count {
      if body[place] == key[0], body[place..<(place + key.count)].elementsEqual(key) {
        for index in place..<(place + key.count) { body[index] = UInt8(ascii: "*") }
        place += key.count
      } else {
        place += 1
      }
    }
    var rest = body[...]
    return chunks.map { chunk in
      defer { rest = rest.dropFirst(chunk.count) }
      return Array(rest.prefix(chunk.count))
    }
  }
}

/// A key that cannot be used. No case holds the key.
package enum APIKeyFailure: ExplainedFailure, Hashable {
  case empty(source: String)
  case malformed(source: String)
  case unreadable(path: String, reason: String)
  case readableByOthers(path: String, mode: UInt32)
  case ownedByAnother(path: String)

  fileprivate init(_ failure: FileFailure, path: String) {
    self =
      switch failure {
      case .readableByOthers(_, let mode): .readableByOthers(path: path, mode: mode)
      case .ownedByAnother: .ownedByAnother(path: path)
      case .unreadable(_, let reason): .unreadable(path: path, reason: reason)
      case .tooLong: .malformed(source: path)
      case .unwritable, .truncated, .corrupt:
        .unreadable(path: path, reason: failure.explanation)
      }
  }

  package var key: String { "unusable_key" }

  package var explanation: String {
    switch self {
    case .empty(let source): "The key of \(source) is empty."
    case .malformed(let source): "The key of \(source) is not one word of printable ASCII."
    case .unreadable(let path, let reason): "The key file \(path) cannot be read: \(reason)."
    case .readableByOthers(let path, let mode):
      "The key file \(path) has the mode 0\(String(mode, radix: 8)), so others may read it."
    case .ownedByAnother(let path): "The key file \(path) belongs to somebody else."
    }
  }

  package var remedy: String {
    switch self {
    case .empty, .malformed: "Put the key alone there, without quotes or line breaks inside."
    case .unreadable: "Check the path and the permissions."
    case .readableByOthers(let path, _):
      "Run `chmod 600 \(path)`, and replace the key if others may have read it."
    case .ownedByAnother: "Use a key file of your own."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
