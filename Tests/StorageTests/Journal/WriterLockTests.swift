import Dispatch
import Essentials
import Foundation
import Mathematics
import Synchronization
import Testing

@testable import Storage

@Suite("A journal that several openings write")
struct WriterLockTests {
  /// Keeps what it was handed, each event once and in order.
  private struct Diary: JournalReadModel {
    let name = "diary"
    let version = 1
    let tables = [
      JournalTable(
        name: "diary_page", columns: "seq INTEGER NOT NULL, run TEXT NOT NULL", key: "seq")
    ]

    func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
      for event in events {
        try store.run("INSERT INTO diary_page VALUES (?, ?)", .integer(event.seq), .text(event.run))
      }
    }

    static func pages(_ journal: Journal) throws -> [Int64] {
      try journal.read { tables throws(JournalFailure) in
        try tables.rows("SELECT seq FROM diary_page ORDER BY seq").compactMap(\.first?.integer)
      }
    }
  }

  @Test("two openings write in turns, each goes on where the other ended (J9)")
  func turns() throws {
    let bench = JournalBench()
    let first = try bench.writing()
    let second = try bench.writing()
    var numbers: [Int64] = []
    for turn in 0..<6 {
      let journal = turn % 2 == 0 ? first : second
      numbers += try journal.append(JournalBench.drafts(turn..<(turn + 3))).map(\.seq)
    }
    #expect(numbers == Array(1...18))
    #expect(try first.events(limit: 100) == second.events(limit: 100))
    #expect(try second.verify().findings == [])
    #expect(try bench.findings() == [])
  }

  @Test("a model misses nothing that openings without it record")
  func modelsOfOne() throws {
    let bench = JournalBench()
    let plain = try bench.writing()
    let keeper = try bench.writing(models: [Diary()])
    try plain.append(JournalBench.drafts(0..<5))
    // Not noted as applied by whoever does not know it.
    #expect(try Diary.pages(keeper) == [])
    #expect(try bench.findings(models: [Diary()]) == [])
    try keeper.append(JournalBench.drafts(5..<6))
    #expect(try Diary.pages(keeper) == Array(1...6))
    try plain.append(JournalBench.drafts(6..<9))
    try keeper.catchUp()
    #expect(try Diary.pages(keeper) == Array(1...9))
    #expect(try keeper.head.seq == 9)
    try plain.retain(from: 5, at: JournalBench.birth.at)
    try plain.append(JournalBench.drafts(10..<11))
    try keeper.append(JournalBench.drafts(11..<12))
    #expect(try Diary.pages(keeper) == Array(1...12))
    #expect(try keeper.verify().findings == [])
  }

  @Test("a refused draft of one does not keep what others recorded from its models")
  func refusalBetween() throws {
    let bench = JournalBench()
    let plain = try bench.writing()
    let keeper = try bench.writing(models: [Diary()])
    try plain.append(JournalBench.drafts(0..<4))
    #expect(throws: JournalFailure.self) {
      try keeper.append(JournalDraft("a", at: JournalBench.birth.at, cause: .event(99)))
    }
    try plain.append(JournalBench.drafts(4..<5))
    try keeper.append(JournalBench.drafts(5..<6))
    #expect(try Diary.pages(keeper) == Array(1...6))
    #expect(try keeper.verify().findings == [])
  }

  @Test("openings that write at once leave one chain, complete models and consistent readers")
  func atOnce() throws {
    let bench = JournalBench()
    let journals = try (0..<4).map { place in
      try bench.writing(
        models: place % 2 == 0 ? [Diary()] : [],
        patienceMilliseconds: JournalBench.patienceMilliseconds)
    }
    let reader = try bench.reading()
    let faults = Mutex<[String]>([])
    let numbers = Mutex<[Int64]>([])
    DispatchQueue.concurrentPerform(iterations: 7) { worker in
      do {
        if worker < 6 {
          for turn in 0..<15 {
            let events = try journals[worker % 4].append(
              JournalBench.drafts(turn..<(turn + 1 + turn % 3)))
            numbers.withLock { $0 += events.map(\.seq) }
          }
        } else {
          for _ in 0..<60 {
            let (counted, head) = try reader.read { tables throws(JournalFailure) in
              (
                try tables.value("SELECT sum(events) FROM run_index_total").integer ?? 0,
                try tables.value("SELECT head_seq FROM journal").integer ?? -1
              )
            }
            if counted != head { faults.withLock { $0.append("\(counted) of \(head) events") } }
          }
        }
      } catch {
        faults.withLock { $0.append("\(error)") }
      }
    }
    #expect(faults.withLock { $0 } == [])
    let head = try reader.head.seq
    #expect(head == 6 * 30)
    #expect(numbers.withLock { $0.sorted() } == Array(1...head))
    try journals[0].catchUp()
    #expect(try Diary.pages(journals[2]) == Array(1...head))
    #expect(try journals[2].verify().findings == [])
    #expect(try bench.findings() == [])
  }

  @Test("an opening and a commit are refused while another writes, and work when it is done")
  func patience() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    try journal.append(JournalBench.drafts(0..<2))
    let held = JournalFailure.heldByAnotherWriter(path: bench.path)
    for byte in [Int64(0), 1] {
      let other = try LockFile(path: bench.path + ".lock")
      #expect(try other.tryLock(byte))
      #expect(throws: held) { try journal.append(JournalBench.drafts(0..<1)) }
      #expect(throws: held) { try bench.writing() }
      #expect(try bench.reading().head.seq == 2)
      other.unlock(byte)
      #expect(try bench.writing().head.seq == 2)
    }
    #expect(try journal.append(JournalBench.drafts(2..<3)).map(\.seq) == [3])
  }

  @Test("who waits for the right to write gets it when it is given back")
  func waiting() async throws {
    let bench = JournalBench()
    try bench.fill(1)
    let other = try LockFile(path: bench.path + ".lock")
    #expect(try other.tryLock(0))
    let path = bench.path
    let waiting = Task.detached {
      try Journal.open(
        path: path,
        access: .writing(
          newborn: JournalBench.birth, patienceMilliseconds: JournalBench.patienceMilliseconds)
      ).append(JournalBench.drafts(1..<2)).map(\.seq)
    }
    other.unlock(0)
    #expect(try await waiting.value == [2])
  }

  @Test("verification leaves out a log that is being written")
  func verificationMeanwhile() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    try journal.append(JournalBench.drafts(0..<5))
    #expect(try journal.verify().findings == [])
    let other = try LockFile(path: bench.path + ".lock")
    #expect(try other.tryLock(0))
    #expect(try journal.verify().findings == [])
  }

  /// A journal that is open while another process dies in the midst of a commit, after it wrote the
  /// log and before it told the others.
  private final class DeathBed {
    let bench = JournalBench()
    let survivor: Journal

    init() throws {
      survivor = try bench.writing(models: [Diary()])
      try survivor.append(JournalBench.drafts(0..<10))
      let copy = JournalBench()
      for name in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: bench.path + name, toPath: copy.path + name)
      }
      let log = try log(of: bench)
      let dead = try copy.writing()
      for size in [3, 40] { try dead.append(JournalBench.drafts(0..<size)) }
      let longer = try self.log(of: copy)
      try #require(longer.starts(with: log) && longer.count > log.count + 4)
      // Written into the same file, since the survivor has it open.
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: bench.path + "-wal"))
      try handle.write(contentsOf: longer)
      try handle.close()
      try LockFile(path: bench.path + ".lock").mark(true)
      withExtendedLifetime(dead) {}
    }

    private func log(of bench: JournalBench) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: bench.path + "-wal"))
    }
  }

  @Test("what a dead writer left in the log is no damage for those who go on")
  func death() throws {
    let bed = try DeathBed()
    #expect(try bed.survivor.append(JournalBench.drafts(10..<11)).map(\.seq) == [11])
    #expect(try WriteAheadLog.damage(journal: bed.bench.path) == nil)
    #expect(try bed.survivor.verify().findings == [])
    let next = try bed.bench.writing()
    #expect(try next.append(JournalBench.drafts(11..<12)).map(\.seq) == [12])
    #expect(try next.events(limit: 100).allSatisfy { $0.kind != "journal.recovered" })
    #expect(try bed.survivor.append(JournalBench.drafts(12..<13)).map(\.seq) == [13])
    #expect(try Diary.pages(bed.survivor) == Array(1...13))
  }

  @Test("without the mark of its death the same log would be taken for damaged")
  func deathUnnoticed() throws {
    let bed = try DeathBed()
    try LockFile(path: bed.bench.path + ".lock").mark(false)
    try bed.survivor.append(JournalBench.drafts(10..<11))
    #expect(try WriteAheadLog.damage(journal: bed.bench.path) != nil)
  }

  @Test("who opens the journal after a death takes over without a word")
  func deathBeforeOpening() throws {
    let bed = try DeathBed()
    let next = try bed.bench.writing()
    #expect(try next.append(JournalBench.drafts(10..<11)).map(\.seq) == [11])
    #expect(try next.events(limit: 100).allSatisfy { $0.kind != "journal.recovered" })
    #expect(try bed.survivor.append(JournalBench.drafts(11..<12)).map(\.seq) == [12])
    #expect(try WriteAheadLog.damage(journal: bed.bench.path) == nil)
    #expect(try bed.survivor.verify().findings == [])
  }

  @Test("a process that ends while others write leaves them their log")
  func closing() throws {
    let bench = JournalBench()
    let first = try bench.writing()
    for turn in 0..<4 {
      try bench.fill(3)
      try first.append(JournalBench.drafts(0..<1))
      #expect(try bench.reading().head.seq == Int64(4 * (turn + 1)))
    }
    #expect(try first.verify().findings == [])
  }
}
