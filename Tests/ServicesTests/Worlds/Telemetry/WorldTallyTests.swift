import Essentials
import Storage
import Testing
import Worlds

@testable import Services

@Suite("What measures count of a world")
struct WorldTallyTests {
  /// A desk that decides and whose switches are made by hand, so that they can wait and fail.
  private static func bench() throws -> (WorldDeskBench, WorldDesk) {
    let bench = try WorldDeskBench()
    try bench.begin()
    let clock = bench.clock
    let desk = WorldDesk(
      WorldDeskSetup(
        journal: bench.journal, now: { clock.now }, evidence: bench.evidence, cutover: nil))
    return (bench, desk)
  }

  private static func tally(_ bench: WorldDeskBench) throws -> (WorldTally, Int) {
    var chronicle = WorldChronicle(world: "w")
    for event in try bench.journal.events(limit: 10_000) { chronicle.take(event) }
    #expect(chronicle.unreadableCount == 0)
    return (chronicle.tally, chronicle.state.cycle)
  }

  @Test(
    "a switch that decisions want is waited for in cycles, until it is made or given up wanting")
  func waiting() throws {
    let (bench, desk) = try Self.bench()
    var waits: [Int] = []
    bench.evidence.set(["a": 1])
    for _ in 0..<6 {
      bench.pass()
      _ = try desk.evaluate("w", at: bench.clock.now, by: .desk)
      let (tally, cycle) = try Self.tally(bench)
      waits.append(tally.waitingCycles(at: cycle))
    }
    // It is wanted for the first time in cycle 3.
    #expect(waits == [0, 0, 0, 1, 2, 3])
    bench.evidence.set(["a": 0])
    bench.pass()
    _ = try desk.evaluate("w", at: bench.clock.now, by: .desk)
    #expect(try Self.tally(bench).0.waitingCycles(at: 7) == 0)
  }

  @Test("the delay of a switch counts from the decision that first wanted it")
  func delay() throws {
    let (bench, desk) = try Self.bench()
    bench.evidence.set(["a": 1])
    for _ in 0..<5 {
      bench.pass()
      _ = try desk.evaluate("w", at: bench.clock.now, by: .desk)
    }
    _ = try bench.desk.cutOver(
      .promote(["a"], reason: "x"), in: "w", by: WorldDeskBench.operator)
    let (tally, cycle) = try Self.tally(bench)
    #expect(tally.lastDelay == 2)
    #expect(tally.waitingCycles(at: cycle) == 0)
    #expect(tally.cutovers == [.completed: 1])
    #expect(tally.failureRatio == 0)
  }

  @Test("a switch that is given up is counted as failed, and is waited for still")
  func failure() throws {
    let (bench, desk) = try Self.bench()
    bench.evidence.set(["a": 1])
    for _ in 0..<3 {
      bench.pass()
      _ = try desk.evaluate("w", at: bench.clock.now, by: .desk)
    }
    let state = try desk.state(of: "w")
    let plan = try #require(try state.cutover(.promote(["a"], reason: "x"), run: "r"))
    let standings = state.cutoverWorld.standings
    let facts: [CutoverEvent.Fact] = [
      .planned(CutoverDemand(plan: plan, rules: CutoverRules(), standings: standings)),
      .aborted(
        CutoverEnd(epoch: plan.baseEpoch + 1, gates: [], reason: "drain", needsOperator: [])),
    ]
    for fact in facts { try desk.record(CutoverEvent(run: "r", fact), of: "w") }
    bench.pass()
    _ = try desk.evaluate("w", at: bench.clock.now, by: .desk)
    let (tally, cycle) = try Self.tally(bench)
    #expect(tally.cutovers == [.aborted: 1])
    #expect(tally.failureRatio == 1)
    #expect(tally.waitingCycles(at: cycle) == 1)
    #expect(tally.lastDelay == nil)
  }
}
