internal import Essentials

/// Tables that answer a question about the journal without reading it from the start.
///
/// A model is a fold of the events: what its tables hold follows from the events and from nothing
/// else, so they can be built again at any time, and whoever changed them is found out. They are
/// written in the transaction of the events, so they are never behind what was acknowledged. Only what
/// an opening without the model records is applied later, with the next events of one that has it.
///
/// ```
///                    open for writing, version as registered            append
///   registered ──────────────────────────────────────────▶ current ◀──────────┐
///       ▲              events after `applied` are applied     │  └─────────────┘
///       │  open for writing, version new: tables are made anew, all events are applied
/// ```
package protocol JournalReadModel: Sendable {
  /// A name of small letters and `_`, with which the names of its tables begin.
  var name: String { get }
  /// Rises whenever the tables, or what an event does to them, change.
  var version: Int { get }
  var tables: [JournalTable] { get }
  /// The kinds of events that can change the tables, nil for all; by them a model is built without
  /// reading the others. `apply` may be handed others nevertheless.
  var kinds: [String]? { get }
  /// Takes in events that follow, in order, on those before; how many come at once must make no
  /// difference. Throws `refused` where the events must not be recorded.
  func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure)
}

/// A table of a read model.
package struct JournalTable: Hashable, Sendable {
  package var name: String
  /// What stands between the parentheses of CREATE TABLE; a primary key is required.
  package var columns: String
  /// The columns of the primary key, by which rows are told apart.
  package var key: String
  /// Further columns, or lists of them, by which rows are looked up.
  package var indexes: [String]

  package init(name: String, columns: String, key: String, indexes: [String] = []) {
    self.name = name
    self.columns = columns
    self.key = key
    self.indexes = indexes
  }

  /// The statements that make the table, each as SQLite keeps it in the schema.
  var statements: [String] {
    [
      "CREATE TABLE \(name) (\(columns), PRIMARY KEY (\(key))) STRICT, WITHOUT ROWID"
    ]
      + indexes.enumerated().map { place, columns in
        "CREATE INDEX \(name)_\(place) ON \(name) (\(columns))"
      }
  }
}

/// The tables of a journal's read models, within a transaction; not to be kept.
package struct JournalTables {
  let connection: SQLiteConnection

  /// Runs one statement with values in the place of its question marks.
  package func run(_ sql: String, _ values: SQLValue...) throws(JournalFailure) {
    try inDatabase { () throws(DatabaseFailure) in try connection.run(sql, values) }
  }

  /// Returns all rows of an answer.
  package func rows(_ sql: String, _ values: SQLValue...) throws(JournalFailure) -> [[SQLValue]] {
    try inDatabase { () throws(DatabaseFailure) in try connection.rows(sql, values) }
  }

  /// Returns the first column of the first row, null where there is no row.
  package func value(_ sql: String, _ values: SQLValue...) throws(JournalFailure) -> SQLValue {
    try inDatabase { () throws(DatabaseFailure) in try connection.value(sql, values) }
  }
}

extension JournalReadModel {
  package var kinds: [String]? { nil }

  /// Makes the tables, empty.
  func create(in connection: SQLiteConnection) throws(JournalFailure) {
    for statement in tables.flatMap(\.statements) {
      try inDatabase { () throws(DatabaseFailure) in try connection.execute(statement) }
    }
  }
}
