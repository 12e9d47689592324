/// What a request asks for: the segments of its path and the pairs of its query, decoded.
///
/// The parser accepts the origin form of RFC 9112, section 3.2.1, in valid percent-encoded UTF-8
/// without control characters. A segment `..` or `.` and an empty one are refused, so that what a
/// handler reads never climbs out of a folder.
package struct RequestTarget: Hashable, Sendable {
  /// A pair of the query.
  package struct Pair: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The decoded segments; `/` has none. A final slash is not a segment.
  package private(set) var segments: [String]
  /// The decoded pairs in their order; `+` stands for a space.
  package private(set) var query: [Pair]

  /// The most bytes of a target.
  package static let bytesMax = 8192

  /// Nil where the text is not a target.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.bytesMax, text.utf8.first == UInt8(ascii: "/") else { return nil }
    let path = text.utf8.prefix { $0 != UInt8(ascii: "?") }
    let query = text.utf8[path.endIndex...].dropFirst()
    var parts = path.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    var segments: [String] = []
    for part in parts {
      guard let segment = Self.decoded(part, plusIsSpace: false), !segment.isEmpty,
        segment != ".", segment != "..", !segment.utf8.contains(UInt8(ascii: "/"))
      else { return nil }
      segments.append(segment)
    }
    self.segments = segments
    var pairs: [Pair] = []
    for part in query.split(separator: UInt8(ascii: "&")) {
      let name = part.prefix { $0 != UInt8(ascii: "=") }
      let value = part[name.endIndex...].dropFirst()
      guard let name = Self.decoded(name, plusIsSpace: true),
        let value = Self.decoded(value, plusIsSpace: true)
      else { return nil }
      pairs.append(Pair(name, value))
    }
    self.query = pairs
  }

  /// The first value of a name, nil where the query does not have it.
  package func value(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }

  /// The path with its segments as they read, for logs.
  package var path: String { "/" + segments.joined(separator: "/") }

  private static func decoded(
    _ bytes: some Sequence<UInt8>, plusIsSpace: Bool
  ) -> String? {
    var text: [UInt8] = []
    var iterator = bytes.makeIterator()
    while var byte = iterator.next() {
      if byte == UInt8(ascii: "%") {
        guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit)
        else { return nil }
        byte = high << 4 | low
      } else if byte == UInt8(ascii: "+"), plusIsSpace {
        byte = UInt8(ascii: " ")
      }
      guard byte >= 0x20, byte != 0x7f else { return nil }
      text.append(byte)
    }
    return String(validating: text, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
