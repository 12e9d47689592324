/// An absolute `http` or `https` URL that was checked when it was made (RFC 3986).
///
/// It holds no user name or password, because those would be written wherever an address is.
package struct HTTPAddress: Hashable, Sendable {
  /// Whether the exchange is encrypted.
  package enum Scheme: String, Hashable, Sendable {
    case http, https
  }

  package let scheme: Scheme
  /// The host as it was written, in lower case; an IPv6 address with its brackets.
  package let host: String
  /// The port that was written, or the scheme's own: 80 or 443.
  package let port: Int
  /// The path, at least `/`, without the query.
  package let path: String
  /// What follows the question mark, without it; nil where there is none.
  package let query: String?

  /// Checks a text.
  ///
  /// - Throws: ``HTTPAddressMistake`` where the text is no absolute address of the web, holds a
  ///   character that has to be percent-encoded, or a user name. A fragment is dropped: no server
  ///   ever sees it.
  package init(_ text: String) throws(HTTPAddressMistake) {
    for byte in text.utf8 where !Self.isAllowed(byte) {
      throw HTTPAddressMistake(text, "holds a character that has to be percent-encoded")
    }
    let whole = text.prefix { $0 != "#" }
    guard let colon = whole.firstIndex(of: ":"), whole[colon...].hasPrefix("://") else {
      throw HTTPAddressMistake(text, "does not begin with https://")
    }
    guard let scheme = Scheme(rawValue: whole[..<colon].lowercased()) else {
      throw HTTPAddressMistake(text, "is neither http nor https")
    }
    let rest = whole[whole.index(colon, offsetBy: 3)...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.contains("@") else {
      throw HTTPAddressMistake(nil, "holds a user name or a password")
    }
    guard let (host, port) = Self.parts(of: authority) else {
      throw HTTPAddressMistake(text, "has no valid host and port")
    }
    let target = rest[authority.endIndex...]
    let path = target.prefix { $0 != "?" }
    self.init(
      scheme: scheme, host: host, port: port ?? scheme.port,
      path: path.isEmpty ? "/" : String(path),
      query: path.endIndex == target.endIndex ? nil : String(target[path.endIndex...].dropFirst()))
  }

  private init(scheme: Scheme, host: String, port: Int, path: String, query: String?) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
    self.query = query
  }

  /// The address as a server is asked for it.
  package var text: String {
    origin + path + (query.map { "?" + $0 } ?? "")
  }

  /// Scheme, host and port: what cookies and keys belong to. A usual port is left out.
  package var origin: String {
    "\(scheme.rawValue)://\(host)" + (port == scheme.port ? "" : ":\(port)")
  }

  /// Returns the address that a server means by `reference`, as in a `Location` header (RFC 3986
  /// section 5.2).
  package func resolving(_ reference: String) throws(HTTPAddressMistake) -> HTTPAddress {
    if reference.hasPrefix("//") { return try HTTPAddress("\(scheme.rawValue):\(reference)") }
    let head = reference.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if head.contains(":") { return try HTTPAddress(reference) }
    if reference.isEmpty || reference.hasPrefix("#") { return self }
    if reference.hasPrefix("?") { return try HTTPAddress(origin + path + reference) }
    let target = reference.prefix { $0 != "?" && $0 != "#" }
    let merged =
      target.hasPrefix("/")
      ? String(target)
      : String(path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex)) + target
    return try HTTPAddress(
      origin + Self.withoutDots(merged) + reference[target.endIndex...])
  }

  /// Returns the address with a path below its own and a query; names and values are
  /// percent-encoded, the segments of the path too.
  package func appending(
    _ segments: String..., query: [(name: String, value: String)] = []
  ) -> HTTPAddress {
    var path = path.hasSuffix("/") ? String(path.dropLast()) : path
    for segment in segments { path += "/" + Self.encoded(segment) }
    let pairs = query.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }
    return HTTPAddress(
      scheme: scheme, host: host, port: port, path: path.isEmpty ? "/" : path,
      query: pairs.isEmpty ? nil : pairs.joined(separator: "&"))
  }

  private static func parts(of authority: Substring) -> (host: String, port: Int?)? {
    var host = authority
    var port: Int?
    let closing = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[closing...].lastIndex(of: ":") {
      host = authority[..<colon]
      let digits = authority[authority.index(after: colon)...]
      guard let number = Int(digits), (1...65_535).contains(number),
        digits.utf8.allSatisfy({ (48...57).contains($0) })
      else { return nil }
      port = number
    }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let inner = isBracketed ? host.dropFirst().dropLast() : host
    let isValid = inner.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57,
        UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      case UInt8(ascii: ":"): isBracketed
      default: false
      }
    }
    return inner.isEmpty || !isValid ? nil : (host.lowercased(), port)
  }

  private static func withoutDots(_ path: String) -> String {
    var kept: [Substring] = []
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      switch segment {
      case ".": if isLast { kept.append("") }
      case "..":
        if !kept.isEmpty { kept.removeLast() }
        if isLast { kept.append("") }
      default: kept.append(segment)
      }
    }
    return "/" + kept.joined(separator: "/")
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte)
  }

  private static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57,
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        encoded += "%"
        encoded.unicodeScalars.append(digits[Int(byte >> 4)])
        encoded.unicodeScalars.append(digits[Int(byte & 15)])
      }
    }
    return encoded
  }
}

extension HTTPAddress.Scheme {
  fileprivate var port: Int { self == .http ? 80 : 443 }
}

/// Without the query, which may hold a key.
extension HTTPAddress: CustomStringConvertible {
  package var description: String { origin + path }
}
