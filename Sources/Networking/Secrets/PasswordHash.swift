import CSodium

/// What is kept of a secret so that it can be recognized, but not found: its Argon2id hash with the
/// salt and the cost (RFC 9106), in the encoding of the reference implementation.
///
/// Recognizing takes the time and memory of the cost. The comparison at its end takes the same time
/// whatever differs (`sodium_memcmp`), and everything before it depends on nothing secret but the
/// length. Neither the secret nor the hash appears in descriptions and dumps.
package struct PasswordHash: Hashable, Sendable {
  /// What one attempt costs whoever tries.
  package struct Cost: Hashable, Sendable {
    package let passes: Int
    package let memoryKiB: Int

    /// Two passes over 64 MiB, about 50 ms: libsodium's terms for somebody who waits.
    package static let interactive = Cost(passes: 2, memoryKiB: 64 << 10)
    /// The least that the algorithm takes, for tests.
    package static let least = Cost(passes: 1, memoryKiB: 8)
    /// More is refused, so that no file makes a server use up its memory or its time.
    package static let most = Cost(passes: 8, memoryKiB: 256 << 10)

    package init(passes: Int, memoryKiB: Int) {
      self.passes = passes
      self.memoryKiB = memoryKiB
    }

    fileprivate var isUsable: Bool {
      (Self.least.passes...Self.most.passes).contains(passes)
        && (Self.least.memoryKiB...Self.most.memoryKiB).contains(memoryKiB)
    }
  }

  /// `$argon2id$v=19$m=<KiB>,t=<passes>,p=1$<salt>$<hash>`. Where it is stored, only its owner reads.
  package let encoded: String
  package let cost: Cost

  /// The bytes of a salt, which are chosen by chance for each secret.
  package static let saltBytes = Int(crypto_pwhash_SALTBYTES)
  private static let hashBytes = 32

  /// libsodium chooses the instructions of this processor; nothing else needs it.
  private static let isReady = sodium_init() >= 0

  /// Hashes a secret; nil where there is not memory enough, or salt or cost cannot be used.
  package init?(of secret: SecretText, salt: [UInt8], cost: Cost) {
    guard Self.isReady, cost.isUsable, salt.count == Self.saltBytes else { return nil }
    var hash = [UInt8](repeating: 0, count: Self.hashBytes)
    let length = secret.revealed.utf8.count
    let outcome = secret.revealed.withCString { text in
      crypto_pwhash(
        &hash, UInt64(hash.count), text, UInt64(length), salt, UInt64(cost.passes),
        cost.memoryKiB << 10, crypto_pwhash_ALG_ARGON2ID13)
    }
    guard outcome == 0 else { return nil }
    self.init(salt: salt, hash: hash, cost: cost)
  }

  /// Reads what was stored; nil where it is no such hash, or of a cost beyond ``Cost/most``.
  package init?(encoded: String) {
    let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19" else {
      return nil
    }
    let terms = parts[3].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == 3, terms[2] == "p=1", let memory = Self.number(terms[0], after: "m="),
      let passes = Self.number(terms[1], after: "t=")
    else { return nil }
    let cost = Cost(passes: passes, memoryKiB: memory)
    guard cost.isUsable, (11...64).contains(parts[4].utf8.count),
      (16...128).contains(parts[5].utf8.count),
      (parts[4] + parts[5]).utf8.allSatisfy(Self.isBase64),
      encoded.utf8.count < Int(crypto_pwhash_STRBYTES)
    else { return nil }
    self.encoded = encoded
    self.cost = cost
  }

  private init(salt: [UInt8], hash: [UInt8], cost: Cost) {
    self.cost = cost
    encoded =
      "$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.passes),p=1$\(Self.base64(salt))"
      + "$\(Self.base64(hash))"
  }

  /// A hash that no secret has, to be tried where there is none: the attempt takes as long.
  package static func decoy(cost: Cost) -> PasswordHash {
    PasswordHash(
      salt: [UInt8](repeating: 0, count: saltBytes),
      hash: [UInt8](repeating: 0, count: hashBytes), cost: cost)
  }

  /// Whether it is the hash of a secret. False also where there is not memory enough to tell.
  package func recognizes(_ secret: SecretText) -> Bool {
    guard Self.isReady else { return false }
    let length = secret.revealed.utf8.count
    return secret.revealed.withCString { text in
      encoded.withCString { crypto_pwhash_str_verify($0, text, UInt64(length)) == 0 }
    }
  }

  private static func number(_ term: Substring, after prefix: String) -> Int? {
    guard term.hasPrefix(prefix) else { return nil }
    let digits = term.dropFirst(prefix.count)
    guard digits.count <= 9, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(digits)
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING
    var text = [CChar](
      repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
    sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension PasswordHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { SecretText.redaction }
  package var debugDescription: String { SecretText.redaction }
  /// Nothing, so that `dump` cannot look inside.
  package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
