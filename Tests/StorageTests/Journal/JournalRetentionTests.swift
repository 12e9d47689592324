import Essentials
import Foundation
import Testing

@testable import Storage

@Suite("Archives of the journal")
struct JournalRetentionTests {
  private let now = Timestamp(millisecondsSinceEpoch: 99_000)

  @Test("events move into a file, numbers and chain go on, and all of it verifies (J7)")
  func retention() throws {
    let bench = JournalBench()
    try bench.fill(40)
    let journal = try bench.writing()
    let all = try journal.events(limit: 100)
    let runs = {
      try journal.read { tables throws(JournalFailure) in
        try RunIndex().latest(10, in: tables).filter { !$0.run.isEmpty }
      }
    }
    let before = try runs()
    let segment = try journal.retain(from: 11, at: now)
    #expect(segment.first == 1 && segment.last == 10)
    #expect(segment.chain == all[9].chain)
    #expect(try journal.archivedThrough == 10)
    #expect(Array(try journal.events(limit: 100).prefix(30)) == Array(all[10...]))
    #expect(try journal.events(after: 40, limit: 10).map(\.kind) == ["journal.archived"])
    #expect(try runs() == before)
    let second = try journal.retain(from: 42, at: now)
    #expect(second.first == 11 && second.last == 41)
    #expect(try journal.append(JournalBench.drafts(0..<3)).map(\.seq) == [43, 44, 45])
    let verdict = try journal.verify()
    #expect(verdict.findings == [])
    #expect(verdict.omissions == [])
    #expect(verdict.eventsExamined == 45)
    #expect(verdict.archivedThrough == 41)

    var archived: [JournalEvent] = []
    for segment in [segment, second] {
      try JournalArchive(journal: bench.path, segment: segment).read {
        events throws(JournalFailure) in archived += events
      }
    }
    #expect(Array(archived.prefix(40)) == all)
  }

  @Test("a cut that makes no sense is refused and leaves everything as it is")
  func refusedCuts() throws {
    let bench = JournalBench()
    try bench.fill(5)
    let journal = try bench.writing()
    for first in [Int64.min + 1, 0, 1, 7, 1000] {
      let failure = #expect(throws: JournalFailure.self) {
        try journal.retain(from: first, at: now)
      }
      #expect(failure?.key == "unusable_cut")
    }
    #expect(try journal.head.seq == 5)
    #expect(bench.folder.names().contains("journal.sqlite.archive") == false)
    try bench.readingTampered("UPDATE event SET at = 0 WHERE seq = 2", journal)
    #expect(
      throws: JournalFailure.integrity(path: bench.path, finding: .eventChanged(seq: 2))
    ) { try journal.retain(from: 4, at: now) }
    #expect(bench.folder.names(in: "journal.sqlite.archive") == [])
  }

  @Test("a changed archive is found, a missing one is said to be missing")
  func archives() throws {
    let bench = JournalBench()
    try bench.fill(30)
    let segment = try bench.writing().retain(from: 21, at: now)
    let file = "journal.sqlite.archive/\(segment.file)"
    let bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: "\(bench.folder.path)/\(file)")))
    for offset in stride(from: 0, to: bytes.count, by: 97) {
      var changed = bytes
      changed[offset] ^= 4
      bench.folder.write(changed, to: file)
      #expect(
        try bench.findings() == [
          .archiveChanged(
            file: segment.file, detail: "its bytes are not those that were written")
        ])
    }
    try FileManager.default.removeItem(atPath: "\(bench.folder.path)/\(file)")
    let verdict = try bench.reading().verify()
    #expect(verdict.findings == [])
    #expect(verdict.eventsExamined == 11)
    #expect(verdict.omissions.count == 4, "\(verdict.omissions)")
    #expect(verdict.omissions[0].contains("is not there"))
  }

  @Test("a model that is new to a journal is built from its archives too")
  func newModel() throws {
    struct Count: JournalReadModel {
      let name = "event_count"
      let version = 1
      let tables = [JournalTable(name: "event_count_seq", columns: "seq INTEGER", key: "seq")]

      func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
        for event in events {
          try store.run("INSERT INTO event_count_seq VALUES (?)", .integer(event.seq))
        }
      }
    }
    let bench = JournalBench()
    try bench.fill(30)
    try bench.writing().retain(from: 11, at: now)
    try bench.writing().retain(from: 26, at: now)
    var journal: Journal? = try bench.writing(models: [Count()])
    let count = try journal?.read { tables throws(JournalFailure) in
      try tables.value("SELECT count(*) FROM event_count_seq")
    }
    #expect(count == 32)
    #expect(try journal?.verify().findings == [])
    journal = nil
    let other = JournalBench()
    try FileManager.default.copyItem(atPath: bench.path, toPath: other.path)
    try other.tamper("DELETE FROM read_model WHERE name = 'event_count'")
    #expect(throws: JournalFailure.self) { try other.writing(models: [Count()]) }
    #expect(try other.writing().head.seq == 32)
  }
}

extension JournalBench {
  /// Changes the store while its writer holds it.
  fileprivate func readingTampered(_ script: String, _ journal: Journal) throws {
    let connection = try SQLiteConnection(path: path, mode: .writing)
    try connection.execute(script)
  }
}
