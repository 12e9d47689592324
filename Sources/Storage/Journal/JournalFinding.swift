internal import Essentials

/// One thing in a journal that is not as it was written.
package enum JournalFinding: Hashable, Sendable, CustomStringConvertible {
  /// The content of an event does not fit its chain value.
  case eventChanged(seq: Int64)
  /// The chain value of an event does not fit its content, which the next event vouches for.
  case chainValueChanged(seq: Int64)
  case eventsMissing(first: Int64, last: Int64)
  /// An event that was never appended here.
  case eventUnexpected(seq: Int64)
  /// An event, and perhaps those after it, cannot be read.
  case eventUnreadable(seq: Int64, reason: String)
  /// The journal's record of its last event does not fit that event.
  case headChanged(seq: Int64)
  /// Events up to this one were removed, and no event says into which archive.
  case cutUnexplained(seq: Int64)
  /// A table, an index or a trigger is not as it was made, or a page of the file contradicts itself.
  case structureChanged(detail: String)
  case readModelChanged(model: String, detail: String)
  case archiveChanged(file: String, detail: String)
  /// The write-ahead log is damaged at a frame, and the transactions behind it are lost.
  case logDamaged(frame: Int)

  /// The number of the event that the finding names, nil where it names none.
  package var seq: Int64? {
    switch self {
    case .eventChanged(let seq), .chainValueChanged(let seq), .eventUnexpected(let seq),
      .eventUnreadable(let seq, _), .headChanged(let seq), .cutUnexplained(let seq):
      seq
    case .eventsMissing(let first, _): first
    case .structureChanged, .readModelChanged, .archiveChanged, .logDamaged: nil
    }
  }

  /// A stable name for programs.
  package var key: String {
    switch self {
    case .eventChanged: "event_changed"
    case .chainValueChanged: "chain_value_changed"
    case .eventsMissing: "events_missing"
    case .eventUnexpected: "event_unexpected"
    case .eventUnreadable: "event_unreadable"
    case .headChanged: "head_changed"
    case .cutUnexplained: "cut_unexplained"
    case .structureChanged: "structure_changed"
    case .readModelChanged: "read_model_changed"
    case .archiveChanged: "archive_changed"
    case .logDamaged: "log_damaged"
    }
  }

  /// What was found, as a clause without a period.
  package var description: String {
    switch self {
    case .eventChanged(1):
      "event 1 is not what was recorded, or the journal's birth record is not"
    case .eventChanged(let seq): "event \(seq) is not what was recorded"
    case .chainValueChanged(let seq): "the chain value of event \(seq) is not what was recorded"
    case .eventsMissing(let first, let last):
      first == last ? "event \(first) is missing" : "the events \(first) to \(last) are missing"
    case .eventUnexpected(let seq): "event \(seq) was never recorded here"
    case .eventUnreadable(let seq, let reason): "event \(seq) cannot be read: \(reason)"
    case .headChanged(let seq): "the record of the last event, \(seq), is not what was recorded"
    case .cutUnexplained(let seq):
      "the events up to \(seq) are gone, and no event says into which archive"
    case .structureChanged(let detail): "the tables are not as they were made: \(detail)"
    case .readModelChanged(let model, let detail):
      "\(model) is not what the events make of it: \(detail)"
    case .archiveChanged(let file, let detail):
      "the archive \(file) is not what was written: \(detail)"
    case .logDamaged(let frame):
      """
      frame \(frame) of the write-ahead log is damaged, so what was recorded after it is lost, \
      unless the power failed while it was written
      """
    }
  }
}

/// How much of a journal is examined.
package enum JournalScope: Hashable, Sendable {
  /// The events against the chain and the journal's record of itself.
  case events
  /// Also tables, indexes, pages, read models and archives.
  case everything
}

/// What an examination of a journal found.
package struct JournalVerdict: Hashable, Sendable {
  package var birth: JournalBirth
  /// The number before the first event that is not archived.
  package var archivedThrough: Int64
  package var head: JournalHead
  /// How many events were held against their chain values, archived ones included.
  package var eventsExamined: Int
  /// What was found, in the order of the events, what names no event last. At most
  /// `findingsMax`; the first is the one that counts, for what lies behind it may follow from it.
  package var findings: [JournalFinding]
  /// What could not be examined, one sentence each.
  package var omissions: [String]

  /// More findings tell nothing further.
  package static let findingsMax = 100

  package var isIntact: Bool { findings.isEmpty }
}
