import Essentials
import Testing

@Suite("Digests as bytes")
struct DigestBytesTests {
  @Test("they are the bytes of the fingerprint, in its order")
  func order() throws {
    for text in ["", "abc", String(repeating: "x", count: 1000)] {
      let digest = Array(text.utf8).withUnsafeBytes { DigestBytes(of: $0) }
      #expect(digest.hexadecimal == Fingerprint(of: text).hexadecimal)
      #expect(DigestBytes(hexadecimal: digest.hexadecimal) == digest)
      let bytes = digest.withBytes(Array.init)
      #expect(bytes.count == DigestBytes.count)
      #expect(bytes.withUnsafeBytes { DigestBytes(copying: $0) } == digest)
    }
  }

  @Test(
    "anything but 64 small hexadecimal digits is refused",
    arguments: [
      "", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
      String(repeating: "G", count: 64), String(repeating: "A", count: 64),
      String(repeating: "0", count: 66),
    ])
  func refused(text: String) {
    #expect(DigestBytes(hexadecimal: text) == nil)
  }

  @Test("bytes of another number are refused")
  func count() {
    #expect([UInt8](repeating: 0, count: 31).withUnsafeBytes { DigestBytes(copying: $0) } == nil)
  }
}
