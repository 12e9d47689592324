internal import Essentials

/// Builds read models from events, wherever these are.
struct ReadModelBuilder {
  let path: String
  let anchor: JournalHead
  let head: JournalHead

  /// Events are handed to a model in parts of this size, so that memory does not grow with history.
  private static let partSize = 4096

  init(path: String, record: JournalRecord) {
    self.path = path
    anchor = record.anchor
    head = record.head
  }

  /// Applies to models what they have not seen. To be called within a transaction.
  func bringUpToDate(
    _ models: [any JournalReadModel], in connection: SQLiteConnection
  ) throws(JournalFailure) {
    for model in models { try bringUpToDate(model, in: connection) }
  }

  /// Applies to a model what it has not seen; one of another version is built anew.
  private func bringUpToDate(
    _ model: any JournalReadModel, in connection: SQLiteConnection
  ) throws(JournalFailure) {
    let (version, applied) = try registration(of: model, in: connection)
    if version == Int64(model.version), let applied, applied == head.seq { return }
    var start = applied ?? 0
    if version != Int64(model.version) || start > head.seq {
      start = 0
      try drop(model, in: connection)
      try model.create(in: connection)
    }
    try replay(after: start, through: head.seq, of: model.kinds, from: connection) {
      events throws(JournalFailure) in
      try model.apply(events, to: JournalTables(connection: connection))
    }
    try inDatabase { () throws(DatabaseFailure) in
      try connection.run(
        "INSERT OR REPLACE INTO read_model VALUES (?, ?, ?)",
        [.text(model.name), .integer(Int64(model.version)), .integer(head.seq)])
    }
  }

  /// The version of a model's tables and the last event in them, nil where it has none.
  func registration(
    of model: any JournalReadModel, in connection: SQLiteConnection
  ) throws(JournalFailure) -> (version: Int64?, applied: Int64?) {
    let rows = try inDatabase { () throws(DatabaseFailure) in
      try connection.rows(
        "SELECT version, applied FROM read_model WHERE name = ?", [.text(model.name)])
    }
    return (rows.first?[0].integer, rows.first?[1].integer)
  }

  private func drop(
    _ model: any JournalReadModel, in connection: SQLiteConnection
  ) throws(JournalFailure) {
    try inDatabase { () throws(DatabaseFailure) in
      let prefix = model.name + "_"
      let tables = try connection.rows(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, ?) = ?",
        [.integer(Int64(prefix.utf8.count)), .text(prefix)])
      for table in tables.compactMap(\.first?.text) {
        let quoted = table.split(separator: "\"", omittingEmptySubsequences: false)
          .joined(separator: "\"\"")
        try connection.execute("DROP TABLE \"\(quoted)\"")
      }
    }
  }

  /// Hands over the events of some kinds after `start` through `end` in order, archived ones included.
  func replay(
    after start: Int64, through end: Int64, of kinds: [String]?, from connection: SQLiteConnection,
    _ body: ([JournalEvent]) throws(JournalFailure) -> Void
  ) throws(JournalFailure) {
    var cursor = start
    if cursor < anchor.seq {
      for segment in try ArchiveIndex().segments(in: JournalTables(connection: connection))
      where segment.last > cursor && cursor < end {
        let archive = JournalArchive(journal: path, segment: segment)
        try archive.read { events throws(JournalFailure) in
          let wanted = events.filter {
            $0.seq > cursor && $0.seq <= end && kinds?.contains($0.kind) ?? true
          }
          if !wanted.isEmpty { try body(wanted) }
        }
        cursor = min(segment.last, end)
      }
      guard cursor >= min(anchor.seq, end) else {
        throw .archiveMissing(path: JournalArchive.folder(of: path))
      }
    }
    let condition = kinds.map { kinds in
      " AND kind IN (\(Array(repeating: "?", count: kinds.count).joined(separator: ", ")))"
    }
    while cursor < end {
      let events = try inDatabase { () throws(DatabaseFailure) in
        try connection.events(
          """
          SELECT \(SQLiteConnection.eventColumns) FROM event
          WHERE seq > ? AND seq <= ?\(condition ?? "") ORDER BY seq LIMIT \(Self.partSize)
          """, [.integer(cursor), .integer(end)] + (kinds ?? []).map(SQLValue.text))
      }
      guard let last = events.last else { return }
      try body(events)
      cursor = last.seq
    }
  }
}
