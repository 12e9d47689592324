package import Essentials
package import Networking
import Storage

/// The cookies of one session with the moment at which it ends. Nothing of it can be printed.
package struct BrainCookies: Hashable, Sendable {
  private struct Cookie: Hashable, Sendable {
    var name: String
    var value: SecretText
  }

  /// Whose cookies these are; they go nowhere else.
  package let origin: String
  private var cookies: [Cookie] = []
  /// When the session ends, nil where BRAIN did not say.
  package var expiry: Timestamp?
  /// What the account may do, nil where BRAIN did not say.
  package var permissions: [String]?
  /// The demand for a face that the last login met, nil where it met none.
  package var demand: Demand?

  /// A demand for a face with the moment at which it was made. A login that waits for a face goes on
  /// by the address of the demand alone, so the next process needs it.
  package struct Demand: Hashable, Sendable {
    package let persona: BrainPersona
    package let madeAt: Timestamp

    package init(_ persona: BrainPersona, at instant: Timestamp) {
      self.persona = persona
      madeAt = instant
    }
  }

  package init(origin: String) {
    self.origin = origin
  }

  package var isEmpty: Bool { cookies.isEmpty }

  /// Takes what `Set-Cookie` says (RFC 6265 section 5.2): a value replaces one of the same name, an
  /// empty one or an age of nothing removes it.
  package mutating func take(_ headers: HTTPHeaders) {
    for field in headers.all("Set-Cookie") {
      let parts = field.split(separator: ";").map { $0.drop { $0 == " " } }
      guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { continue }
      let name = String(pair[..<equals])
      let value = String(pair[equals...].dropFirst())
      cookies.removeAll { $0.name == name }
      let isOver = parts.dropFirst().contains {
        let attribute = $0.lowercased()
        return attribute == "max-age=0" || attribute.hasPrefix("max-age=-")
      }
      let unquoted = value.filter { $0 != "\"" }
      if !unquoted.isEmpty, !isOver { cookies.append(Cookie(name: name, value: SecretText(value))) }
    }
  }

  /// The field of a request, nil where there is no cookie.
  package var field: HTTPRequest.SecretField? {
    guard !cookies.isEmpty else { return nil }
    let text = cookies.map { "\($0.name)=\($0.value.revealed)" }.joined(separator: "; ")
    return HTTPRequest.SecretField("Cookie", SecretText(text))
  }

  // MARK: The file

  /// Reads a file that ``save(to:)`` wrote. One of another origin, or that cannot be understood, is as
  /// if it were not there, because a login makes it anew.
  ///
  /// - Throws: ``BrainFailure/credentialsExposed(path:mode:)`` where others may read it.
  package init(path: String, origin: String) throws(BrainFailure) {
    self.init(origin: origin)
    guard let bytes = try brainFile(WholeFile.readPrivate(path)),
      let document = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)),
      document["origin"] == .string(origin), case .array(let entries)? = document["cookies"]
    else { return }
    for entry in entries {
      guard case .string(let name)? = entry["name"], case .string(let value)? = entry["value"]
      else { continue }
      cookies.append(Cookie(name: name, value: SecretText(value)))
    }
    if case .integer(let milliseconds)? = document["expires_at_ms"] {
      expiry = Timestamp(millisecondsSinceEpoch: Int64(milliseconds))
    }
    if case .array? = document["permissions"] {
      permissions = document["permissions"].map(Row.texts)
    }
    if case .string(let text)? = document["persona"], let address = try? HTTPAddress(text),
      address.origin == origin, case .integer(let milliseconds)? = document["persona_at_ms"]
    {
      demand = Demand(
        BrainPersona(address: address),
        at: Timestamp(millisecondsSinceEpoch: Int64(milliseconds)))
    }
  }

  /// Writes the cookies with mode 0600.
  package func save(to path: String) throws(BrainFailure) {
    let document: JSONValue = [
      "origin": .string(origin),
      "expires_at_ms": expiry.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "permissions": permissions.map { .strings($0) } ?? .null,
      "persona": demand.map { .string($0.persona.actionURL) } ?? .null,
      "persona_at_ms": demand.map { .integer(Int($0.madeAt.millisecondsSinceEpoch)) } ?? .null,
      "cookies": .array(
        cookies.map { ["name": .string($0.name), "value": .string($0.value.revealed)] }),
    ]
    try brainFile(WholeFile.write(Array(document.compactText.utf8), to: path, for: .owner))
  }
}
