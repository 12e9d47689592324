package import Essentials

/// A text that is no address of the web.
package struct HTTPAddressMistake: ExplainedFailure, Hashable {
  /// The text without its query, or nil where it cannot be shown.
  package let text: String?
  /// What is wrong with it, as the end of a sentence.
  package let defect: String

  init(_ text: String?, _ defect: String) {
    self.text = text.map { String($0.prefix { $0 != "?" }.prefix(200)) }
    self.defect = defect
  }

  package var key: String { "invalid_address" }
  package var explanation: String {
    text.map { "The address `\($0)` \(defect)." } ?? "An address \(defect)."
  }
  package var remedy: String {
    "Write it as https://host[:port]/path; keys belong into the environment."
  }
  package var outcome: FailureOutcome { .badConfiguration }
}
