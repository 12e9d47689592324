import Essentials
import Testing

@testable import Storage

@Suite("Read models of the journal")
struct ReadModelTests {
  private func runs(_ journal: Journal) throws -> [RunSummary] {
    try journal.read { tables throws(JournalFailure) in try RunIndex().latest(100, in: tables) }
  }

  @Test("the runs are what counting the events gives, however these were grouped")
  func runIndex() throws {
    for size in [1, 7, 100] {
      let bench = JournalBench()
      let journal = try bench.writing()
      for start in stride(from: 0, to: 100, by: size) {
        try journal.append(JournalBench.drafts(start..<min(100, start + size)))
      }
      let events = try journal.events(limit: 1000)
      let plain = ["run-1", "run-0"].map { run in
        let own = events.filter { $0.run == run }
        return RunSummary(
          run: run, events: own.count, first: own[0].seq, last: own[own.count - 1].seq,
          start: own[0].at, end: own.map(\.at).max() ?? own[0].at,
          endedAt: own.last { $0.kind == "run.summary" }?.at,
          kinds: Set(own.map(\.kind)).sorted().map { kind in
            .init(kind: kind, events: own.count { $0.kind == kind })
          })
      }
      #expect(try runs(journal) == plain)
    }
  }

  @Test("a run ends when it says so, and not when the market that it replayed did")
  func endOfRuns() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    let clock = Timestamp(millisecondsSinceEpoch: 1_800_000_000_000)
    let market = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
    func write(_ kind: String, _ at: Timestamp) throws {
      try journal.append([JournalDraft(kind, at: at, run: "replay")])
    }
    func run() throws -> RunSummary { try #require(try runs(journal).first) }
    try write("run.started", clock)
    try write("replay.decision", market)
    try write("replay.decision", market + .days(1))
    #expect(try run().isUnfinished)
    #expect(try run().start == clock)
    #expect(try run().end == clock)
    try write("run.summary", clock + .seconds(5))
    #expect(try !run().isUnfinished)
    #expect(try run().endedAt == clock + .seconds(5))
    try write("replay.decision", market)
    #expect(try run().endedAt == clock + .seconds(5))
    #expect(try run().end == clock + .seconds(5))
  }

  @Test("runs are found one by one and page by page, as the list of all has them")
  func runIndexPages() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    try journal.append(JournalBench.drafts(0..<100))
    let all = try runs(journal)
    try journal.read { tables throws(JournalFailure) in
      for summary in all {
        #expect(try RunIndex().summary(of: summary.run, in: tables) == summary)
        #expect(
          try RunIndex().latest(9, before: summary.last, in: tables)
            == all.filter { $0.last < summary.last })
      }
      #expect(try RunIndex().summary(of: "nobody", in: tables) == nil)
      #expect(try RunIndex().latest(1, in: tables) == Array(all.prefix(1)))
    }
  }

  @Test("a trial is a formula on a panel, counted once, and only where its payload says so")
  func trialIndex() throws {
    func completed(_ formula: String, _ panel: String) -> JournalDraft {
      JournalDraft(
        TrialIndex.kind, at: JournalBench.birth.at,
        payload: [
          "formula": ["fingerprint": .string(Fingerprint(of: formula).hexadecimal)],
          "panel": ["fingerprint": .string(Fingerprint(of: panel).hexadecimal)],
        ])
    }
    let bench = JournalBench()
    let journal = try bench.writing()
    var other = completed("d", "us")
    other.kind = "simulation.enqueued"
    try journal.append([
      completed("a", "us"), completed("b", "us"), completed("a", "us"), completed("c", "crypto"),
      other, JournalDraft(TrialIndex.kind, at: JournalBench.birth.at, payload: ["formula": 3]),
    ])
    func trials(_ panel: String, besides formulas: [String]) throws -> Int {
      try journal.read { tables throws(JournalFailure) in
        try TrialIndex().trials(
          on: Fingerprint(of: panel), besides: Set(formulas.map { Fingerprint(of: $0) }),
          in: tables)
      }
    }
    #expect(try trials("us", besides: []) == 2)
    #expect(try trials("us", besides: ["a", "d"]) == 1)
    #expect(try trials("crypto", besides: ["a"]) == 1)
    #expect(try trials("none", besides: ["a"]) == 0)
  }

  /// Keeps the sum of the numbers in the payloads, times a factor that depends on its version.
  private struct Sum: JournalReadModel {
    let name = "number_sum"
    var version = 1
    let tables = [
      JournalTable(
        name: "number_sum_only", columns: "id INTEGER NOT NULL, sum INTEGER NOT NULL", key: "id",
        indexes: ["sum"])
    ]

    func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
      for event in events {
        guard case .integer(let number)? = event.payload?["number"] else { continue }
        try store.run(
          """
          INSERT INTO number_sum_only VALUES (1, ?)
            ON CONFLICT (id) DO UPDATE SET sum = sum + excluded.sum
          """, .integer(Int64(number * version)))
      }
    }

    static func value(_ journal: Journal) throws -> SQLValue {
      try journal.read { tables throws(JournalFailure) in
        try tables.value("SELECT sum FROM number_sum_only")
      }
    }
  }

  @Test("a model that was not there, or lay behind, is brought up to date when the journal opens")
  func catchingUp() throws {
    let bench = JournalBench()
    try bench.fill(10)
    var journal: Journal? = try bench.writing(models: [Sum()])
    #expect(try journal.map(Sum.value) == 45)
    #expect(try journal?.verify().findings == [])
    journal = nil
    try bench.fill(5)
    // Written without the model: it is behind and, as far as it goes, right.
    #expect(try bench.findings(models: [Sum()]) == [])
    #expect(try Sum.value(bench.reading(models: [Sum()])) == 45)
    journal = try bench.writing(models: [Sum()])
    #expect(try journal.map(Sum.value) == 55)
    #expect(try journal?.verify().findings == [])
  }

  @Test("a model of a new version is built anew from all events")
  func newVersion() throws {
    let bench = JournalBench()
    try bench.fill(10)
    #expect(try Sum.value(bench.writing(models: [Sum()])) == 45)
    let verdict = try bench.reading(models: [Sum(version: 2)]).verify()
    #expect(verdict.findings == [])
    #expect(
      verdict.omissions == ["The tables of number_sum are those of another version of the program."]
    )
    #expect(throws: JournalFailure.olderTables(path: bench.path, model: "number_sum")) {
      try Sum.value(bench.reading(models: [Sum(version: 2)]))
    }
    #expect(try Sum.value(bench.writing(models: [Sum(version: 2)])) == 90)
    #expect(try bench.findings(models: [Sum(version: 2)]) == [])
    // A program that does not know the model leaves it alone.
    #expect(try bench.findings() == [])
  }
}
