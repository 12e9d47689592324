internal import Dispatch
internal import Essentials
internal import Synchronization

/// Holds a journal against its invariants.
///
/// The events are cut into stretches that threads take in turn. A stretch begins with the chain value
/// that is stored before it, which the stretch before it proves, so the stretches need not wait for
/// each other.
struct JournalVerification: Sendable {
  let path: String
  let birth: JournalBirth
  let models: [any JournalReadModel]
  let readers: ReaderPool
  let record: JournalRecord
  let scope: JournalScope
  let progress: (@Sendable (Int, Int) -> Void)?

  /// The events of a stretch: long enough to make its beginning cheap.
  private static let stretch: Int64 = 16_384

  func run(threads: Int) throws(JournalFailure) -> JournalVerdict {
    let found = Notebook()
    let bounds = try bounds(found)
    let besides: [Job] =
      scope == .events ? [] : [.structure, .archives] + models.indices.map(Job.model)
    let jobs =
      besides
      + stride(from: record.anchor.seq, to: bounds.last, by: Int(Self.stretch)).map(Job.events)
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let total = Int(bounds.last - record.anchor.seq)
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
      while true {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard turn < jobs.count else { return }
        do throws(JournalFailure) {
          let findings = try perform(jobs[turn], through: bounds.last, found)
          found.contents.withLock { $0.add(findings) }
        } catch {
          let finding = Self.finding(of: error)
          found.contents.withLock { $0.add([finding]) }
        }
        if case .events(let start) = jobs[turn] {
          let count = Int(min(Self.stretch, bounds.last - start))
          progress?(done.wrappingAdd(count, ordering: .relaxed).newValue, total)
        }
      }
    }
    return found.contents.withLock { found in
      JournalVerdict(
        birth: birth, archivedThrough: record.anchor.seq, head: record.head,
        eventsExamined: found.examined, findings: found.inOrder, omissions: found.omissions.sorted()
      )
    }
  }

  /// A part of the work, by the threads taken in turn; the longest stand first.
  private enum Job {
    case structure
    case archives
    /// The read model at this place.
    case model(Int)
    /// The stretch of events after this number.
    case events(after: Int64)
  }

  private func perform(
    _ job: Job, through last: Int64, _ found: Notebook
  ) throws(JournalFailure) -> [JournalFinding] {
    switch job {
    case .structure: return try examineStructure()
    case .archives: return try examineArchives(found)
    case .model(let place): return try examine(models[place], found)
    case .events(let start):
      let end = min(start + Self.stretch, last)
      found.contents.withLock { $0.examined += Int(end - start) }
      return try examineEvents(after: start, through: end)
    }
  }

  /// What the threads write down.
  private final class Notebook: Sendable {
    let contents = Mutex(Findings())
  }

  private struct Findings {
    var all: [JournalFinding] = []
    var omissions: [String] = []
    var examined = 0

    mutating func add(_ findings: [JournalFinding]) { all += findings }

    /// By the event they name; what names none stands last.
    var inOrder: [JournalFinding] {
      let order = all.indices.sorted { left, right in
        (all[left].seq ?? .max, all[left].key, all[left].description)
          < (all[right].seq ?? .max, all[right].key, all[right].description)
      }
      return order.prefix(JournalVerdict.findingsMax).map { all[$0] }
    }
  }

  private static func finding(of failure: JournalFailure) -> JournalFinding {
    switch failure {
    case .integrity(_, let finding): finding
    case .archiveDamaged(let path, let reason):
      .archiveChanged(file: path, detail: reason)
    case .database(.damaged(_, let reason)): .structureChanged(detail: reason)
    default: .structureChanged(detail: failure.explanation)
    }
  }

  // MARK: - Events

  /// Holds the numbers at both ends against the journal's record, and returns where the events end.
  private func bounds(_ found: Notebook) throws(JournalFailure) -> (
    first: Int64, last: Int64
  ) {
    try readers.with { connection throws(JournalFailure) in
      let (first, last) = try inDatabase { () throws(DatabaseFailure) in
        (
          try connection.value("SELECT min(seq) FROM event").integer,
          try connection.value("SELECT max(seq) FROM event").integer
        )
      }
      var findings: [JournalFinding] = []
      if let first, first <= record.anchor.seq { findings.append(.eventUnexpected(seq: first)) }
      if let last, last > record.head.seq {
        findings.append(.eventUnexpected(seq: record.head.seq + 1))
      }
      if record.anchor.seq > record.head.seq || record.anchor.seq < 0 {
        findings.append(.headChanged(seq: record.head.seq))
      }
      let genesis = JournalEncoding.genesis(birth)
      if record.anchor.seq == 0, record.anchor.chain != genesis {
        findings.append(.structureChanged(detail: "the birth record or its chain value"))
      }
      if record.head.seq == 0, record.head.chain != genesis {
        findings.append(.headChanged(seq: 0))
      }
      found.contents.withLock { $0.add(findings) }
      return (record.anchor.seq, max(record.anchor.seq, record.head.seq))
    }
  }

  /// Holds the events of one stretch against the chain, invariants J1 and J3.
  private func examineEvents(
    after start: Int64, through end: Int64
  ) throws(JournalFailure) -> [JournalFinding] {
    try readers.with { connection throws(JournalFailure) in
      var walk = ChainWalk(start: start, predecessor: try chain(of: start, in: connection))
      do throws(DatabaseFailure) {
        let statement = try connection.statement(
          """
          SELECT \(SQLiteConnection.eventColumns) FROM event
          WHERE seq > ? AND seq <= ? ORDER BY seq
          """)
        defer { statement.reset() }
        try statement.bind(0, start)
        try statement.bind(1, end)
        while try statement.step() { walk.visit(statement) }
      } catch {
        walk.stop(error.reason)
        return walk.findings
      }
      walk.finish(end: end, head: record.head)
      return walk.findings
    }
  }

  /// The stored chain value of an event, nil where it cannot be had.
  private func chain(
    of seq: Int64, in connection: SQLiteConnection
  ) throws(JournalFailure) -> DigestBytes? {
    if seq == record.anchor.seq { return record.anchor.chain }
    return (try? connection.value("SELECT chain FROM event WHERE seq = ?", [.integer(seq)]))?.digest
  }

  // MARK: - Structure

  /// Holds tables, indexes and pages against what was made.
  private func examineStructure() throws(JournalFailure) -> [JournalFinding] {
    let connection = try inDatabase { () throws(DatabaseFailure) in try readers.connect() }
    let blank = try inDatabase { () throws(DatabaseFailure) in
      try SQLiteConnection(path: path, mode: .memory)
    }
    try blank.transaction { () throws(JournalFailure) in
      try JournalSchema.current.migrate(blank, birth: birth)
    }
    let known = try inDatabase { () throws(DatabaseFailure) in
      Set(try connection.rows("SELECT name FROM read_model").compactMap(\.first?.text))
    }
    for model in models where known.contains(model.name) { try model.create(in: blank) }
    let strangers = known.subtracting(models.map(\.name)).sorted()
    return try inDatabase { () throws(DatabaseFailure) in
      let query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
      let made = Set(try blank.rows(query))
      let found = try connection.rows(query).filter { row in
        !strangers.contains { (row[2].text ?? "").hasPrefix($0 + "_") }
      }
      var findings: [JournalFinding] = []
      for row in found where !made.contains(row) {
        findings.append(
          .structureChanged(detail: "\(row[0].text ?? "?") \(row[1].text ?? "?") is not ours"))
      }
      for row in made.subtracting(found).sorted(by: { ($0[1].text ?? "") < ($1[1].text ?? "") }) {
        findings.append(
          .structureChanged(detail: "\(row[0].text ?? "?") \(row[1].text ?? "?") is missing"))
      }
      for row in try connection.rows("PRAGMA integrity_check(20)") where row.first?.text != "ok" {
        findings.append(.structureChanged(detail: row.first?.text ?? "unknown"))
      }
      return findings
    }
  }

  // MARK: - Archives and read models

  /// Holds the cut against the event that explains it, and the archives against the chain (J7).
  private func examineArchives(
    _ found: Notebook
  ) throws(JournalFailure) -> [JournalFinding] {
    guard record.anchor.seq > 0 else { return [] }
    let (explanation, segments) = try readers.with { connection throws(JournalFailure) in
      let events = try inDatabase { () throws(DatabaseFailure) in
        try connection.events(
          "SELECT \(SQLiteConnection.eventColumns) FROM event WHERE kind = ? ORDER BY seq",
          [.text(ArchivedSegment.kind)])
      }
      return (
        events.compactMap { $0.payload.flatMap(ArchivedSegment.init) }
          .last { $0.last == record.anchor.seq && $0.chain == record.anchor.chain },
        try ArchiveIndex().segments(in: JournalTables(connection: connection))
      )
    }
    guard explanation != nil else { return [.cutUnexplained(seq: record.anchor.seq)] }
    var findings: [JournalFinding] = []
    var before = JournalHead(seq: 0, chain: JournalEncoding.genesis(birth))
    for segment in segments {
      if segment.first != before.seq + 1 || segment.chainBefore != before.chain {
        findings.append(
          .archiveChanged(file: segment.file, detail: "it does not follow on event \(before.seq)"))
      }
      before = JournalHead(seq: segment.last, chain: segment.chain)
      do throws(JournalFailure) {
        var count = 0
        try JournalArchive(journal: path, segment: segment).read { events throws(JournalFailure) in
          count += events.count
        }
        found.contents.withLock { $0.examined += count }
      } catch {
        switch error {
        case .archiveMissing(let path):
          found.contents.withLock {
            $0.omissions.append(
              "The archive \(path) with the events \(segment.first) to \(segment.last) is not there."
            )
          }
        case .archiveDamaged(_, let reason):
          findings.append(.archiveChanged(file: segment.file, detail: reason))
        default: throw error
        }
      }
    }
    if before != record.anchor { findings.append(.cutUnexplained(seq: record.anchor.seq)) }
    return findings
  }

  /// Builds a read model from the events and holds the stored one against it, invariant J8.
  private func examine(
    _ model: any JournalReadModel, _ found: Notebook
  ) throws(JournalFailure) -> [JournalFinding] {
    let builder = ReadModelBuilder(path: path, record: record)
    return try readers.with { connection throws(JournalFailure) in
      let (version, applied) = try builder.registration(of: model, in: connection)
      guard version == Int64(model.version), let applied else {
        found.contents.withLock {
          $0.omissions.append(
            "The tables of \(model.name) are those of another version of the program.")
        }
        return []
      }
      guard applied <= record.head.seq else {
        return [.readModelChanged(model: model.name, detail: "it is ahead of the events")]
      }
      let blank = try inDatabase { () throws(DatabaseFailure) in
        try SQLiteConnection(path: path, mode: .memory)
      }
      try model.create(in: blank)
      do throws(JournalFailure) {
        try builder.replay(after: 0, through: applied, of: model.kinds, from: connection) {
          events throws(JournalFailure) in
          try model.apply(events, to: JournalTables(connection: blank))
        }
      } catch {
        switch error {
        case .archiveMissing, .archiveDamaged:
          found.contents.withLock {
            $0.omissions.append(
              "\(model.name) cannot be rebuilt without the archived events.")
          }
          return []
        default: throw error
        }
      }
      for table in model.tables {
        let query = "SELECT * FROM \(table.name) ORDER BY \(table.key)"
        let difference = try inDatabase { () throws(DatabaseFailure) in
          try connection.firstDifference(query, from: blank)
        }
        if let difference {
          return [.readModelChanged(model: model.name, detail: "\(table.name), \(difference)")]
        }
      }
      return []
    }
  }
}

/// Walks along the chain, one event after the other.
private struct ChainWalk {
  private var encoding = JournalEncoding()
  private var seq: Int64
  /// The chain value before the next event, nil where it is not known.
  private var predecessor: DigestBytes?
  /// The chain value that follows from the content of an event that does not fit its stored one.
  private var computed: DigestBytes?
  private(set) var findings: [JournalFinding] = []

  init(start: Int64, predecessor: DigestBytes?) {
    seq = start
    self.predecessor = predecessor
  }

  mutating func visit(_ row: SQLiteStatement) {
    guard findings.count < JournalVerdict.findingsMax else { return }
    let found = row.integer(0)
    if found > seq + 1 {
      findings.append(.eventsMissing(first: seq + 1, last: found - 1))
      predecessor = nil
      computed = nil
    } else if found <= seq {
      findings.append(.eventUnexpected(seq: found))
      return
    }
    seq = found
    guard row.isEvent, let stored = DigestBytes(copying: row.bytes(9)) else {
      findings.append(.eventChanged(seq: found))
      predecessor = nil
      computed = nil
      return
    }
    defer { predecessor = stored }
    let suspect = computed
    computed = nil
    guard let predecessor else { return }
    let parts = row.currentParts
    let chain = encoding.chain(after: predecessor, parts)
    if chain == stored { return }
    // The event before did not fit its own value; if this one fits what its content gives, the
    // content was right and the value was changed.
    if let suspect, encoding.chain(after: suspect, parts) == stored {
      findings[findings.count - 1] = .chainValueChanged(seq: found - 1)
      return
    }
    findings.append(.eventChanged(seq: found))
    computed = chain
  }

  mutating func stop(_ reason: String) {
    findings.append(.eventUnreadable(seq: seq + 1, reason: reason))
  }

  mutating func finish(end: Int64, head: JournalHead) {
    if seq < end { findings.append(.eventsMissing(first: seq + 1, last: end)) }
    guard seq == head.seq, seq == end, let predecessor, predecessor != head.chain else { return }
    if let computed, computed == head.chain {
      findings[findings.count - 1] = .chainValueChanged(seq: seq)
    } else if computed == nil {
      findings.append(.headChanged(seq: seq))
    }
  }
}

extension DatabaseFailure {
  /// The reason alone, where there is one.
  fileprivate var reason: String {
    if case .damaged(_, let reason) = self { reason } else { explanation }
  }
}

extension SQLiteConnection {
  /// The first row in which an answer differs from that of another database, in words.
  fileprivate func firstDifference(
    _ query: String, from other: SQLiteConnection
  ) throws(DatabaseFailure) -> String? {
    let ours = try statement(query)
    let theirs = try other.statement(query)
    defer {
      ours.reset()
      theirs.reset()
    }
    var row = 0
    while true {
      row += 1
      let mine = try ours.step() ? ours.values : nil
      let right = try theirs.step() ? theirs.values : nil
      if mine == nil, right == nil { return nil }
      if mine != right { return "row \(row)" }
    }
  }
}
