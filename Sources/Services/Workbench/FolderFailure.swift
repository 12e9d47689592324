package import Essentials

/// A folder that the desk needs and does not find.
package enum FolderFailure: ExplainedFailure, Hashable {
  /// Nothing says where panels are kept.
  case noStore
  /// Nothing says where the journal is kept.
  case noJournalPath
  /// `ATHANOR_EXAMPLES` names no folder.
  case examplesNotThere(path: String)
  /// The examples are needed, and nobody said where they are.
  case noExamples(what: String)
  /// `ATHANOR_PAGES` names no folder.
  case pagesNotThere(path: String)

  package var key: String {
    switch self {
    case .noStore: "no_store"
    case .noJournalPath: "no_journal_path"
    case .examplesNotThere, .noExamples: "no_examples"
    case .pagesNotThere: "no_pages"
    }
  }

  package var explanation: String {
    switch self {
    case .noStore:
      "Nothing says where panels are kept: ATHANOR_HOME, XDG_DATA_HOME and HOME are all unset."
    case .noJournalPath:
      """
      Nothing says where the journal is kept: ATHANOR_JOURNAL, ATHANOR_HOME, XDG_DATA_HOME and HOME \
      are all unset.
      """
    case .examplesNotThere(let path): "ATHANOR_EXAMPLES names \(path), which is no folder."
    case .pagesNotThere(let path): "ATHANOR_PAGES names \(path), which is no folder."
    case .noExamples(let what):
      "\(what) come with the program, but no folder Examples lies above the program."
    }
  }

  package var remedy: String {
    switch self {
    case .noStore: "Name a folder with --store."
    case .noJournalPath: "Name a file with --journal."
    case .examplesNotThere, .noExamples:
      "Set ATHANOR_EXAMPLES to the folder Examples of a checkout."
    case .pagesNotThere: "Set ATHANOR_PAGES to the folder Web of a checkout."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
