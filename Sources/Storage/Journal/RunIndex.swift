package import Essentials

/// What each run recorded: how many events of which kinds, and from when to when.
package struct RunIndex: JournalReadModel {
  package let name = "run_index"
  package let version = 2
  /// The tables that are dropped when the index is built anew.
  package let tables = [
    JournalTable(
      name: "run_index_total",
      columns: """
        run TEXT NOT NULL, events INTEGER NOT NULL, first_seq INTEGER NOT NULL, \
        last_seq INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, \
        ended_at INTEGER
        """, key: "run", indexes: ["last_seq"]),
    JournalTable(
      name: "run_index_kind",
      columns: "run TEXT NOT NULL, kind TEXT NOT NULL, events INTEGER NOT NULL", key: "run, kind"),
  ]

  package init() {}

  /// The kind of event that ends a run.
  private static let closing = "run.summary"

  private struct Total {
    var events: Int64
    var firstSeq: Int64
    var lastSeq: Int64
    var firstAt: Int64
    var lastAt: Int64
    var endedAt: Int64?
    var kinds: [String: Int64]
  }

  /// Takes one event in, within the transaction that appends it.
  package func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
    var totals: [String: Total] = [:]
    for event in events {
      let at = event.at.millisecondsSinceEpoch
      var total =
        totals.removeValue(forKey: event.run)
        ?? Total(
          events: 0, firstSeq: event.seq, lastSeq: event.seq, firstAt: at, lastAt: at, kinds: [:])
      total.events += 1
      total.lastSeq = event.seq
      // A replay tells of instants that its run did not live through.
      total.lastAt = max(total.lastAt, at)
      if event.kind == Self.closing { total.endedAt = at }
      total.kinds[event.kind, default: 0] += 1
      totals[event.run] = total
    }
    for (run, total) in totals.sorted(by: { $0.key < $1.key }) {
      try store.run(
        """
        INSERT INTO run_index_total VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET
          events = events + excluded.events, last_seq = excluded.last_seq,
          last_at = max(last_at, excluded.last_at),
          ended_at = coalesce(excluded.ended_at, ended_at)
        """, .text(run), .integer(total.events), .integer(total.firstSeq),
        .integer(total.lastSeq), .integer(total.firstAt), .integer(total.lastAt),
        total.endedAt.map(SQLValue.integer) ?? .null)
      for (kind, count) in total.kinds.sorted(by: { $0.key < $1.key }) {
        try store.run(
          """
          INSERT INTO run_index_kind VALUES (?, ?, ?)
            ON CONFLICT (run, kind) DO UPDATE SET events = events + excluded.events
          """, .text(run), .text(kind), .integer(count))
      }
    }
  }

  /// The runs that recorded something last, the latest first. Cost: as many look-ups as runs asked
  /// for, whatever the length of the journal.
  ///
  /// - Parameter seq: only runs whose last event has a smaller number, to go on behind a page.
  package func latest(
    _ count: Int, before seq: Int64 = .max, in store: JournalTables
  ) throws(JournalFailure) -> [RunSummary] {
    let rows = try store.rows(
      "SELECT * FROM run_index_total WHERE last_seq < ? ORDER BY last_seq DESC LIMIT ?",
      .integer(seq), .integer(Int64(count)))
    var summaries: [RunSummary] = []
    for row in rows {
      if let summary = try summary(row, in: store) { summaries.append(summary) }
    }
    return summaries
  }

  /// What a run recorded, nil where the journal has nothing of it. Two look-ups.
  package func summary(
    of run: String, in store: JournalTables
  ) throws(JournalFailure) -> RunSummary? {
    let rows = try store.rows("SELECT * FROM run_index_total WHERE run = ?", .text(run))
    return try rows.first.flatMap { row throws(JournalFailure) in try summary(row, in: store) }
  }

  private func summary(
    _ row: [SQLValue], in store: JournalTables
  ) throws(JournalFailure) -> RunSummary? {
    guard let run = row[0].text, let events = row[1].integer, let first = row[2].integer,
      let last = row[3].integer, let start = row[4].integer, let end = row[5].integer
    else { return nil }
    let kinds = try store.rows(
      "SELECT kind, events FROM run_index_kind WHERE run = ? ORDER BY kind", .text(run))
    return RunSummary(
      run: run, events: Int(events), first: first, last: last,
      start: Timestamp(millisecondsSinceEpoch: start),
      end: Timestamp(millisecondsSinceEpoch: end),
      endedAt: row[6].integer.map(Timestamp.init(millisecondsSinceEpoch:)),
      kinds: kinds.compactMap { kind in
        kind[0].text.flatMap { name in
          kind[1].integer.map { RunSummary.KindCount(kind: name, events: Int($0)) }
        }
      })
  }
}

/// What one run recorded.
package struct RunSummary: Hashable, Sendable {
  /// How often one kind of event happened.
  package struct KindCount: Hashable, Sendable {
    package let kind: String
    package let events: Int
  }

  /// Empty for the events that belong to no run.
  package let run: String
  package let events: Int
  /// The numbers of its first and last event.
  package let first: Int64
  package let last: Int64
  /// When its first event happened.
  package let start: Timestamp
  /// The latest instant of its events.
  package let end: Timestamp
  /// When it recorded that it was over; nil for a run that is under way or was killed, and for one that
  /// never says so.
  package let endedAt: Timestamp?
  /// By name.
  package let kinds: [KindCount]

  /// Whether it said that it began and has not said that it was over.
  package var isUnfinished: Bool {
    endedAt == nil && kinds.contains { $0.kind == "run.started" }
  }
}
