/// A JSON document that cannot be used, with everything that is wrong with it.
package struct DocumentFailure: ExplainedFailure, Hashable {
  /// The key of a failure about a document that has none of its own.
  package static let usualKey = "bad_document"

  /// What the document is, such as a path or `retrieval pack`.
  package let document: String
  /// At least one, in the order of the document.
  package let defects: [DocumentDefect]
  package let key: String

  package init(document: String, defects: [DocumentDefect], key: String = usualKey) {
    precondition(!defects.isEmpty, "a document without a defect was called defective")
    self.document = document
    self.defects = defects
    self.key = key
  }

  /// A document that is wrong as a whole.
  package init(
    document: String, explanation: String, remedy: String, key: String = usualKey
  ) {
    self.init(
      document: document,
      defects: [DocumentDefect(keyPath: "", explanation: explanation, remedy: remedy)], key: key)
  }

  package var explanation: String {
    "\(document): " + defects.map(\.explanation).joined(separator: " ")
  }

  package var remedy: String {
    var seen: Set<String> = []
    return defects.map(\.remedy).filter { seen.insert($0).inserted }.joined(separator: " ")
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
