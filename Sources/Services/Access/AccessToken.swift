package import Networking

/// A token as its owner holds it: `ath_<id>_<secret>`.
///
/// The id finds the one record that the secret is tried against, and may be seen; the secret, 256 bits
/// of chance, may not.
package struct AccessToken: Hashable, Sendable {
  /// 16 hexadecimal digits.
  package let id: String
  /// 64 hexadecimal digits.
  package let secret: SecretText

  private static let prefix = "ath_"
  private static let idDigits = 16
  private static let secretDigits = 64

  /// Makes a token by chance, which gives bits that nobody can foretell.
  package init(chance: () -> UInt64) {
    id = Self.hexadecimal(chance())
    secret = SecretText((0..<4).map { _ in Self.hexadecimal(chance()) }.joined())
  }

  /// Reads a token; nil where the text is none.
  package init?(_ text: SecretText) {
    let parts = text.revealed.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] + "_" == Self.prefix,
      Self.isHexadecimal(parts[1], digits: Self.idDigits),
      Self.isHexadecimal(parts[2], digits: Self.secretDigits)
    else { return nil }
    id = String(parts[1])
    secret = SecretText(String(parts[2]))
  }

  /// The whole token, as it is sent.
  package var text: SecretText { SecretText("\(Self.prefix)\(id)_\(secret.revealed)") }

  /// The last four characters, by which its owner tells it from others.
  package var ending: String { String(secret.revealed.suffix(4)) }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  static func isHexadecimal(_ text: some StringProtocol, digits: Int) -> Bool {
    text.utf8.count == digits
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
