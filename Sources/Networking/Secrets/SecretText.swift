/// A text that must not be seen: a key, a password, a cookie.
///
/// Printing it, interpolating it or dumping what holds it shows `[redacted]`; only ``revealed``
/// gives the text, so that a search for that word finds every place where a secret leaves.
package struct SecretText: Hashable, Sendable {
  /// The text itself. Ask for it where it is sent, and nowhere else.
  package let revealed: String

  package init(_ text: String) {
    revealed = text
  }

  /// What stands in place of every secret.
  package static let redaction = "[redacted]"
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { Self.redaction }
  package var debugDescription: String { Self.redaction }
  /// Nothing, so that `dump` cannot look inside.
  package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
