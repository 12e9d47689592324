import Essentials
import Foundation
import Glibc
package import Networking
import Storage

/// The account of BRAIN. Printing it shows neither the password nor the e-mail address.
package struct BrainCredentials: Hashable, Sendable {
  /// The variables that are asked first.
  package static let emailVariable = "BRAIN_CREDENTIAL_EMAIL"
  package static let passwordVariable = "BRAIN_CREDENTIAL_PASSWORD"
  /// The file below a home folder that is asked last.
  package static let usualFile = ".brain_credentials"

  package let email: SecretText
  package let password: SecretText

  package init(email: SecretText, password: SecretText) {
    self.email = email
    self.password = password
  }

  /// Finds the account: in `BRAIN_CREDENTIAL_EMAIL` and `_PASSWORD`, else in `BRAIN_EMAIL` and
  /// `_PASSWORD`, else in the file.
  ///
  /// - Throws: ``BrainFailure`` where there is none, where others may read the file, or where it
  ///   holds something else than `["email", "password"]`.
  package static func find(
    environment: [String: String], path: String
  ) throws(BrainFailure) -> BrainCredentials {
    for (email, password) in [
      (emailVariable, passwordVariable), ("BRAIN_EMAIL", "BRAIN_PASSWORD"),
    ] {
      if let email = environment[email], let password = environment[password], !email.isEmpty,
        !password.isEmpty
      {
        return BrainCredentials(email: SecretText(email), password: SecretText(password))
      }
    }
    return try read(path: path)
  }

  /// Reads the file.
  package static func read(path: String) throws(BrainFailure) -> BrainCredentials {
    guard let bytes = try brainFile(WholeFile.readPrivate(path)) else {
      throw .noCredentials(path: path)
    }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw .credentialsMalformed(path: path, reason: "it is no JSON")
    }
    guard case .array(let parts) = value, parts.count == 2, case .string(let email) = parts[0],
      case .string(let password) = parts[1], !email.isEmpty, !password.isEmpty
    else {
      throw .credentialsMalformed(path: path, reason: "it is not [\"email\", \"password\"]")
    }
    return BrainCredentials(email: SecretText(email), password: SecretText(password))
  }

  /// Writes the file with mode 0600, in place of one that may be there.
  package func save(to path: String) throws(BrainFailure) {
    let document = JSONValue.strings([email.revealed, password.revealed])
    try brainFile(WholeFile.write(Array((document.compactText + "\n").utf8), to: path, for: .owner))
  }

  /// What HTTP calls Basic authentication (RFC 7617).
  var authorization: SecretText {
    let pair = Data("\(email.revealed):\(password.revealed)".utf8)
    return SecretText("Basic \(pair.base64EncodedString())")
  }
}
