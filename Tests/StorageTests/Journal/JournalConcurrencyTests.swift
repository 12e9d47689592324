import Dispatch
import Essentials
import Synchronization
import Testing

@testable import Storage

@Suite("The journal with many callers")
struct JournalConcurrencyTests {
  @Test("callers on many threads share commits, and readers see only whole prefixes")
  func manyThreads() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    let threads = 6
    let each = 25
    let acknowledged = Mutex<[Int64: String]>([:])
    let faults = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: threads + 2) { worker in
      do {
        if worker < threads {
          for turn in 0..<each {
            let drafts = JournalBench.drafts(turn..<(turn + 1 + turn % 3)).map { draft in
              var draft = draft
              draft.run = "worker-\(worker)"
              return draft
            }
            for event in try journal.append(drafts) {
              acknowledged.withLock { $0[event.seq] = event.run }
            }
          }
        } else {
          var seen: [Int64] = []
          for _ in 0..<60 {
            seen += try journal.events(after: seen.last ?? 0, limit: 50).map(\.seq)
          }
          if seen != Array(1...max(1, Int64(seen.count))), !seen.isEmpty {
            faults.withLock { $0.append("a reader saw \(seen)") }
          }
        }
      } catch {
        faults.withLock { $0.append("\(error)") }
      }
    }
    #expect(faults.withLock { $0 } == [])
    let all = try journal.events(limit: 10_000)
    #expect(all.map(\.seq) == Array(1...Int64(all.count)))
    #expect(acknowledged.withLock { $0 } == [:].merging(all.map { ($0.seq, $0.run) }) { $1 })
    #expect(try journal.verify(threads: 2).findings == [])
  }

  /// A model that admits no event of one kind.
  private struct Bouncer: JournalReadModel {
    let name = "bouncer"
    let version = 1
    let tables = [
      JournalTable(name: "bouncer_seen", columns: "seq INTEGER NOT NULL", key: "seq")
    ]

    func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
      for event in events {
        try store.run("INSERT INTO bouncer_seen VALUES (?)", .integer(event.seq))
        if event.kind == "bad.event" { throw .refused(model: name, reason: "it is bad") }
      }
    }
  }

  @Test("what a model refuses is undone alone, not what others append with it")
  func refusals() throws {
    let bench = JournalBench()
    let journal = try bench.writing(models: [Bouncer()])
    let refused = Atomic<Int>(0)
    let accepted = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 8) { worker in
      for turn in 0..<20 {
        let isBad = (worker + turn) % 3 == 0
        let drafts = ["fine.event", isBad ? "bad.event" : "fine.event"].map {
          JournalDraft($0, at: JournalBench.birth.at, run: "worker-\(worker)")
        }
        do throws(JournalFailure) {
          try journal.append(drafts)
          if !isBad { accepted.add(1, ordering: .relaxed) }
        } catch {
          if isBad, error.key == "event_refused" { refused.add(1, ordering: .relaxed) }
        }
      }
    }
    #expect(refused.load(ordering: .relaxed) + accepted.load(ordering: .relaxed) == 160)
    let events = try journal.events(limit: 1000)
    #expect(events.count == 2 * accepted.load(ordering: .relaxed))
    #expect(events.allSatisfy { $0.kind == "fine.event" })
    #expect(try journal.verify().findings == [])
  }
}
