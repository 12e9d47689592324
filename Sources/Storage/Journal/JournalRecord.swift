internal import Essentials

/// What a journal says of itself: the one row of the table `journal`.
struct JournalRecord: Hashable {
  let birth: JournalBirth
  /// Before the first event that is still there, invariant J7.
  let anchor: JournalHead
  /// The last event, invariant J6.
  let head: JournalHead

  init(_ connection: SQLiteConnection) throws(JournalFailure) {
    let rows = try inDatabase { () throws(DatabaseFailure) in
      try connection.rows(
        "SELECT id, created, anchor_seq, anchor_chain, head_seq, head_chain FROM journal")
    }
    guard let row = rows.first, rows.count == 1, let id = row[0].text,
      let created = row[1].integer, let anchorSeq = row[2].integer,
      let anchorChain = row[3].digest, let headSeq = row[4].integer, let headChain = row[5].digest
    else {
      throw .database(
        .damaged(path: connection.path, reason: "the journal's record of itself is not readable"))
    }
    birth = JournalBirth(id: id, at: Timestamp(millisecondsSinceEpoch: created))
    anchor = JournalHead(seq: anchorSeq, chain: anchorChain)
    head = JournalHead(seq: headSeq, chain: headChain)
  }
}

extension SQLValue {
  /// The digest, nil where the value is none.
  var digest: DigestBytes? {
    if case .blob(let bytes) = self { bytes.withRawBytes { DigestBytes(copying: $0) } } else { nil }
  }
}

extension SQLiteConnection {
  /// The columns of an event in the order of `currentEvent`.
  static let eventColumns = "seq, at, cause, version, run, world, subject, kind, payload, chain"

  /// Runs a statement whose rows are events.
  func events(_ sql: String, _ values: [SQLValue]) throws(DatabaseFailure) -> [JournalEvent] {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(values)
    var events: [JournalEvent] = []
    while try statement.step() {
      guard let event = statement.currentEvent else {
        throw .damaged(
          path: path, reason: "the columns of event \(statement.integer(0)) are not of their types")
      }
      events.append(event)
    }
    return events
  }

  /// Runs `body` on one moment of the database.
  func snapshot<Result>(
    _ body: () throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result {
    try inDatabase { () throws(DatabaseFailure) in try run("BEGIN") }
    defer { rollBack() }
    return try body()
  }
}

extension SQLiteStatement {
  /// Whether the columns of the current row have the types of an event's.
  var isEvent: Bool {
    for column in 0..<4 as Range<Int32> where kind(column) != .integer { return false }
    for column in 4..<9 as Range<Int32> where kind(column) != .text { return false }
    return kind(9) == .blob && Int32(exactly: integer(3)) != nil
  }

  /// The current row as an event, nil where its columns have other types.
  var currentEvent: JournalEvent? {
    guard isEvent, let chain = DigestBytes(copying: bytes(9)) else { return nil }
    let cause = integer(2)
    return JournalEvent(
      seq: integer(0), at: Timestamp(millisecondsSinceEpoch: integer(1)), run: text(4),
      world: text(5), subject: text(6), kind: text(7), cause: cause == 0 ? nil : cause,
      version: Int(truncatingIfNeeded: integer(3)), payloadText: text(8), chain: chain)
  }

  /// The current row as it lies in memory, until the next step.
  var currentParts: JournalEncoding.Parts {
    JournalEncoding.Parts(
      seq: integer(0), at: integer(1), cause: integer(2),
      version: Int32(truncatingIfNeeded: integer(3)), run: bytes(4), world: bytes(5),
      subject: bytes(6), kind: bytes(7), payload: bytes(8))
  }
}
