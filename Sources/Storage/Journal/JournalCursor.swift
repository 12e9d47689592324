/// A place in the journal from which matching events are read part by part, so that memory does not
/// grow with their number. It ends where the journal ended when it was made.
package struct JournalCursor {
  /// The number of the last event that was read.
  package private(set) var seq: Int64
  private let end: Int64
  private let filter: JournalFilter
  private let journal: Journal

  private static let partSize = 2048

  /// - Parameters:
  ///   - start: the number before the first event that is wanted.
  ///   - end: the number of the last that is wanted, nil for the journal's last.
  package init(
    _ journal: Journal, after start: Int64 = 0, through end: Int64? = nil,
    filter: JournalFilter = JournalFilter()
  ) throws(JournalFailure) {
    self.journal = journal
    self.filter = filter
    seq = start
    if let end { self.end = end } else { self.end = try journal.head.seq }
  }

  /// Returns the events that follow, nil where there are no more.
  package mutating func next() throws(JournalFailure) -> [JournalEvent]? {
    var part = try journal.events(after: seq, limit: Self.partSize, filter: filter)
    while let last = part.last, last.seq > end { part.removeLast() }
    guard let last = part.last else { return nil }
    seq = last.seq
    return part
  }
}
