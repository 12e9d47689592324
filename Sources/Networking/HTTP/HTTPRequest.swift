package import Essentials

/// One question to a server, checked when it is made.
package struct HTTPRequest: Hashable, Sendable {
  package let method: HTTPMethod
  package let address: HTTPAddress
  package let headers: HTTPHeaders
  /// Fields whose values are not to be seen, such as `Authorization`.
  package let secrets: [SecretField]
  package let body: [UInt8]
  package var limits: HTTPLimits

  /// A header field with a value that is not to be seen.
  package struct SecretField: Hashable, Sendable {
    package let name: String
    package let value: SecretText

    package init(_ name: String, _ value: SecretText) {
      self.name = name
      self.value = value
    }
  }

  /// Checks the header fields, so that no value can smuggle in another field.
  ///
  /// - Throws: ``HTTPRequestMistake`` naming the field.
  package init(
    _ method: HTTPMethod, _ address: HTTPAddress, headers: HTTPHeaders = [:],
    secrets: [SecretField] = [], body: [UInt8] = [], limits: HTTPLimits = HTTPLimits()
  ) throws(HTTPRequestMistake) {
    let fields =
      headers.fields.map { ($0.name, $0.value) } + secrets.map { ($0.name, $0.value.revealed) }
    for (name, value) in fields {
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfToken) else {
        throw .headerNameInvalid(name)
      }
      guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
        throw .headerValueInvalid(name: name)
      }
    }
    self.method = method
    self.address = address
    self.headers = headers
    self.secrets = secrets
    self.body = body
    self.limits = limits
  }

  /// The bytes of a token (RFC 9110 section 5.6.2).
  private static func isOfToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

extension HTTPRequest: CustomStringConvertible {
  package var description: String { "\(method.rawValue) \(address)" }
}

/// A header field that cannot be sent.
package enum HTTPRequestMistake: ExplainedFailure, Hashable {
  case headerNameInvalid(String)
  case headerValueInvalid(name: String)

  package var key: String { "invalid_header" }
  package var explanation: String {
    switch self {
    case .headerNameInvalid(let name): "`\(name)` is not the name of a header field."
    case .headerValueInvalid(let name):
      "The value of the header field \(name) holds a line break or a control character."
    }
  }
  package var remedy: String {
    switch self {
    case .headerNameInvalid: "Use letters, digits and hyphens."
    case .headerValueInvalid:
      "Check the variable or file that the value comes from for a stray line break."
    }
  }
  package var outcome: FailureOutcome { .badConfiguration }
}
