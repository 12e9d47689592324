/// A SHA-256 digest as its 32 bytes: a ``Fingerprint`` where there are millions of them.
package struct DigestBytes: Hashable, Sendable, CustomStringConvertible {
  // Eight bytes of the digest each, in its order, the first byte in the lowest bits.
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var fourth: UInt64 = 0

  /// The number of bytes.
  package static let count = 32

  /// Lets `fill` write all bytes.
  init(filling fill: (UnsafeMutableRawBufferPointer) -> Void) {
    withUnsafeMutableBytes(of: &self) { fill($0) }
  }

  /// Copies the bytes of a digest; nil where there are not exactly 32.
  package init?(copying bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.count else { return nil }
    self.init { $0.copyMemory(from: bytes) }
  }

  /// Parses 64 hexadecimal digits in lower case; anything else is nil.
  package init?(hexadecimal text: some StringProtocol) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.count)
    var high: UInt8?
    for digit in text.utf8 {
      let value: UInt8
      switch digit {
      case 48...57: value = digit - 48
      case 97...102: value = digit - 87
      default: return nil
      }
      if let half = high {
        bytes.append(half << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    guard high == nil else { return nil }
    guard let parsed = bytes.withUnsafeBytes({ DigestBytes(copying: $0) }) else { return nil }
    self = parsed
  }

  /// Calls `body` with the 32 bytes.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(of: self) { body($0) }
  }

  /// 64 lower-case hexadecimal digits.
  package var hexadecimal: String {
    let alphabet = Array("0123456789abcdef".utf8)
    return withBytes { bytes in
      String(unsafeUninitializedCapacity: 64) { digits in
        for (place, byte) in bytes.enumerated() {
          digits[place * 2] = alphabet[Int(byte >> 4)]
          digits[place * 2 + 1] = alphabet[Int(byte & 15)]
        }
        return 64
      }
    }
  }

  package var description: String { hexadecimal }
}
