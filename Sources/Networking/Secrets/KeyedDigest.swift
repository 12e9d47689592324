import CSodium

/// Digests secrets under a key that lives as long as the process: BLAKE2b with a key (RFC 7693).
///
/// Who does not know the key can neither choose secrets whose digests meet nor learn one from the
/// time that it takes to look a digest up. About a microsecond each.
package struct KeyedDigest: Sendable {
  private let key: [UInt8]

  /// The bytes of a key, which are chosen by chance.
  package static let keyBytes = 32

  /// Nil where the key has not ``keyBytes`` bytes.
  package init?(key: [UInt8]) {
    guard key.count == Self.keyBytes else { return nil }
    self.key = key
  }

  /// The 32 bytes of a secret's digest.
  package func digest(of secret: SecretText) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let bytes = Array(secret.revealed.utf8)
    crypto_generichash(&digest, digest.count, bytes, UInt64(bytes.count), key, key.count)
    return digest
  }
}

extension KeyedDigest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { SecretText.redaction }
  package var debugDescription: String { SecretText.redaction }
  /// Nothing, so that `dump` cannot look inside.
  package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
