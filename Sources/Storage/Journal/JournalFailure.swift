package import Essentials

/// What can go wrong with the journal.
package enum JournalFailure: ExplainedFailure, Hashable {
  case file(FileFailure)
  case database(DatabaseFailure)
  case noJournal(path: String)
  /// An SQLite file of another program.
  case foreignFile(path: String)
  /// Written by a later version of the program.
  case newerFormat(path: String, found: Int, known: Int)
  /// Written by an earlier version and only opened for reading.
  case olderFormat(path: String, found: Int, known: Int)
  /// A read model's tables are not there or of another version, and it was only opened for reading.
  case olderTables(path: String, model: String)
  /// Another process did not end its commit within the patience of this opening.
  case heldByAnotherWriter(path: String)
  /// What was claimed another opening of the journal has; `work` follows on "Another process is".
  case claimed(path: String, work: String)
  case openedForReading(path: String)
  /// What was to be recorded cannot be: one sentence says why.
  case unusableDraft(kind: String, reason: String)
  /// A read model does not admit the event, and nothing was recorded.
  case refused(model: String, reason: String)
  /// A read model must be built from events that were archived, and their file is not there.
  case archiveMissing(path: String)
  case archiveDamaged(path: String, reason: String)
  /// Events that cannot be cut off: one sentence says why.
  case unusableCut(reason: String)
  /// The content is not what was written.
  case integrity(path: String, finding: JournalFinding)

  package var key: String {
    switch self {
    case .file(let failure): failure.key
    case .database(let failure): failure.key
    case .noJournal: "no_journal"
    case .foreignFile: "not_a_journal"
    case .newerFormat: "newer_journal"
    case .olderFormat: "older_journal"
    case .olderTables: "older_journal"
    case .heldByAnotherWriter: "journal_held"
    case .claimed: "journal_claimed"
    case .openedForReading: "journal_opened_for_reading"
    case .unusableDraft: "unusable_event"
    case .refused: "event_refused"
    case .archiveMissing: "archive_missing"
    case .archiveDamaged: "archive_damaged"
    case .unusableCut: "unusable_cut"
    case .integrity: "journal_violated"
    }
  }

  package var explanation: String {
    switch self {
    case .file(let failure): failure.explanation
    case .database(let failure): failure.explanation
    case .noJournal(let path): "There is no journal \(path)."
    case .foreignFile(let path): "\(path) is a database of another program, not a journal."
    case .newerFormat(let path, let found, let known):
      "The journal \(path) has format \(found); this program knows formats up to \(known)."
    case .olderFormat(let path, let found, let known):
      "The journal \(path) has format \(found) and was not yet brought to format \(known)."
    case .olderTables(let path, let model):
      "The tables of \(model) in the journal \(path) are not yet those of this program."
    case .heldByAnotherWriter(let path):
      "Another process is writing the journal \(path) and does not come to an end."
    case .claimed(let path, let work):
      "Another process is \(work), in the journal \(path)."
    case .openedForReading(let path): "The journal \(path) was opened for reading only."
    case .unusableDraft(let kind, let reason):
      "The event \(kind) cannot be recorded: \(reason)."
    case .refused(let model, let reason): "\(model) does not admit the event: \(reason)."
    case .archiveMissing(let path): "The archive \(path) of earlier events is not there."
    case .archiveDamaged(let path, let reason): "The archive \(path) is damaged: \(reason)."
    case .unusableCut(let reason): "The events cannot be archived: \(reason)."
    case .integrity(let path, let finding): "The journal \(path) was changed: \(finding)."
    }
  }

  package var remedy: String {
    switch self {
    case .file(let failure): failure.remedy
    case .database(let failure): failure.remedy
    case .noJournal:
      "It is made by the first command that records something, such as `athanor simulate`."
    case .foreignFile: "Name another file."
    case .newerFormat: "Use the later version of the program that wrote it."
    case .olderFormat, .olderTables:
      "Run a command that records something, such as `athanor simulate`, once."
    case .heldByAnotherWriter: "Wait until it is done, or end it; reading is possible meanwhile."
    case .claimed:
      "Wait until it is done, or end it; everything else can be read and recorded meanwhile."
    case .openedForReading: "Open it for writing."
    case .unusableDraft, .refused, .unusableCut: "Correct what is to be recorded."
    case .archiveMissing: "Bring the file back to its place."
    case .archiveDamaged, .integrity: "Keep the files for examination and restore a copy."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .file(let failure): failure.outcome
    case .database(let failure): failure.outcome
    case .noJournal, .foreignFile, .newerFormat, .olderFormat, .olderTables: .badConfiguration
    case .heldByAnotherWriter, .claimed, .openedForReading, .unusableDraft, .unusableCut: .failed
    case .refused: .refused
    case .archiveMissing: .failed
    case .archiveDamaged, .integrity: .integrityViolated
    }
  }
}

/// Runs `body`; what fails in the database fails in the journal.
func inDatabase<Result>(
  _ body: () throws(DatabaseFailure) -> Result
) throws(JournalFailure) -> Result {
  do throws(DatabaseFailure) { return try body() } catch { throw .database(error) }
}
