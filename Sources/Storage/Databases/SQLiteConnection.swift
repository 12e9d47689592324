internal import CSQLite

/// One connection to an SQLite file, for one thread at a time.
///
/// Statements are prepared once and kept. Triggers, views and functions that a foreign hand left in
/// the file are not run.
final class SQLiteConnection {
  enum Mode: Hashable, Sendable {
    /// Reads and writes a file, which is made where it is missing.
    case writing
    /// Reads a file that others may be writing.
    case reading
    /// Reads a file that nobody is writing, without a lock and without a file beside it.
    case readingSettled
    /// A database without a file.
    case memory
  }

  let path: String
  let mode: Mode
  private let handle: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]

  /// How long a lock of another connection is waited for.
  private static let patienceMilliseconds: Int32 = 10_000

  init(path: String, mode: Mode) throws(DatabaseFailure) {
    self.path = path
    self.mode = mode
    let flags: Int32
    let name: String
    switch mode {
    case .writing: (flags, name) = (SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, path)
    case .reading: (flags, name) = (SQLITE_OPEN_READONLY, path)
    case .readingSettled:
      (flags, name) = (
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, "file:\(Self.escaped(path))?immutable=1"
      )
    case .memory: (flags, name) = (SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, ":memory:")
    }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened, code == SQLITE_OK else {
      let failure = Self.failure(path, code, opened)
      sqlite3_close_v2(opened)
      throw failure
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Self.patienceMilliseconds)
    for (option, isOn) in [
      (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
      (SQLITE_DBCONFIG_ENABLE_VIEW, 0), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
    ] as [(Int32, Int32)] {
      sqlite_switch(handle, option, isOn)
    }
  }

  deinit {
    statements.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Keeps the write-ahead log and its index beside the file when the last connection closes, so that
  /// a reader never has to make them.
  func keepsLog() {
    var isOn: Int32 = 1
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &isOn)
  }

  /// Runs statements that answer nothing of interest.
  func execute(_ script: String) throws(DatabaseFailure) {
    let code = sqlite3_exec(handle, script, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  /// Returns the prepared statement of `sql`, ready to be bound. It is the same object each time, so
  /// it must not be in use already.
  func statement(_ sql: String) throws(DatabaseFailure) -> SQLiteStatement {
    if let statement = statements[sql] {
      statement.reset()
      return statement
    }
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw failure(code) }
    let statement = SQLiteStatement(prepared, of: self)
    statements[sql] = statement
    return statement
  }

  /// Runs one statement with values in the place of its question marks.
  func run(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseFailure) {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(values)
    while try statement.step() {}
  }

  /// Returns all rows of an answer.
  func rows(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseFailure) -> [[SQLValue]] {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(values)
    var rows: [[SQLValue]] = []
    while try statement.step() { rows.append(statement.values) }
    return rows
  }

  /// Returns the first column of the first row, null where there is no row.
  func value(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseFailure) -> SQLValue {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(values)
    return try statement.step() ? statement.value(0) : .null
  }

  /// Runs `body` between BEGIN and COMMIT; where it throws nothing has happened.
  func transaction<Result>(
    _ body: () throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result {
    try inDatabase { () throws(DatabaseFailure) in try run("BEGIN IMMEDIATE") }
    do throws(JournalFailure) {
      let result = try body()
      try inDatabase { () throws(DatabaseFailure) in try run("COMMIT") }
      return result
    } catch {
      rollBack()
      throw error
    }
  }

  /// Undoes the transaction, where there is one: some failures have undone it already.
  func rollBack() {
    if sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
  }

  func failure(_ code: Int32) -> DatabaseFailure { Self.failure(path, code, handle) }

  private static func failure(
    _ path: String, _ code: Int32, _ handle: OpaquePointer?
  ) -> DatabaseFailure {
    let text =
      sqlite3_errmsg(handle).map { String(cString: $0) } ?? String(cString: sqlite3_errstr(code))
    switch code & 0xff {
    case SQLITE_NOTADB: return .notADatabase(path: path)
    case SQLITE_FULL: return .diskFull(path: path)
    case SQLITE_READONLY, SQLITE_PERM: return .readOnly(path: path)
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy(path: path)
    case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_TOOBIG, SQLITE_INTERRUPT:
      let number = handle.map { sqlite3_system_errno($0) } ?? 0
      return .system(path: path, reason: number > 0 ? "\(text) (\(systemReason(number)))" : text)
    // The statements are ours and fit the layout that we wrote, so the layout is another one.
    default: return .damaged(path: path, reason: text)
    }
  }

  /// The path as part of a URI.
  private static func escaped(_ path: String) -> String {
    var escaped = ""
    for byte in path.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        escaped.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }
}
