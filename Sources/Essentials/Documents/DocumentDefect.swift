/// Something in a JSON document that cannot be used.
package struct DocumentDefect: Hashable, Sendable, CustomStringConvertible {
  /// The way to the value, such as `rank_files[0].path`; empty for the document as a whole.
  package let keyPath: String
  /// What is wrong, in one sentence that begins with the key.
  package let explanation: String
  package let remedy: String

  package init(keyPath: String, explanation: String, remedy: String) {
    self.keyPath = keyPath
    self.explanation = explanation
    self.remedy = remedy
  }

  package var description: String { "\(explanation) \(remedy)" }
}
