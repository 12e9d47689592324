import Essentials

/// The last JSON value of a text that a program wrote, which may stand behind other lines.
struct LastValue {
  let json: JSONValue?

  /// So many lines are tried as the beginning of the value.
  private static let attemptsMax = 32

  /// Tries the whole text, its last line, then ever longer ends of it that begin with a bracket.
  init(of text: String) {
    if let value = try? JSONValue(parsing: text) {
      json = value
      return
    }
    let bytes = Array(text.utf8)
    var end = bytes.count
    var attempts = 0
    while end > 0, attempts < Self.attemptsMax {
      let start = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      if start < end, bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "[") {
        attempts += 1
        if let value = try? JSONValue(parsing: String(decoding: bytes[start...], as: UTF8.self)) {
          json = value
          return
        }
      }
      end = max(0, start - 1)
    }
    json = nil
  }
}
