internal import Foundation

/// Connections for reading, kept for the next reader.
final class ReaderPool: @unchecked Sendable {
  // Sendable: `idle` is used only while `lock` is held, and a connection only by whoever took it.
  private let lock = NSLock()
  private var idle: [SQLiteConnection] = []
  private let path: String

  /// More connections than this are not kept.
  private static let idleMax = 8

  init(path: String) {
    self.path = path
  }

  /// Runs `body` with a connection that nobody else has.
  func with<Result>(
    _ body: (SQLiteConnection) throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result {
    let connection = try take()
    defer { giveBack(connection) }
    return try body(connection)
  }

  private func take() throws(JournalFailure) -> SQLiteConnection {
    lock.lock()
    let kept = idle.popLast()
    lock.unlock()
    if let kept, kept.mode == .reading || isSettled { return kept }
    return try inDatabase { () throws(DatabaseFailure) in try connect() }
  }

  private func giveBack(_ connection: SQLiteConnection) {
    lock.lock()
    if idle.count < Self.idleMax { idle.append(connection) }
    lock.unlock()
  }

  /// A journal without a write-ahead log beside it is a copy that nobody writes: whoever writes makes
  /// one and leaves it. Reading such a copy in the usual way would make a log beside it.
  private var isSettled: Bool { !Folder.fileExists(path + "-wal") }

  /// Opens a connection.
  func connect() throws(DatabaseFailure) -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path, mode: isSettled ? .readingSettled : .reading)
    try connection.execute(
      """
      PRAGMA query_only = ON;
      PRAGMA cell_size_check = ON;
      PRAGMA cache_size = -8192;
      PRAGMA temp_store = MEMORY;
      """)
    return connection
  }
}
