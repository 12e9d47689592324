internal import Essentials

/// The tables of a journal, and how a file of an earlier format gets them.
///
/// ```
/// journal      one row: id, created, anchor_seq, anchor_chain, head_seq, head_chain
/// event        seq -> at, cause, version, run, world, subject, kind, payload, chain
///   event_run, event_kind, event_subject       one index for each filter of a reader
/// read_model   name -> version, applied        applied: the last event that the model contains; it
///                                              lags where a process that lacks the model recorded
/// <name>_...   the tables of the read models
/// ```
///
/// `user_version` is the format. A file of format 0 has no tables. Each migration leads from its place
/// in the list to the next format; all that a file lacks run in one transaction, so a file is of one
/// format or of the other and never between.
struct JournalSchema: Sendable {
  /// What brings a file of a format to the next one.
  struct Migration: Sendable {
    /// Statements in their order.
    var script: String
  }

  /// The mark in the header of an SQLite file that says whose it is: "athJ".
  static let applicationID: Int32 = 0x6174_684a

  var migrations: [Migration]

  /// The format that this program writes.
  var format: Int { migrations.count }

  static let current = JournalSchema(migrations: [Migration(script: first)])

  private static let first = """
    CREATE TABLE journal (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1), id TEXT NOT NULL,
      created INTEGER NOT NULL, anchor_seq INTEGER NOT NULL, anchor_chain BLOB NOT NULL,
      head_seq INTEGER NOT NULL, head_chain BLOB NOT NULL) STRICT;
    CREATE TABLE event (
      seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, cause INTEGER NOT NULL,
      version INTEGER NOT NULL, run TEXT NOT NULL, world TEXT NOT NULL, subject TEXT NOT NULL,
      kind TEXT NOT NULL, payload TEXT NOT NULL, chain BLOB NOT NULL) STRICT;
    CREATE INDEX event_run ON event (run);
    CREATE INDEX event_kind ON event (kind);
    CREATE INDEX event_subject ON event (subject);
    CREATE TABLE read_model (
      name TEXT PRIMARY KEY, version INTEGER NOT NULL, applied INTEGER NOT NULL)
      STRICT, WITHOUT ROWID;
    """

  /// Finds the format of a file and whether it is a journal at all.
  func format(of connection: SQLiteConnection) throws(JournalFailure) -> Int {
    let (application, format, tables) = try inDatabase { () throws(DatabaseFailure) in
      (
        try connection.value("PRAGMA application_id").integer ?? 0,
        Int(try connection.value("PRAGMA user_version").integer ?? 0),
        try connection.value("SELECT count(*) FROM sqlite_schema").integer ?? 0
      )
    }
    let isOurs = application == Int64(Self.applicationID)
    guard isOurs || (application == 0 && format == 0 && tables == 0) else {
      throw .foreignFile(path: connection.path)
    }
    guard format >= 0, format <= self.format else {
      throw .newerFormat(path: connection.path, found: format, known: self.format)
    }
    return format
  }

  /// Brings a file to the current format; a file without tables becomes a journal of `birth`. To be
  /// called within a transaction.
  func migrate(_ connection: SQLiteConnection, birth: JournalBirth) throws(JournalFailure) {
    let start = try format(of: connection)
    guard start < format else { return }
    try inDatabase { () throws(DatabaseFailure) in
      for migration in migrations[start...] { try connection.execute(migration.script) }
      if start == 0 {
        let genesis = SQLValue.blob(JournalEncoding.genesis(birth).withBytes(Array.init))
        try connection.run(
          "INSERT INTO journal VALUES (1, ?, ?, 0, ?, 0, ?)",
          [.text(birth.id), .integer(birth.at.millisecondsSinceEpoch), genesis, genesis])
      }
      try connection.execute("PRAGMA application_id = \(Self.applicationID)")
      try connection.execute("PRAGMA user_version = \(format)")
    }
  }
}
