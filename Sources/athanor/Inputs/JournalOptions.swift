import Essentials
import Services
import Storage

/// The options of commands that read the journal.
enum JournalOptions {
  static let journal = Option<String?>.optional(
    "journal", .file(),
    help: "The journal; see `athanor journal --help` for where it is otherwise.")
  static let run = Option<String?>.optional(
    "run", .text("run"), help: "Only events of this run.")
  static let kind = Option<String?>.optional(
    "kind", .text("kind"), help: "Only events of this kind, such as run.summary.")
  static let subject = Option<String?>.optional(
    "subject", .text("subject"), help: "Only events about this, such as a formula's fingerprint.")

  static let filters = [run.definition, kind.definition, subject.definition]
}

extension Invocation {
  /// The path of the journal, by `--journal` and the environment.
  func journalPath() throws(FolderFailure) -> String {
    guard
      let path = self[JournalOptions.journal]
        ?? DeskFolders.journal(environment: surroundings.environment)
    else { throw .noJournalPath }
    return path
  }

  /// Opens the journal; nothing is made or changed.
  func openJournal() throws -> Journal {
    try Journal.open(path: journalPath(), access: .reading)
  }

  /// The events that the command line asks for.
  var journalFilter: JournalFilter {
    JournalFilter(
      run: self[JournalOptions.run], kind: self[JournalOptions.kind],
      subject: self[JournalOptions.subject])
  }
}
