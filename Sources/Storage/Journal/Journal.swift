internal import Essentials
internal import Foundation
internal import Glibc
internal import Synchronization

/// The memory of the desk: an append-only log of everything that happened, each event chained to its
/// predecessor, with tables that answer questions about it.
///
/// The invariants and the bytes are in `JournalEncoding.swift`, the tables in `JournalSchema.swift`.
/// Any number of processes write and read. Those who write take turns, one commit after the other;
/// readers and writers do not wait for each other. What only one of them may do at a time, such as
/// spending the budget, is claimed. Every call works on the caller's thread and may wait for the disk,
/// so it belongs on a thread of its own and not on one that Swift's tasks share.
///
/// Beside the file `journal.sqlite` lie `-wal` and `-shm`, which are part of it until the next
/// checkpoint, `.lock`, by which those who write take turns, and the folder `.archive`.
package final class Journal: Sendable {
  /// What a journal is opened for.
  package enum Access: Sendable {
    /// Creates nothing and changes nothing.
    case reading
    /// Makes the journal where it is missing, with this birth. Opening and each commit wait about so
    /// long for the commits of other processes. Where a commit was interrupted by a power failure,
    /// `journal.recovered` is recorded at the instant of `newborn`.
    case writing(newborn: JournalBirth, patienceMilliseconds: Int)
  }

  package let path: String
  package let birth: JournalBirth
  let models: [any JournalReadModel]
  let readers: ReaderPool
  let writer: JournalWriter?
  let sharedClaims = Mutex<[String: SharedClaim]>([:])

  /// The models that every journal has, whoever opens it.
  package static var standingModels: [any JournalReadModel] { [RunIndex(), TrialIndex()] }

  /// Opens a journal with its standing models and `models`.
  package static func open(
    path: String, access: Access, models: [any JournalReadModel] = []
  ) throws(JournalFailure) -> Journal {
    try Journal(path: path, access: access, models: models, schema: .current)
  }

  init(
    path: String, access: Access, models: [any JournalReadModel], schema: JournalSchema
  ) throws(JournalFailure) {
    self.path = path
    self.models = [ArchiveIndex()] + Self.standingModels + models
    precondition(
      Set(self.models.map(\.name)).count == self.models.count, "two read models have one name")
    switch access {
    case .reading:
      writer = nil
      guard Folder.fileExists(path) else { throw .noJournal(path: path) }
      readers = ReaderPool(path: path)
      birth = try readers.with { connection throws(JournalFailure) in
        let format = try schema.format(of: connection)
        guard format == schema.format else {
          throw .olderFormat(path: path, found: format, known: schema.format)
        }
        return try JournalRecord(connection).birth
      }
    case .writing(let newborn, let patience):
      do throws(FileFailure) {
        let folder = (path as NSString).deletingLastPathComponent
        // A name alone lies in the working folder, which is there.
        if !folder.isEmpty { try Folder.create(folder) }
      } catch {
        throw .file(error)
      }
      let lock = try WriterLock(journal: path, patienceMilliseconds: patience)
      let models = self.models
      // The half of a commit that somebody is writing would look like damage, and a journal whose
      // tables are being made like a foreign file.
      (birth, writer) = try lock.hold { predecessor throws(JournalFailure) in
        let damage = try WriteAheadLog.damage(journal: path)
        if let damage, damage.isAcknowledged {
          throw .integrity(path: path, finding: .logDamaged(frame: damage.frame))
        }
        let connection = try Self.writingConnection(path: path, schema: schema)
        // One transaction, so that no reader meets a journal without the tables that he asks for.
        let record = try connection.transaction { () throws(JournalFailure) in
          try schema.migrate(connection, birth: newborn)
          let record = try JournalRecord(connection)
          try ReadModelBuilder(path: path, record: record).bringUpToDate(models, in: connection)
          return record
        }
        let writer = JournalWriter(connection: connection, lock: lock, models: models)
        if let damage {
          try writer.appendHolding([
            Self.recovery(of: damage, head: record.head.seq, at: newborn.at)
          ])
        }
        let isMended =
          predecessor == .failed || damage != nil
          ? try WriteAheadLog.cutOffRest(connection) : false
        return ((record.birth, writer), isMended)
      }
      readers = ReaderPool(path: path)
    }
  }

  private static func writingConnection(
    path: String, schema: JournalSchema
  ) throws(JournalFailure) -> SQLiteConnection {
    // Made here, since SQLite would let everybody read it; the files beside it get its permissions.
    // One that is there is not opened: closing it would end SQLite's locks for other openings.
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      throw .file(.system(path, errno))
    }
    let connection = try inDatabase { () throws(DatabaseFailure) in
      try SQLiteConnection(path: path, mode: .writing)
    }
    // A foreign file must be refused before anything in it is changed.
    _ = try schema.format(of: connection)
    try inDatabase { () throws(DatabaseFailure) in
      try connection.execute(
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA cache_size = -16384;
        PRAGMA journal_size_limit = 16777216;
        PRAGMA cell_size_check = ON;
        """)
      connection.keepsLog()
    }
    return connection
  }

  /// The event that says that the log ended with a commit that is not whole.
  private static func recovery(
    of damage: WriteAheadLog.Damage, head: Int64, at now: Timestamp
  ) -> JournalDraft {
    JournalDraft(
      "journal.recovered", at: now,
      payload: ["frame": .integer(damage.frame), "head": .integer(Int(head))])
  }

  // MARK: - Writing

  /// Records events and returns them with their numbers. When it returns they are on the disk; when
  /// it throws none of them is in the journal.
  ///
  /// Callable from any number of threads at once, which then share commits, and of processes, whose
  /// commits follow on one another. Cost: one write to the disk and a few microseconds for each event,
  /// and the application of what others recorded since the last one.
  @discardableResult
  package func append(_ drafts: [JournalDraft]) throws(JournalFailure) -> [JournalEvent] {
    guard let writer else { throw .openedForReading(path: path) }
    return try writer.append(drafts)
  }

  /// Records one event.
  @discardableResult
  package func append(_ draft: JournalDraft) throws(JournalFailure) -> JournalEvent {
    try append([draft])[0]
  }

  /// Whether it was opened for writing.
  package var isWritable: Bool { writer != nil }

  /// Applies to the models of this opening what processes without them have recorded; otherwise that
  /// waits for the next event.
  package func catchUp() throws(JournalFailure) {
    guard let writer else { throw .openedForReading(path: path) }
    try writer.catchUp()
  }

  /// Moves what is in the write-ahead log into the journal's file, as far as no reader needs it.
  package func checkpoint() throws(JournalFailure) {
    guard let writer else { throw .openedForReading(path: path) }
    try writer.exclusively { connection throws(JournalFailure) in
      _ = try inDatabase { () throws(DatabaseFailure) in
        try connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
      }
    }
  }

  func append(
    _ drafts: [JournalDraft], with change: (SQLiteConnection) throws(JournalFailure) -> Void
  ) throws(JournalFailure) -> [JournalEvent] {
    guard let writer else { throw .openedForReading(path: path) }
    return try writer.append(drafts, with: change)
  }

  // MARK: - Reading

  /// Where the journal ends.
  package var head: JournalHead {
    get throws(JournalFailure) {
      try readers.with { connection throws(JournalFailure) in try JournalRecord(connection).head }
    }
  }

  /// The number of the last archived event, 0 where none was archived; later ones can be read.
  package var archivedThrough: Int64 {
    get throws(JournalFailure) {
      try readers.with { connection throws(JournalFailure) in
        try JournalRecord(connection).anchor.seq
      }
    }
  }

  /// Returns events after number `cursor` in order, at most `limit` of them. The number of the last
  /// is the cursor for the following ones. Cost: what is returned, by an index for each filter.
  package func events(
    after cursor: Int64 = 0, limit: Int, filter: JournalFilter = JournalFilter()
  ) throws(JournalFailure) -> [JournalEvent] {
    let query = filter.query(order: "seq > ?", "seq")
    return try readers.with { connection throws(JournalFailure) in
      try inDatabase { () throws(DatabaseFailure) in
        try connection.events(
          query.sql, [.integer(cursor)] + query.values + [.integer(Int64(limit))])
      }
    }
  }

  /// Returns the last `count` events in order.
  package func lastEvents(
    _ count: Int, filter: JournalFilter = JournalFilter()
  ) throws(JournalFailure) -> [JournalEvent] {
    let query = filter.query(order: "seq <= ?", "seq DESC")
    return try readers.with { connection throws(JournalFailure) in
      try inDatabase { () throws(DatabaseFailure) in
        try connection.events(
          query.sql, [.integer(Int64.max)] + query.values + [.integer(Int64(count))]
        ).reversed()
      }
    }
  }

  /// Asks the tables of read models, all questions of `body` of one moment of the journal. Fails with
  /// `olderTables` where a model of this journal has no tables yet, or those of another version.
  package func read<Result>(
    _ body: (JournalTables) throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result {
    try readers.with { connection throws(JournalFailure) in
      try connection.snapshot { () throws(JournalFailure) in
        try requireTables(in: connection)
        return try body(JournalTables(connection: connection))
      }
    }
  }

  private func requireTables(in connection: SQLiteConnection) throws(JournalFailure) {
    let registered = try inDatabase { () throws(DatabaseFailure) in
      try connection.rows("SELECT name, version FROM read_model")
    }
    for model in models
    where !registered.contains([.text(model.name), .integer(Int64(model.version))]) {
      throw .olderTables(path: path, model: model.name)
    }
  }
}

extension Journal: CustomStringConvertible {
  package var description: String { "journal \(birth.id) at \(path)" }
}

/// Which events a reader wants; nil wants all.
package struct JournalFilter: Hashable, Sendable {
  package var run: String?
  package var kind: String?
  package var subject: String?

  package init(run: String? = nil, kind: String? = nil, subject: String? = nil) {
    self.run = run
    self.kind = kind
    self.subject = subject
  }

  /// The statement that lists matching events. Only the narrowest filter may use its index: a sign
  /// before a column keeps SQLite from others, which it would choose without knowing better.
  fileprivate func query(order: String, _ direction: String) -> (sql: String, values: [SQLValue]) {
    var conditions: [String] = []
    var values: [SQLValue] = []
    for (column, value) in [("run", run), ("subject", subject), ("kind", kind)] {
      guard let value else { continue }
      conditions.append(values.isEmpty ? "\(column) = ?" : "+\(column) = ?")
      values.append(.text(value))
    }
    let sql = """
      SELECT \(SQLiteConnection.eventColumns) FROM event
      WHERE \(([order] + conditions).joined(separator: " AND ")) ORDER BY \(direction) LIMIT ?
      """
    return (sql, values)
  }
}
