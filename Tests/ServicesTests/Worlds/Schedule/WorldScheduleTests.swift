import Essentials
import Storage
import Synchronization
import Testing
import Worlds

@testable import Services

@Suite("When worlds of a server are evaluated")
struct WorldScheduleTests {
  private final class Warnings: Sendable {
    let all = Mutex<[String]>([])
  }

  private static func schedule(
    _ bench: WorldRouteBench, _ warnings: Warnings = Warnings()
  ) throws -> WorldSchedule {
    let clock = bench.world.clock
    return try WorldSchedule(
      WorldSchedule.Setup(
        desk: bench.desk, evaluator: bench.evaluator, now: { clock.now },
        report: { sentence in warnings.all.withLock { $0.append(sentence) } }))
  }

  private static func cycles(_ bench: WorldRouteBench) throws -> [Int] {
    try bench.world.journal.events(limit: 1000, filter: JournalFilter(kind: "world.evaluated"))
      .compactMap { event in
        if case .integer(let cycle)? = event.payload?["cycle"] { cycle } else { nil }
      }
  }

  @Test("a new world is evaluated at once, then once in each cycle, as the desk")
  func due() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    bench.world.evidence.set(["a": 1])
    let schedule = try Self.schedule(bench)
    for _ in 0..<3 { schedule.turn() }
    #expect(try Self.cycles(bench) == [1])
    bench.world.pass()
    for _ in 0..<3 { schedule.turn() }
    #expect(try Self.cycles(bench) == [1, 2])
    // After a week nothing is made up for.
    bench.world.pass(.days(7))
    for _ in 0..<3 { schedule.turn() }
    #expect(try Self.cycles(bench) == [1, 2, 3])
    #expect(try bench.events("world.evaluated").allSatisfy { $0["actor"] == "desk" })
    #expect(bench.meter.figures(of: "w")?.count == 3)
  }

  @Test("two servers of one journal evaluate a cycle once")
  func servers() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let clock = bench.world.clock
    let second = WorldDeskBench.desk(
      try WorldDeskBench.open(bench.world.folder), clock, bench.world.evidence)
    let other = try WorldSchedule(
      WorldSchedule.Setup(
        desk: second,
        evaluator: WorldEvaluator(second, meter: WorldMeter(), elapsed: { .zero }),
        now: { clock.now }, report: { _ in }))
    let schedule = try Self.schedule(bench)
    for _ in 0..<4 {
      schedule.turn()
      other.turn()
      bench.world.pass()
      other.turn()
      schedule.turn()
    }
    #expect(try Self.cycles(bench) == [1, 2, 3, 4, 5])
  }

  @Test("a world that somebody evaluates meanwhile, in whatever process, is left to them")
  func claims() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let claim = try bench.world.journal.claim("world:w:evaluation", patienceMilliseconds: 0)
    try withExtendedLifetime(claim) {
      let (status, json) = try bench.post("/worlds/w/evaluate")
      #expect(status == 409)
      #expect(json["error"] == "evaluation_in_progress")
      try Self.schedule(bench).turn()
    }
    #expect(try Self.cycles(bench).isEmpty)
  }

  @Test("paused, deleted and historic worlds are not evaluated")
  func resting() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    _ = try bench.post("/worlds/w/state", ["state": "paused"])
    let schedule = try Self.schedule(bench)
    bench.world.pass()
    schedule.turn()
    #expect(try Self.cycles(bench).isEmpty)
    _ = try bench.post("/worlds/w/state", ["state": "active"])
    let early = WorldDeskBench.start - .days(300)
    _ = try bench.desk.evaluate("w", at: early, by: .desk)
    bench.world.pass()
    schedule.turn()
    #expect(try Self.cycles(bench) == [1])
    try bench.desk.carryOut(.delete(reason: "x"), in: "w", by: WorldDeskBench.owner)
    schedule.turn()
    #expect(try Self.cycles(bench) == [1])
  }

  @Test("what fails is told once and tried again after a minute, and others go on meanwhile")
  func setbacks() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    var policy = WorldDeskBench.policy()
    policy.world = "v"
    _ = try bench.desk.publish(policy, reason: "", by: WorldDeskBench.owner)
    let warnings = Warnings()
    let clock = bench.world.clock
    let broken = WorldDesk(
      WorldDeskSetup(
        journal: bench.world.journal, now: { clock.now }, evidence: BrokenEvidence()))
    let schedule = try WorldSchedule(
      WorldSchedule.Setup(
        desk: broken, evaluator: WorldEvaluator(broken, meter: bench.meter, elapsed: { .zero }),
        now: { clock.now },
        report: { sentence in warnings.all.withLock { $0.append(sentence) } }))
    for _ in 0..<5 { schedule.turn() }
    #expect(warnings.all.withLock { $0.count } == 1)
    #expect(warnings.all.withLock { $0.first }?.contains("the world w was not evaluated") == true)
    #expect(bench.meter.figures(of: "w")?.failures == 1)
    clock.set(clock.now + .minutes(2))
    schedule.turn()
    #expect(bench.meter.figures(of: "w")?.failures == 2)
    #expect(warnings.all.withLock { $0.count } == 1)
    #expect(try broken.state(of: "v").cycle == 1)
  }

  @Test("a schedule begins and ends its thread")
  func life() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let schedule = try Self.schedule(bench)
    schedule.start()
    schedule.start()
    schedule.stop()
    schedule.stop()
    let never = try Self.schedule(bench)
    never.stop()
  }
}

/// Evidence that is there for one world and fails for another.
private struct BrokenEvidence: EvidenceSource {
  func evidence(
    of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
  ) throws(WorldDeskFailure) -> CycleEvidence {
    guard policy.world == "w" else {
      return CycleEvidence(datasets: [], instances: [], table: EvidenceTable([]), correlations: nil)
    }
    throw .unknownAlpha("gone")
  }
}
