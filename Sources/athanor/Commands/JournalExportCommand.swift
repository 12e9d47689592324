import Essentials
import Storage

/// `athanor journal export`: events as lines of JSON.
enum JournalExportCommand {
  private static let output = Option<String?>.optional(
    "output", short: "o", .file(),
    help: "The file; packed where it ends in .gz or .zst. Otherwise standard output.")

  static let command: Command = Command(
    "export", summary: "Write events as lines of JSON",
    discussion: [
      """
      Each line is an event with its number, time in milliseconds since 1970, run, world, subject, \
      kind, cause, version, payload and chain value. The file appears complete or not at all.
      """
    ],
    options: [JournalOptions.journal.definition, output.definition] + JournalOptions.filters,
    examples: [
      Command.Example("athanor journal export -o events.jsonl.zst", "Writes all events, packed"),
      Command.Example(
        "athanor journal export --kind simulation.completed | head -n 1",
        "Shows what a simulation records"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let journal = try invocation.openJournal()
    let filter = invocation.journalFilter
    guard let path = invocation[output] else {
      var cursor = try JournalCursor(journal, filter: filter)
      while let part = try cursor.next() {
        try invocation.surroundings.output.write(
          part.map { JournalLine.text(of: $0) + "\n" }.joined())
      }
      return .said
    }
    let total = Int(try journal.head.seq - journal.archivedThrough)
    let export = try invocation.withProgress("Exporting", total: total, unit: "events") {
      reporter in
      try journal.export(to: path, filter: filter) { reporter.advance(to: $0) }
    }
    return Answer(
      json: [
        "path": .string(export.path), "events": .integer(export.events),
        "bytes": .integer(export.byteCount), "sha256": .string(export.fingerprint.hexadecimal),
      ]
    ) { _ in
      """
      \(Table.Cell.count(export.events).text) events in \(export.path), \
      \(Table.Cell.count(export.byteCount).text) bytes, SHA-256 \(export.fingerprint.short).
      """
    }
  }
}
