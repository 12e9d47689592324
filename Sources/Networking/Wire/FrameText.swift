/// Writes the frames of a server's side of a WebSocket (RFC 6455, section 5.2), which are not masked.
enum FrameText {
  /// The most bytes that stand before a payload.
  static let headerBytesMax = 10

  /// The bytes of a text frame's header and payload.
  static func size(payload: Int) -> Int {
    payload + (payload < 126 ? 2 : payload <= 0xffff ? 4 : 10)
  }

  static func appendText(_ payload: [UInt8], to bytes: inout [UInt8]) {
    append(0x81, payload, to: &bytes)
  }

  static func appendPing(to bytes: inout [UInt8]) {
    append(0x89, [], to: &bytes)
  }

  static func appendPong(_ payload: [UInt8], to bytes: inout [UInt8]) {
    append(0x8a, payload, to: &bytes)
  }

  /// A close frame; the reason is cut to what fits into a control frame, between characters.
  static func appendClose(_ code: UInt16?, _ reason: String, to bytes: inout [UInt8]) {
    guard let code else { return append(0x88, [], to: &bytes) }
    var payload = [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)]
    for character in reason.unicodeScalars {
      let encoded = Array(String(character).utf8)
      guard payload.count + encoded.count <= 125 else { break }
      payload += encoded
    }
    append(0x88, payload, to: &bytes)
  }

  private static func append(_ first: UInt8, _ payload: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(first)
    let count = payload.count
    if count < 126 {
      bytes.append(UInt8(count))
    } else if count <= 0xffff {
      bytes.append(126)
      bytes.append(UInt8(count >> 8))
      bytes.append(UInt8(count & 0xff))
    } else {
      bytes.append(127)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: count >> shift))
      }
    }
    bytes.append(contentsOf: payload)
  }
}
