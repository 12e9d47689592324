internal import Essentials
internal import Foundation

/// The connection by which an opening of the journal writes, and the queue before it.
///
/// ```
///   append ──▶ waiting ──▶ in the transaction ──▶ committed ──▶ acknowledged
///                 ▲              │ refused by a read model: only these drafts
///                 └── others ────┘ anything else: all drafts of the transaction
/// ```
///
/// Whoever comes first writes for all who came meanwhile, in one transaction (group commit): while
/// one commit waits for the disk the next group gathers. Nobody waits for a timer.
///
/// Other openings and other processes write too. Each transaction therefore begins with what the store
/// says of itself: from where the events end there the chain goes on, and what others have recorded is
/// first applied to the models, of which those others may not have known all.
final class JournalWriter: @unchecked Sendable {
  // Sendable: `waiting` and `isWriting` are used only while `gate` is held; everything else only by
  // the thread that has set `isWriting`.
  private let gate = NSCondition()
  private var waiting: [Ticket] = []
  private var isWriting = false

  private let connection: SQLiteConnection
  private let lock: WriterLock
  private let models: [any JournalReadModel]
  private var encoding = JournalEncoding()
  /// The version of the store's content up to which the models were found to be complete, nil where
  /// nobody has looked. It changes when another connection commits, and only then.
  private var examinedVersion: Int64?

  /// More events are not put into one transaction, so that nobody waits long for others.
  static let groupEventsMax = 10_000

  private final class Ticket {
    let drafts: [JournalDraft]
    var outcome: Result<[JournalEvent], JournalFailure>?

    init(_ drafts: [JournalDraft]) { self.drafts = drafts }
  }

  init(connection: SQLiteConnection, lock: WriterLock, models: [any JournalReadModel]) {
    self.connection = connection
    self.lock = lock
    self.models = models
  }

  /// About how long another writer is waited for.
  var patienceMilliseconds: Int { lock.patienceMilliseconds }

  func append(_ drafts: [JournalDraft]) throws(JournalFailure) -> [JournalEvent] {
    guard !drafts.isEmpty else { return [] }
    let ticket = Ticket(drafts)
    gate.lock()
    waiting.append(ticket)
    while ticket.outcome == nil {
      if isWriting {
        gate.wait()
        continue
      }
      isWriting = true
      let group = nextGroup()
      gate.unlock()
      write(group)
      gate.lock()
      isWriting = false
      gate.broadcast()
    }
    gate.unlock()
    guard let outcome = ticket.outcome else {
      preconditionFailure("the loop above ends with an outcome")
    }
    return try outcome.get()
  }

  /// Runs `body` while nobody appends, in this process or another.
  func exclusively<Result>(
    _ body: (SQLiteConnection) throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result {
    gate.lock()
    while isWriting { gate.wait() }
    isWriting = true
    gate.unlock()
    defer {
      gate.lock()
      isWriting = false
      gate.broadcast()
      gate.unlock()
    }
    return try holding { () throws(JournalFailure) in try body(connection) }
  }

  /// Records drafts together with a further change of the store, in one transaction.
  func append(
    _ drafts: [JournalDraft], with change: (SQLiteConnection) throws(JournalFailure) -> Void
  ) throws(JournalFailure) -> [JournalEvent] {
    try exclusively { connection throws(JournalFailure) in
      try appendHolding(drafts, with: change)
    }
  }

  /// The same for whoever has the right to write already.
  @discardableResult
  func appendHolding(
    _ drafts: [JournalDraft],
    with change: (SQLiteConnection) throws(JournalFailure) -> Void = { _ in }
  ) throws(JournalFailure) -> [JournalEvent] {
    try transaction { end throws(JournalFailure) in
      let events = try record(drafts, after: &end)
      try change(connection)
      return events
    }
  }

  /// Completes the models without recording anything.
  func catchUp() throws(JournalFailure) {
    try exclusively { _ throws(JournalFailure) in
      try transaction { _ throws(JournalFailure) in }
    }
  }

  /// Runs `body` with the right to write.
  private func holding<Result>(
    _ body: () throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result {
    try lock.hold { predecessor throws(JournalFailure) in
      let isMended =
        predecessor == .failed ? try WriteAheadLog.cutOffRest(connection) : false
      return (try body(), isMended)
    }
  }

  /// Runs `body` in a transaction that begins where the events end and leaves the models complete. The
  /// right to write must be held.
  private func transaction<Result>(
    _ body: (inout JournalHead) throws(JournalFailure) -> Result
  ) throws(JournalFailure) -> Result {
    var version: Int64?
    let result = try connection.transaction { () throws(JournalFailure) in
      let record = try JournalRecord(connection)
      version = try inDatabase { () throws(DatabaseFailure) in
        try connection.value("PRAGMA data_version").integer
      }
      if version != examinedVersion {
        try ReadModelBuilder(path: connection.path, record: record)
          .bringUpToDate(models, in: connection)
      }
      var end = record.head
      let result = try body(&end)
      try note(end)
      return result
    }
    examinedVersion = version
    return result
  }

  private func nextGroup() -> [Ticket] {
    var count = 0
    var events = 0
    for ticket in waiting {
      events += ticket.drafts.count
      if count > 0, events > Self.groupEventsMax { break }
      count += 1
    }
    let group = Array(waiting.prefix(count))
    waiting.removeFirst(count)
    return group
  }

  /// Gives every ticket of the group its outcome.
  private func write(_ group: [Ticket]) {
    do throws(JournalFailure) {
      let outcomes = try holding { () throws(JournalFailure) in
        try transaction { end throws(JournalFailure) in
          var outcomes: [Result<[JournalEvent], JournalFailure>] = []
          for ticket in group { outcomes.append(try attempt(ticket.drafts, after: &end)) }
          return outcomes
        }
      }
      for (ticket, outcome) in zip(group, outcomes) { ticket.outcome = outcome }
    } catch {
      for ticket in group { ticket.outcome = .failure(error) }
    }
  }

  /// Records the drafts of one caller; what is wrong with them alone is undone alone.
  private func attempt(
    _ drafts: [JournalDraft], after end: inout JournalHead
  ) throws(JournalFailure) -> Result<[JournalEvent], JournalFailure> {
    let start = end
    try inDatabase { () throws(DatabaseFailure) in try connection.run("SAVEPOINT caller") }
    do throws(JournalFailure) {
      let events = try record(drafts, after: &end)
      try inDatabase { () throws(DatabaseFailure) in try connection.run("RELEASE caller") }
      return .success(events)
    } catch {
      switch error {
      case .refused, .unusableDraft:
        end = start
        try inDatabase { () throws(DatabaseFailure) in
          try connection.run("ROLLBACK TO caller")
          try connection.run("RELEASE caller")
        }
        return .failure(error)
      default: throw error
      }
    }
  }

  private func record(
    _ drafts: [JournalDraft], after end: inout JournalHead
  ) throws(JournalFailure) -> [JournalEvent] {
    let before = end
    var events: [JournalEvent] = []
    events.reserveCapacity(drafts.count)
    for (place, draft) in drafts.enumerated() {
      let payload = draft.payload.compactText
      let objection =
        draft.objection(place: place, head: before.seq)
        ?? (payload.utf8.count > JournalDraft.payloadBytesMax
          ? "its payload has \(payload.utf8.count) bytes" : nil)
      if let objection { throw .unusableDraft(kind: draft.kind, reason: objection) }
      let cause: Int64? =
        switch draft.cause {
        case .none: nil
        case .event(let seq): seq
        case .draft(let other): before.seq + 1 + Int64(other)
        }
      let seq = end.seq + 1
      let chain = encoding.chain(
        after: end.chain, seq: seq, cause: cause, of: draft, payload: payload)
      end = JournalHead(seq: seq, chain: chain)
      let event = JournalEvent(
        seq: seq, at: draft.at, run: draft.run, world: draft.world, subject: draft.subject,
        kind: draft.kind, cause: cause, version: draft.version, payloadText: payload, chain: chain)
      try inDatabase { () throws(DatabaseFailure) in try insert(event) }
      events.append(event)
    }
    for model in models { try model.apply(events, to: JournalTables(connection: connection)) }
    return events
  }

  private func insert(_ event: JournalEvent) throws(DatabaseFailure) {
    let statement = try connection.statement(
      "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    defer { statement.reset() }
    try statement.bind(0, event.seq)
    try statement.bind(1, event.at.millisecondsSinceEpoch)
    try statement.bind(2, event.cause ?? 0)
    try statement.bind(3, Int64(event.version))
    try statement.bind(4, event.run)
    try statement.bind(5, event.world)
    try statement.bind(6, event.subject)
    try statement.bind(7, event.kind)
    try statement.bind(8, event.payloadText)
    try statement.bind(9, event.chain)
    _ = try statement.step()
  }

  /// Notes the head, invariant J6, and that the models of this opening contain everything up to it.
  private func note(_ end: JournalHead) throws(JournalFailure) {
    try inDatabase { () throws(DatabaseFailure) in
      let statement = try connection.statement("UPDATE journal SET head_seq = ?, head_chain = ?")
      defer { statement.reset() }
      try statement.bind(0, end.seq)
      try statement.bind(1, end.chain)
      _ = try statement.step()
      for model in models {
        try connection.run(
          "UPDATE read_model SET applied = ? WHERE name = ?",
          [.integer(end.seq), .text(model.name)]
        )
      }
    }
  }
}

extension SQLiteStatement {
  /// Binds the 32 bytes of a digest.
  func bind(_ index: Int, _ digest: DigestBytes) throws(DatabaseFailure) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(DigestBytes.count)
    digest.withBytes { bytes.append(contentsOf: $0) }
    try bytes.withRawBytes { raw throws(DatabaseFailure) in try bind(index, blob: raw) }
  }
}
