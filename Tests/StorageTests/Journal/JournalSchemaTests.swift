import Essentials
import Foundation
import Testing

@testable import Storage

@Suite("The format of a journal")
struct JournalSchemaTests {
  private func open(_ bench: JournalBench, _ schema: JournalSchema) throws -> Journal {
    try Journal(path: bench.path, access: JournalBench.access, models: [], schema: schema)
  }

  private func value(_ bench: JournalBench, _ sql: String) throws -> SQLValue {
    try SQLiteConnection(path: bench.path, mode: .reading).value(sql)
  }

  @Test("an empty database, format 0, becomes a journal")
  func formatZero() throws {
    let bench = JournalBench()
    bench.folder.write("", to: "journal.sqlite")
    #expect(
      throws: JournalFailure.olderFormat(path: bench.path, found: 0, known: 1)
    ) { try bench.reading() }
    try bench.fill(3)
    #expect(try value(bench, "PRAGMA user_version") == 1)
    #expect(try bench.reading().birth == JournalBench.birth)
    #expect(try bench.findings() == [])
  }

  @Test("a journal keeps its birth whoever opens it later")
  func birth() throws {
    let bench = JournalBench()
    try bench.fill(1)
    let journal = try Journal.open(
      path: bench.path,
      access: .writing(
        newborn: JournalBirth(id: "other", at: Timestamp(millisecondsSinceEpoch: 5)),
        patienceMilliseconds: 0))
    #expect(journal.birth == JournalBench.birth)
  }

  @Test("migrations that are lacking run in order and keep every event")
  func migration() throws {
    let bench = JournalBench()
    try bench.fill(12)
    let before = try bench.reading().events(limit: 100)
    var next = JournalSchema.current
    next.migrations.append(.init(script: "CREATE TABLE extra (x INTEGER) STRICT"))
    next.migrations.append(.init(script: "INSERT INTO extra SELECT count(*) FROM event"))
    let journal = try open(bench, next)
    #expect(try journal.events(limit: 100) == before)
    #expect(try value(bench, "PRAGMA user_version") == 3)
    #expect(try value(bench, "SELECT x FROM extra") == 12)
    #expect(throws: JournalFailure.newerFormat(path: bench.path, found: 3, known: 1)) {
      try bench.reading()
    }
  }

  @Test("a migration that fails leaves the journal as it was, of its own format")
  func failedMigration() throws {
    let bench = JournalBench()
    try bench.fill(12)
    var next = JournalSchema.current
    next.migrations.append(.init(script: "CREATE TABLE extra (x INTEGER); DELETE FROM event"))
    next.migrations.append(.init(script: "INSERT INTO nowhere VALUES (1)"))
    #expect(throws: JournalFailure.self) { try open(bench, next) }
    #expect(try value(bench, "PRAGMA user_version") == 1)
    #expect(try value(bench, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == 0)
    #expect(try bench.findings() == [])
    #expect(try bench.writing().append(JournalBench.drafts(0..<1)).map(\.seq) == [13])
  }
}
