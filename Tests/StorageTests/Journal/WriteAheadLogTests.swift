import Essentials
import Foundation
import Mathematics
import Testing

@testable import Storage

@Suite("The write-ahead log of a journal")
struct WriteAheadLogTests {
  /// The files of a journal whose writer ended without closing it, after commits of known ends.
  private struct Wreck {
    let journal: [UInt8]
    let log: [UInt8]
    let events: [JournalEvent]
    /// The numbers of the last events of the commits that are only in the log.
    let ends: [Int64]

    static let frame = 24 + 4096

    init() throws {
      let bench = JournalBench()
      try bench.fill(20)
      let open = try bench.writing()
      var ends: [Int64] = []
      for start in [20, 23, 26, 29] {
        ends.append(try open.append(JournalBench.drafts(start..<(start + 3)))[2].seq)
      }
      self.ends = ends
      events = try open.events(limit: 100)
      journal = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.path)))
      log = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.path + "-wal")))
      withExtendedLifetime(open) {}
    }

    func bench(log: [UInt8]) -> JournalBench {
      let bench = JournalBench()
      bench.folder.write(journal, to: "journal.sqlite")
      bench.folder.write(log, to: "journal.sqlite-wal")
      return bench
    }

    var frames: Int { (log.count - 32) / Self.frame }
  }

  @Test("what was acknowledged is there after the end of a process that closed nothing (J5)")
  func recovery() throws {
    let wreck = try Wreck()
    let bench = wreck.bench(log: wreck.log)
    #expect(try bench.reading().events(limit: 100) == wreck.events)
    let journal = try bench.writing()
    #expect(try journal.events(limit: 100) == wreck.events)
    #expect(try journal.verify().findings == [])
    #expect(try journal.append(JournalBench.drafts(0..<1)).map(\.seq) == [33])
  }

  @Test("a log that ends anywhere is a shorter journal that goes on, and no damage")
  func torn() throws {
    let wreck = try Wreck()
    var generator = SplitMix64(seed: 3)
    var cuts = (0...wreck.frames).map { 32 + $0 * Wreck.frame }
    cuts += (0..<20).map { _ in Int.random(in: 0..<wreck.log.count, using: &generator) }
    for cut in cuts {
      let bench = wreck.bench(log: Array(wreck.log[..<cut]))
      let journal = try bench.writing()
      let head = try journal.head.seq
      #expect(([20] + wreck.ends).contains(head), "cut at \(cut)")
      #expect(try journal.events(limit: 100) == Array(wreck.events.prefix(Int(head))))
      #expect(try journal.verify().findings == [])
      #expect(try journal.append(JournalBench.drafts(0..<2)).map(\.seq) == [head + 1, head + 2])
      #expect(try journal.verify().findings == [])
    }
  }

  @Test("a bit that flipped in the log is found, or nobody reads what it changed")
  func flippedBits() throws {
    let wreck = try Wreck()
    var generator = SplitMix64(seed: 4)
    // Every byte of the log's header and of the last frames' headers, then any.
    let places =
      Array(0..<32)
      + (0..<48).map { 32 + (wreck.frames - 1 - $0 / 24) * Wreck.frame + $0 % 24 }
      + (0..<30).map { _ in Int.random(in: 0..<wreck.log.count, using: &generator) }
    for offset in places {
      var log = wreck.log
      log[offset] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
      let bench = wreck.bench(log: log)
      do {
        let journal = try bench.reading()
        let verdict = try journal.verify()
        if try journal.events(limit: 100) != wreck.events {
          #expect(!verdict.isIntact, "byte \(offset) of \(wreck.frames) frames")
        }
      } catch is JournalFailure {}
    }
  }

  @Test("a log with acknowledged events behind the damage is not written over")
  func refusedToWrite() throws {
    let wreck = try Wreck()
    var log = wreck.log
    log[32 + 24 + 100] ^= 1
    let bench = wreck.bench(log: log)
    let failure = #expect(throws: JournalFailure.self) { try bench.writing() }
    #expect(failure == .integrity(path: bench.path, finding: .logDamaged(frame: 1)))
    #expect(failure?.outcome == .integrityViolated)
    #expect(try bench.findings() == [.logDamaged(frame: 1)])
  }

  @Test("where the power may have failed the journal goes on and says what happened")
  func interruptedCommit() throws {
    let wreck = try Wreck()
    var log = wreck.log
    log[log.count - 1] ^= 1
    let bench = wreck.bench(log: log)
    #expect(try bench.findings() == [.logDamaged(frame: wreck.frames)])
    let journal = try bench.writing()
    let events = try journal.events(after: 29, limit: 10)
    #expect(events.map(\.kind) == ["journal.recovered"])
    #expect(events[0].payload?["frame"] == .integer(wreck.frames))
    #expect(events[0].payload?["head"] == 29)
    #expect(try journal.verify().findings == [])
  }

  @Test("the rest of an earlier log behind a proper end is no damage")
  func earlierLog() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    for _ in 0..<3 {
      for start in 0..<4 { try journal.append(JournalBench.drafts(start..<(start + 2))) }
      // The next commit begins the log anew, over what is in it.
      try journal.writer?.exclusively { connection throws(JournalFailure) in
        _ = try inDatabase { () throws(DatabaseFailure) in
          try connection.rows("PRAGMA wal_checkpoint(RESTART)")
        }
      }
      try journal.append(JournalBench.drafts(0..<1))
      #expect(try WriteAheadLog.damage(journal: bench.path) == nil)
    }
  }
}
