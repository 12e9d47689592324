import Essentials
import Testing

@Suite("Fingerprints")
struct FingerprintTests {
  /// The examples of FIPS 180-4 that NIST publishes for SHA-256.
  @Test(
    "published texts have their published digests",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func published(_ text: String, _ digest: String) {
    let fingerprint = Fingerprint(of: text)
    #expect(fingerprint.hexadecimal == digest)
    #expect(fingerprint.description == digest)
    #expect(fingerprint.short == String(digest.prefix(12)))
  }

  @Test("a text that is absorbed in pieces has the fingerprint of the whole")
  func pieces() {
    var digest = FingerprintDigest()
    for piece in ["ran", "", "k(clo", "se", ")"] { digest.absorb(piece) }
    #expect(digest.finish() == Fingerprint(of: "rank(close)"))
    let bytes = Array("rank(close)".utf8)
    #expect(bytes.withUnsafeBytes { Fingerprint(of: $0) } == Fingerprint(of: "rank(close)"))
  }

  @Test("hexadecimal digits of either case are read back, anything else is refused")
  func reading() {
    let fingerprint = Fingerprint(of: "abc")
    #expect(Fingerprint(hexadecimal: fingerprint.hexadecimal) == fingerprint)
    #expect(Fingerprint(hexadecimal: fingerprint.hexadecimal.uppercased()) == fingerprint)
    #expect(Fingerprint(hexadecimal: String(fingerprint.hexadecimal.dropLast())) == nil)
    #expect(Fingerprint(hexadecimal: fingerprint.hexadecimal + "0") == nil)
    #expect(Fingerprint(hexadecimal: String(repeating: "g", count: 64)) == nil)
    #expect(Fingerprint(hexadecimal: "") == nil)
  }

  @Test("fingerprints are ordered by their digits")
  func order() throws {
    let low = try #require(Fingerprint(hexadecimal: String(repeating: "0", count: 64)))
    let high = try #require(Fingerprint(hexadecimal: String(repeating: "f", count: 64)))
    #expect(low < high && !(high < low))
  }
}
