internal import CSQLite

/// A prepared statement of a connection. Parameters and columns are counted from 0.
final class SQLiteStatement {
  private let handle: OpaquePointer
  // The connection owns its statements and ends after them.
  private unowned let connection: SQLiteConnection

  init(_ handle: OpaquePointer, of connection: SQLiteConnection) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  /// Lets SQLite copy what is bound before the call returns.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  /// Makes the statement ready to run again; what was bound is forgotten.
  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  func bind(_ values: [SQLValue]) throws(DatabaseFailure) {
    for (index, value) in values.enumerated() {
      switch value {
      case .null: try check(sqlite3_bind_null(handle, Int32(index + 1)))
      case .integer(let value): try bind(index, value)
      case .real(let value): try check(sqlite3_bind_double(handle, Int32(index + 1), value))
      case .text(let value): try bind(index, value)
      case .blob(let value):
        try value.withRawBytes { bytes throws(DatabaseFailure) in try bind(index, blob: bytes) }
      }
    }
  }

  func bind(_ index: Int, _ value: Int64) throws(DatabaseFailure) {
    try check(sqlite3_bind_int64(handle, Int32(index + 1), value))
  }

  func bind(_ index: Int, _ value: String) throws(DatabaseFailure) {
    var value = value
    let code = value.withUTF8 { bytes in
      // An empty text has no address, which SQLite would take for null.
      guard let base = bytes.baseAddress else {
        return sqlite3_bind_text(handle, Int32(index + 1), "", 0, Self.transient)
      }
      return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        sqlite3_bind_text64(
          handle, Int32(index + 1), $0, UInt64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
      }
    }
    try check(code)
  }

  func bind(_ index: Int, blob bytes: UnsafeRawBufferPointer) throws(DatabaseFailure) {
    guard let base = bytes.baseAddress else {
      return try check(sqlite3_bind_zeroblob(handle, Int32(index + 1), 0))
    }
    try check(
      sqlite3_bind_blob64(handle, Int32(index + 1), base, UInt64(bytes.count), Self.transient))
  }

  /// Runs to the next row; false where there is none.
  func step() throws(DatabaseFailure) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw connection.failure(code)
    }
  }

  /// What kind of value a column holds, as SQLite stored it.
  enum Kind { case null, integer, real, text, blob }

  func kind(_ column: Int32) -> Kind {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer
    case SQLITE_FLOAT: .real
    case SQLITE_TEXT: .text
    case SQLITE_BLOB: .blob
    default: .null
    }
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// The bytes of a text or a blob, until the next step.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let base = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  func value(_ column: Int32) -> SQLValue {
    switch kind(column) {
    case .null: .null
    case .integer: .integer(integer(column))
    case .real: .real(sqlite3_column_double(handle, column))
    case .text: .text(text(column))
    case .blob: .blob(Array(bytes(column)))
    }
  }

  var values: [SQLValue] { (0..<sqlite3_column_count(handle)).map(value) }

  private func check(_ code: Int32) throws(DatabaseFailure) {
    guard code == SQLITE_OK else { throw connection.failure(code) }
  }
}
