import Essentials
import Storage

/// `athanor journal archive`: moves old events into a file beside the journal.
enum JournalArchiveCommand {
  private static let keep = Option<Int?>.optional(
    "keep", .whole("count", in: 1...1_000_000_000), help: "Keep so many of the last events.")
  private static let before = Option<CalendarDate?>.optional(
    "before", .date, help: "Archive what was recorded before this UTC day.")

  static let command: Command = Command(
    "archive", summary: "Move old events into a file beside the journal",
    discussion: [
      """
      The events go into a packed file in the folder of the journal's name with .archive, which is \
      written and read back before anything leaves the journal. Numbers and chain go on unbroken, \
      `athanor journal verify` reads archives too, and budgets and counts of trials keep what they \
      know. A run whose beginning is archived can no longer be resumed.
      """
    ],
    options: [JournalOptions.journal.definition, keep.definition, before.definition],
    examples: [
      Command.Example("athanor journal archive --keep 100000", "Keeps the last 100,000 events"),
      Command.Example(
        "athanor journal archive --before 2026-01-01", "Archives everything of earlier years"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let path = try invocation.journalPath()
    // Opened for reading first: a journal that is not there must not be made.
    let first = try first(in: Journal.open(path: path, access: .reading), invocation)
    let journal = try Journal.open(path: path, access: invocation.journalWriting)
    let segment = try journal.retain(from: first, at: invocation.surroundings.now())
    return Answer(
      json: [
        "first": .integer(Int(segment.first)), "last": .integer(Int(segment.last)),
        "file": .string(segment.file), "sha256": .string(segment.fingerprint.hexadecimal),
      ]
    ) { _ in
      let count = Table.Cell.count(Int(segment.last - segment.first + 1)).text
      return "\(count) events, \(segment.first) to \(segment.last), are in \(segment.file), "
        + "SHA-256 \(segment.fingerprint.short)."
    }
  }

  /// The number of the first event that stays.
  private static func first(in journal: Journal, _ invocation: Invocation) throws -> Int64 {
    switch (invocation[keep], invocation[before]) {
    case (let count?, nil): return try journal.head.seq - Int64(count) + 1
    case (nil, let date?):
      let start = Timestamp(startOf: date)
      var cursor = try JournalCursor(journal)
      while let part = try cursor.next() {
        if let event = part.first(where: { $0.at >= start }) { return event.seq }
      }
      return try journal.head.seq + 1
    default: throw UnclearCut()
    }
  }
}

/// That the command line does not say once what stays.
private struct UnclearCut: ExplainedFailure {
  let key = "unclear_cut"
  let explanation = "Exactly one of --keep and --before says what stays in the journal."
  let remedy = "Name one of them, such as --keep 100000."
  let outcome = FailureOutcome.badConfiguration
}
