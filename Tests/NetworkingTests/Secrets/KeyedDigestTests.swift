import Networking
import Testing

@Suite("Digests under a key")
struct KeyedDigestTests {
  private func digest(_ byte: UInt8) throws -> KeyedDigest {
    try #require(KeyedDigest(key: Array(repeating: byte, count: KeyedDigest.keyBytes)))
  }

  @Test("a digest follows from the key and the secret, and from nothing else")
  func identity() throws {
    let (first, second) = (try digest(1), try digest(2))
    #expect(first.digest(of: SecretText("a")).count == 32)
    #expect(first.digest(of: SecretText("a")) == first.digest(of: SecretText("a")))
    #expect(first.digest(of: SecretText("a")) != first.digest(of: SecretText("b")))
    #expect(first.digest(of: SecretText("")) != first.digest(of: SecretText("\u{0}")))
    #expect(first.digest(of: SecretText("a")) != second.digest(of: SecretText("a")))
  }

  @Test("a key of another length is none, and no key is seen")
  func keys() throws {
    #expect(KeyedDigest(key: []) == nil)
    #expect(KeyedDigest(key: Array(repeating: 0, count: 31)) == nil)
    var dumped = ""
    dump(try digest(201), to: &dumped)
    #expect(!dumped.contains("201"))
    #expect(!"\(try digest(201))".contains("201"))
  }
}
