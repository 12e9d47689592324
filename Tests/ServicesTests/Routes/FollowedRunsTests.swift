import Dispatch
import Essentials
import Networking
import Research
import Services
import Storage
import Testing

@Suite("Runs that are followed")
struct FollowedRunsTests {
  /// Remembers the numbers of a run's events.
  private struct Numbers: RunFold {
    var seqs: [Int64] = []
    var lastSeq: Int64 { seqs.last ?? 0 }
    mutating func take(_ event: JournalEvent) {
      if event.seq > lastSeq { seqs.append(event.seq) }
    }
  }

  private func runs(_ desk: DeskBench, runsMax: Int = 4, eventsMax: Int = 10_000)
    -> FollowedRuns<Numbers>
  {
    FollowedRuns(desk.journal, runsMax: runsMax, eventsMax: eventsMax) { _ in Numbers() }
  }

  private func append(_ count: Int, to desk: DeskBench, run: String) throws {
    try desk.journal.append(
      (0..<count).map { _ in JournalDraft("bench.point", at: DeskBench.at(0), run: run) })
  }

  @Test("a question takes in the events that came since the last one, each once")
  func follows() throws {
    let desk = try DeskBench()
    let runs = runs(desk)
    var own: [Int64] = []
    for round in 1...20 {
      try append(round % 5, to: desk, run: "other")
      try append(round % 3, to: desk, run: "r1")
      let head = try desk.journal.head.seq
      own += (0..<Int64(round % 3)).map { head - Int64(round % 3) + 1 + $0 }
      #expect(try runs.with("r1") { $0.seqs } == own)
    }
    #expect(try runs.with("other") { $0.seqs.count } == 40)
  }

  @Test("a long run is read in parts, and every question goes on where the last one stopped")
  func parts() throws {
    let desk = try DeskBench()
    try append(5_000, to: desk, run: "r1")
    let runs = runs(desk, eventsMax: 2_048)
    var refusals: [DeskRefusal] = []
    var count = 0
    while count == 0 {
      do {
        count = try runs.with("r1") { $0.seqs.count }
      } catch let refusal as DeskRefusal {
        refusals.append(refusal)
      }
    }
    #expect(count == 5_000)
    #expect(
      refusals == [
        .catchingUp(run: "r1", folded: 2_048, events: 5_000),
        .catchingUp(run: "r1", folded: 4_096, events: 5_000),
      ])
    #expect(refusals.allSatisfy { $0.status == 503 && $0.headers["Retry-After"] == "1" })
  }

  @Test("a run that ends where a part ends is whole")
  func exactPart() throws {
    let desk = try DeskBench()
    try append(2_048, to: desk, run: "r1")
    #expect(try runs(desk, eventsMax: 2_048).with("r1") { $0.seqs.count } == 2_048)
  }

  @Test("only so many runs are kept, and those that do not exist push out none")
  func bounded() throws {
    let desk = try DeskBench()
    let runs = runs(desk, runsMax: 3)
    for number in 0..<5 {
      try append(2, to: desk, run: "run-\(number)")
      #expect(try runs.with("run-\(number)") { $0.seqs.count } == 2)
      #expect(try runs.with("nobody-\(number)") { $0.seqs.count } == 0)
    }
    #expect(runs.count == 3)
    #expect(try runs.with("run-0") { $0.seqs.count } == 2)
  }

  @Test("many threads see every event of their run once, while it grows")
  func threads() throws {
    let desk = try DeskBench()
    let runs = runs(desk, runsMax: 2)
    DispatchQueue.concurrentPerform(iterations: 6) { worker in
      for round in 0..<30 {
        do {
          if worker < 2 { try append(3, to: desk, run: "run-\(worker)") }
          let seqs = try runs.with("run-\((worker + round) % 3)") { $0.seqs }
          #expect(zip(seqs, seqs.dropFirst()).allSatisfy { $0 < $1 })
        } catch {
          Issue.record(error)
        }
      }
    }
    for run in ["run-0", "run-1"] {
      let expected = try desk.journal.events(limit: 1_000, filter: JournalFilter(run: run))
      #expect(try runs.with(run) { $0.seqs } == expected.map(\.seq))
    }
  }
}
