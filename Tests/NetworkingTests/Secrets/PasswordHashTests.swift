import Networking
import Testing

@Suite("The hash of a secret")
struct PasswordHashTests {
  private let salt = (0..<16).map { UInt8($0) }

  private func hash(_ text: String, salt: [UInt8]? = nil) throws -> PasswordHash {
    try #require(PasswordHash(of: SecretText(text), salt: salt ?? self.salt, cost: .least))
  }

  @Test("a secret is recognized and no other is", arguments: ["", "a", "ath_x", "日本", "a\u{0}b"])
  func recognition(text: String) throws {
    let hash = try hash(text)
    #expect(hash.recognizes(SecretText(text)))
    for other in [text + "x", text + "\u{0}", "b", text.uppercased() + "!"] {
      #expect(!hash.recognizes(SecretText(other)), "\(other)")
    }
    let read = try #require(PasswordHash(encoded: hash.encoded))
    #expect(read == hash)
    #expect(read.cost == .least)
    #expect(read.recognizes(SecretText(text)))
  }

  @Test("the same secret has another hash with another salt, and the same with the same")
  func salts() throws {
    #expect(try hash("s") == hash("s"))
    let other = try hash("s", salt: Array(repeating: 7, count: 16))
    #expect(try hash("s") != other)
    #expect(other.recognizes(SecretText("s")))
  }

  @Test("hashes of the reference implementation of Argon2 are understood")
  func reference() throws {
    // Password "password", salt "somesalt": test vectors of the reference implementation
    // (P-H-C/phc-winner-argon2, src/test.c).
    for (terms, result, cost) in [
      ("m=65536,t=2", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", .interactive),
      (
        "m=256,t=2", "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        PasswordHash.Cost(passes: 2, memoryKiB: 256)
      ),
    ] {
      let hash = try #require(
        PasswordHash(encoded: "$argon2id$v=19$\(terms),p=1$c29tZXNhbHQ$\(result)"))
      #expect(hash.cost == cost)
      #expect(hash.recognizes(SecretText("password")))
      #expect(!hash.recognizes(SecretText("Password")))
    }
  }

  @Test(
    "what is no such hash, or would cost too much to try, is refused",
    arguments: [
      "", "$", "password", "$argon2id$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw",
      "$argon2i$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=16$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=4194304,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=8,t=4000000000,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=8,t=9,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=8,t=0,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=-8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=8,t=1,p=2$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$t=1,m=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=8,t=1,p=1$short$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0O!w$AAECAwQFBgcICQoLDA0ODw",
      "$argon2id$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw$more",
      "$argon2id$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$"
        + String(repeating: "A", count: 128),
    ])
  func refused(text: String) {
    #expect(PasswordHash(encoded: text) == nil)
  }

  @Test("a salt or a cost that cannot be used makes no hash")
  func unusable() {
    let secret = SecretText("s")
    #expect(PasswordHash(of: secret, salt: [], cost: .least) == nil)
    for cost in [
      PasswordHash.Cost(passes: 0, memoryKiB: 8), PasswordHash.Cost(passes: 1, memoryKiB: 7),
      PasswordHash.Cost(passes: 9, memoryKiB: 8),
      PasswordHash.Cost(passes: 1, memoryKiB: 1 << 30),
    ] {
      #expect(PasswordHash(of: secret, salt: salt, cost: cost) == nil)
    }
  }

  @Test("a decoy is a hash like any other, which recognizes nothing")
  func decoy() {
    let decoy = PasswordHash.decoy(cost: .least)
    #expect(PasswordHash(encoded: decoy.encoded) == decoy)
    for text in ["", "a", "\u{0}"] { #expect(!decoy.recognizes(SecretText(text))) }
  }

  @Test("neither the secret nor the hash is seen by who prints or dumps")
  func redaction() throws {
    let hash = try hash("s3cret")
    var dumped = ""
    dump([hash], to: &dumped)
    for text in ["\(hash)", String(reflecting: hash), String(describing: [hash]), dumped] {
      #expect(!text.contains("argon2") && !text.contains("s3cret"), "\(text)")
    }
  }
}
