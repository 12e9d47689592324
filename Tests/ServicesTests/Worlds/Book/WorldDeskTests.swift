import Dispatch
import Essentials
import Storage
import Synchronization
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("A desk of worlds")
struct WorldDeskTests {
  @Test("a world goes from an entered formula to money by three evaluations, and is found again")
  func fromEntryToMoney() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    var phases: [StrategyPhase?] = []
    for _ in 0..<3 {
      try bench.evaluate(["a": 1])
      phases.append(try bench.desk.state(of: "w").instances["a"]?.phase)
    }
    #expect(phases == [.backtest, .dryrun, .live])
    let state = try bench.desk.state(of: "w")
    #expect(state.instances["a"]?.gate.state == .open(weight: 0.12))
    // Another desk over the journal, and one after the program has ended, see the same world.
    let other = WorldDesk(bench.desk.setup)
    #expect(try other.state(of: "w") == state)
    let reopened = try Journal.open(
      path: bench.journal.path, access: .reading, models: [WorldBook()])
    let later = WorldDesk(
      WorldDeskSetup(
        journal: reopened, now: { WorldDeskBench.start }, evidence: NoEvidence()))
    #expect(try later.state(of: "w") == state)
    #expect(try later.worlds() == ["w"])
  }

  @Test("A1: a denial is recorded with who wanted what, and nothing else happens")
  func denials() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    let before = try bench.desk.state(of: "w")
    let error = #expect(throws: WorldDeskFailure.self) {
      try bench.desk.carryOut(.freeze(reason: "x"), in: "w", by: WorldDeskBench.reader)
    }
    #expect(error?.key == "denied")
    let last = try #require(
      try bench.desk.audit("w", after: before.lastSeq, limit: 5).entries.first)
    #expect(last.kind == "world.denied")
    #expect(last.actor == "eve")
    #expect(last.payload["command"] == .string("freeze"))
    #expect(try !bench.desk.state(of: "w").isFrozen)
  }

  @Test("A4: an actor in the payload is the credential's, whatever a policy or reason says")
  func identity() throws {
    let bench = try WorldDeskBench()
    try bench.begin([])
    let receipt = try bench.desk.carryOut(
      .declare(.paused, reason: "actor: root"), in: "w", by: WorldDeskBench.operator)
    #expect(receipt.entries.map(\.actor) == ["bob"])
    #expect(
      try bench.desk.audit("w", limit: 50).entries.last { $0.kind == "world.state_declared" }?.actor
        == "bob")
  }

  @Test("A6: a new policy is recorded with its number, digest, difference, actor and instant")
  func policyAudit() throws {
    let bench = try WorldDeskBench()
    try bench.begin([])
    let next = WorldDeskBench.policy { $0.selection.topK.total = 6 }
    bench.pass()
    let receipt = try bench.desk.publish(next, reason: "smaller", by: WorldDeskBench.owner)
    #expect(receipt.version == 2)
    #expect(receipt.isNew)
    #expect(receipt.diff.changes.map(\.path) == ["selection.topk.total"])
    let entry = try #require(
      try bench.desk.audit("w", limit: 50).entries.last { $0.kind == "world.policy_published" })
    #expect(entry.payload["version"] == .integer(2))
    #expect(entry.payload["fingerprint"] == .string(next.fingerprint.hexadecimal))
    #expect(entry.payload["reason"] == .string("smaller"))
    #expect(entry.actor == "ann")
    #expect(entry.at == bench.clock.now)
    let again = try bench.desk.publish(next, reason: "again", by: WorldDeskBench.owner)
    #expect(!again.isNew && again.version == 2)
  }

  @Test("A7: every past plan is rebuilt from its record, byte for byte")
  func rebuilding() throws {
    let bench = try WorldDeskBench()
    try bench.begin(["a", "b"])
    for day in 0..<5 { try bench.evaluate(["a": 1, "b": Double(day) / 4]) }
    _ = try bench.desk.publish(
      WorldDeskBench.policy { $0.selection.topK.total = 1 }, reason: "", by: WorldDeskBench.owner)
    try bench.evaluate(["a": 1, "b": 2])
    for cycle in 1...6 {
      let proof = try bench.desk.rebuild("w", cycle: cycle)
      #expect(proof.isProven, "cycle \(cycle)")
    }
    let past = try bench.desk.decision(of: "w", cycle: 3)
    #expect(past.derivation(of: "a") != nil)
    #expect(past.policy == WorldDeskBench.policy())
    #expect(throws: WorldDeskFailure.self) { try bench.desk.rebuild("w", cycle: 99) }
  }

  @Test("A8: deleting a world leaves its audit, and nothing else can be done in it")
  func deletion() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    try bench.desk.carryOut(.delete(reason: "over"), in: "w", by: WorldDeskBench.owner)
    let audit = try bench.desk.audit("w", limit: 500)
    #expect(audit.entries.first?.kind == "world.created")
    #expect(audit.entries.last?.kind == "world.deleted")
    #expect(try bench.desk.rebuild("w", cycle: 2).isProven)
    #expect(try bench.desk.worlds() == ["w"])
    let error = #expect(throws: WorldDeskFailure.self) {
      try bench.desk.carryOut(.freeze(reason: ""), in: "w", by: WorldDeskBench.owner)
    }
    #expect(error?.key == "world_deleted")
  }

  @Test("a snapshot is kept once for each digest, and pages of the audit lose nothing")
  func pages() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    for _ in 0..<4 { try bench.evaluate(["a": 0.1]) }
    var paged: [Int64] = []
    var after: Int64 = 0
    while true {
      let page = try bench.desk.audit("w", after: after, limit: 3)
      paged += page.entries.map(\.seq)
      guard let next = page.next else { break }
      after = next
    }
    #expect(paged == (try bench.desk.audit("w", limit: 500)).entries.map(\.seq))
    let cycles = try bench.desk.history(of: "w", limit: 10)
    #expect(cycles.map(\.cycle) == [1, 2, 3, 4])
    #expect(cycles.map { $0.moves.map(\.to) } == [[.backtest], [.dryrun], [], []])
  }

  @Test("an instance whose history cannot be replayed fails with the reason, and may try again")
  func failing() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    try bench.evaluate(["a": 1])
    bench.evidence.set(failures: ["a": "no such field"])
    try bench.evaluate([:])
    #expect(try bench.desk.state(of: "w").instances["a"]?.phase == .failed)
    bench.evidence.set(failures: [:])
    try bench.desk.carryOut(
      .retry(instance: "a", reason: "mended"), in: "w", by: WorldDeskBench.operator)
    try bench.evaluate(["a": 1])
    #expect(try bench.desk.state(of: "w").instances["a"]?.phase == .dryrun)
  }

  @Test("T7: the same run again has its one outcome and records nothing")
  func oneOutcome() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    let first = try #require(
      try bench.desk.cutOver(
        .demote(["a"], reason: "look"), in: "w", run: "r1", by: WorldDeskBench.operator))
    #expect(first.outcome?.stage == .completed)
    #expect(try bench.desk.state(of: "w").instances["a"]?.phase == .inactive)
    let head = try bench.journal.head.seq
    let again = try #require(
      try bench.desk.cutOver(
        .demote(["a"], reason: "look"), in: "w", run: "r1", by: WorldDeskBench.operator))
    #expect(again.outcome == first.outcome)
    #expect(try bench.journal.head.seq == head)
    let error = #expect(throws: WorldDeskFailure.self) {
      try bench.desk.cutOver(
        .demote(["b"], reason: "look"), in: "w", run: "r1", by: WorldDeskBench.operator)
    }
    #expect(error?.key == "run_conflict")
  }

  @Test(
    "R3: too few rejected orders are told once and trip nothing, enough of them close the gates")
  func cuts() throws {
    let bench = try WorldDeskBench()
    try bench.begin {
      $0.risk.cuts.rejectRate = RiskRules.RateCut(limit: 0.2, window: .minutes(5), countMin: 20)
    }
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    let now = bench.clock.now
    for _ in 0..<19 {
      #expect(try bench.desk.observe([.order(isRejected: true)], in: "w", at: now).isEmpty)
    }
    #expect(try bench.desk.state(of: "w").breaker.isArmed)
    let alerts = try bench.desk.audit("w", limit: 500).entries.filter { $0.kind == "world.alerted" }
    #expect(alerts.count == 1)
    let trips = try bench.desk.observe([.order(isRejected: true)], in: "w", at: now)
    #expect(trips.map(\.cause) == [.rejectRate])
    #expect(try bench.desk.state(of: "w").instances["a"]?.gate.state == .closed)
    #expect(try bench.desk.observe([.order(isRejected: true)], in: "w", at: now).isEmpty)
  }

  @Test("a snapshot that no event can hold is refused, nothing of it is recorded, and life goes on")
  func largeSnapshot() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    try bench.evaluate(["a": 1])
    let before = try bench.desk.state(of: "w")
    let head = try bench.journal.head
    bench.evidence.set(symbol: String(repeating: "A", count: JournalDraft.payloadBytesMax))
    let failure = #expect(throws: WorldDeskFailure.self) { try bench.evaluate(["a": 1]) }
    guard case .journal(.unusableDraft(let kind, let reason))? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(kind == "world.evaluated" && reason.hasPrefix("its payload has 167"))
    #expect(try bench.journal.head == head)
    #expect(try bench.desk.state(of: "w") == before)
    bench.evidence.set(symbol: nil)
    #expect(try bench.evaluate(["a": 1]).plan.cycle > before.cycle)
    #expect(try bench.journal.verify().findings == [])
  }

  @Test("a fill that is told twice, or out of its order, is recorded once")
  func fills() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    let fills = (1...4).map {
      PaperFill(
        instance: "a", account: "paper", order: "o", number: $0, symbol: "X", lots: 1, price: 10,
        fee: 0)
    }
    for part in [fills[2...3], fills[0...2], fills[0...3]] {
      try bench.desk.record(fills: Array(part) + Array(part), in: "w", at: bench.clock.now)
    }
    let recorded = try bench.desk.audit("w", limit: 100).entries.filter {
      $0.kind == "paper.filled"
    }
    #expect(
      recorded.compactMap { $0.payload["seq"] } == [3, 4, 1, 2].map(JSONValue.integer))
  }

  @Test("T12: of many who carry the same plan out at once, one switches and all get its outcome")
  func concurrentRuns() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    let outcomes = Mutex<[CutoverStage?]>([])
    let journals = try (0..<3).map { _ in try WorldDeskBench.open(bench.folder) }
    let (clock, evidence) = (bench.clock, bench.evidence)
    DispatchQueue.concurrentPerform(iterations: 6) { number in
      let desk = WorldDeskBench.desk(journals[number % 3], clock, evidence)
      let outcome = try? desk.cutOver(
        .demote(["a"], reason: "look"), in: "w", run: "r1", by: WorldDeskBench.operator)
      outcomes.withLock { $0.append(outcome?.outcome?.stage) }
    }
    let kinds = try bench.desk.audit("w", limit: 500).entries.filter { $0.subject == "r1" }
      .map(\.kind)
    #expect(kinds.count { $0 == "cutover.switched" } == 1)
    #expect(kinds.count { $0 == "cutover.planned" } == 1)
    #expect(outcomes.withLock { $0.contains(.completed) })
    #expect(try bench.desk.state(of: "w").instances["a"]?.phase == .inactive)
  }

  @Test("of many who evaluate the same instant at once, one does")
  func concurrentEvaluations() throws {
    let bench = try WorldDeskBench()
    try bench.begin()
    bench.evidence.set(["a": 1])
    bench.pass()
    let refused = Mutex(0)
    let journals = try (0..<3).map { _ in try WorldDeskBench.open(bench.folder) }
    let (clock, evidence) = (bench.clock, bench.evidence)
    DispatchQueue.concurrentPerform(iterations: 6) { number in
      let desk = WorldDeskBench.desk(journals[number % 3], clock, evidence)
      do {
        _ = try desk.evaluate("w", at: clock.now, by: .desk)
      } catch {
        refused.withLock { $0 += 1 }
      }
    }
    #expect(refused.withLock { $0 } == 5)
    let kinds = try bench.desk.audit("w", limit: 500).entries.map(\.kind)
    #expect(kinds.count { $0 == "world.evaluated" } == 1)
  }
}
