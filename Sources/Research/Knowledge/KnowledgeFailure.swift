package import Essentials

/// A knowledge pack that cannot be read: every file that is missing or holds something else.
package struct KnowledgeFailure: ExplainedFailure, Hashable {
  /// What is wrong with one file.
  package struct Defect: Hashable, Sendable {
    /// The name of the file in its folder.
    package let file: String
    /// Completes the sentence "the file ...".
    package let reason: String

    package init(file: String, reason: String) {
      (self.file, self.reason) = (file, reason)
    }
  }

  package let folder: String
  /// At least one, in the order of ``KnowledgeFile``.
  package let defects: [Defect]

  package init(folder: String, defects: [Defect]) {
    (self.folder, self.defects) = (folder, defects)
  }

  package var key: String { "unusable_knowledge_pack" }

  package var explanation: String {
    "The knowledge pack in \(folder) cannot be used: "
      + defects.map { "\($0.file) \($0.reason)" }.joined(separator: "; ") + "."
  }

  package var remedy: String { "Run `athanor build-knowledge-pack`." }

  package var outcome: FailureOutcome { .badConfiguration }
}
