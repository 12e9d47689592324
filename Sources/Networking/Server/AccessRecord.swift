package import Essentials

/// A request that was answered, for the access log.
///
/// It never holds a query, a header or a body, because those hold tokens and texts of people.
package struct AccessRecord: Hashable, Sendable {
  package var at: Timestamp
  /// The address of the client.
  package var peer: String
  package var method: HTTPMethod?
  /// The decoded path, nil where the request was no HTTP.
  package var path: String?
  /// The pattern of the route, nil where there is none.
  package var pattern: String?
  /// 101 for a WebSocket that was opened.
  package var status: Int
  /// What was sent, with the header.
  package var bytes: Int
  /// From the end of the request to the answer, without its way through the wire.
  package var milliseconds: Double
  /// The name of the caller, nil for nobody.
  package var caller: String?
  /// The type of an unforeseen failure that was answered with 500, never its text.
  package var cause: String?

  package init(
    at: Timestamp, peer: String, method: HTTPMethod?, path: String?, pattern: String?, status: Int,
    bytes: Int, milliseconds: Double, caller: String?, cause: String? = nil
  ) {
    self.at = at
    self.peer = peer
    self.method = method
    self.path = path
    self.pattern = pattern
    self.status = status
    self.bytes = bytes
    self.milliseconds = milliseconds
    self.caller = caller
    self.cause = cause
  }

  /// One line: instant, peer, caller, method, path, status, bytes, milliseconds, and the cause where
  /// there is one. What is missing is
  /// `-`; characters of the path that could end the line or look like another field are
  /// percent-encoded.
  package var line: String {
    let words =
      [
        at.description, peer, caller.map(Self.plain) ?? "-", method?.rawValue ?? "-",
        path.map(Self.plain) ?? "-", String(status), String(bytes), "\(rounded)ms",
      ] + (cause.map { [Self.plain($0)] } ?? [])
    return words.joined(separator: " ")
  }

  /// The same as a JSON object.
  package var json: JSONValue {
    [
      "at": .string(at.description), "peer": .string(peer),
      "method": method.map { .string($0.rawValue) } ?? .null,
      "path": path.map { .string($0) } ?? .null, "route": pattern.map { .string($0) } ?? .null,
      "status": .integer(status), "bytes": .integer(bytes), "ms": .number(rounded),
      "caller": caller.map { .string($0) } ?? .null,
      "cause": cause.map { .string($0) } ?? .null,
    ]
  }

  /// Microseconds are as fine as the clock is true.
  private var rounded: Double { (milliseconds * 1000).rounded() / 1000 }

  private static func plain(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte > Characters.space, byte < 0x7f, byte != UInt8(ascii: "%") {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
