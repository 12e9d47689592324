package import Essentials

/// A knowledge pack that cannot be read or written.
package enum KnowledgeFailure: ExplainedFailure, Hashable {
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

  /// At least one file is missing or holds something else.
  case unusable(folder: String, defects: [Defect])
  case notWritten(path: String, reason: String)

  package var key: String {
    switch self {
    case .unusable: "unusable_knowledge_pack"
    case .notWritten: "unwritable_file"
    }
  }

  package var explanation: String {
    switch self {
    case .unusable(let folder, let defects):
      "The knowledge pack in \(folder) cannot be used: "
        + defects.map { "\($0.file) \($0.reason)" }.joined(separator: "; ") + "."
    case .notWritten(let path, let reason): "\(path) cannot be written: \(reason)"
    }
  }

  package var remedy: String {
    switch self {
    case .unusable: "Run `athanor build-knowledge-pack`."
    case .notWritten: "Name a folder that can be written to with --output-dir."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
