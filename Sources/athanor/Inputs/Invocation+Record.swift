import Storage

extension Invocation {
  /// Appends events to the journal, unless `--no-journal` is given or nothing says where the journal
  /// is. What goes wrong is returned, since a command that records has its answer already.
  func record(_ drafts: [JournalDraft]) -> JournalFailure? {
    guard !self[RecordingOptions.noJournal], let path = try? journalPath() else { return nil }
    do throws(JournalFailure) {
      try Journal.open(path: path, access: journalWriting).append(drafts)
      return nil
    } catch {
      return error
    }
  }
}
