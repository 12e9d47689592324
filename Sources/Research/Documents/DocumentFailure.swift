package import Essentials

/// A JSON document that cannot be used, with everything that is wrong with it.
package struct DocumentFailure: ExplainedFailure, Hashable {
  /// What the document is, such as a path or `retrieval pack`.
  package let document: String
  /// At least one, in the order of the document.
  package let defects: [DocumentDefect]

  package init(document: String, defects: [DocumentDefect]) {
    precondition(!defects.isEmpty, "a document without a defect was called defective")
    self.document = document
    self.defects = defects
  }

  package var key: String { "bad_document" }

  package var explanation: String {
    "\(document): " + defects.map(\.explanation).joined(separator: " ")
  }

  package var remedy: String {
    var seen: Set<String> = []
    return defects.map(\.remedy).filter { seen.insert($0).inserted }.joined(separator: " ")
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
