import Essentials

/// What a page may do: show its own style, run its own script, and nothing else. It can load
/// nothing and send nothing.
enum ContentPolicy {
  /// Returns a Content Security Policy (W3C, level 3) that admits exactly these two texts.
  static func admitting(style: String, script: String) -> String {
    "default-src 'none'; style-src 'sha256-\(digest(style))'; "
      + "script-src 'sha256-\(digest(script))'; base-uri 'none'; form-action 'none'"
  }

  /// The SHA-256 digest in Base64 (RFC 4648, section 4), as the policy wants it.
  static func digest(_ text: String) -> String {
    let digits = Array(Fingerprint(of: text).hexadecimal.utf8).map { byte in
      byte < UInt8(ascii: "a") ? byte - UInt8(ascii: "0") : byte - UInt8(ascii: "a") + 10
    }
    let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    let alphabet = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        let index = Int(bits >> UInt32(18 - 6 * place) & 63)
        text.append(place <= group.count ? alphabet[index] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
