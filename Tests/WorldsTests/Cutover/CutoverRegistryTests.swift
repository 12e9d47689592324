import Essentials
import Testing

@testable import Worlds

@Suite("The runs of a world")
struct CutoverRegistryTests {
  typealias Bench = CutoverBench

  static func registry(after plans: [CutoverPlan], unfinished: CutoverPlan? = nil) throws
    -> CutoverRegistry
  {
    var registry = CutoverRegistry()
    for plan in plans {
      try registry.apply(planned(plan))
      try registry.apply(
        CutoverEvent(
          run: plan.run,
          .completed(CutoverEnd(epoch: 11, gates: [], reason: "", needsOperator: []))))
    }
    if let unfinished { try registry.apply(planned(unfinished)) }
    return registry
  }

  static func planned(_ plan: CutoverPlan) -> CutoverEvent {
    CutoverEvent(
      run: plan.run,
      .planned(CutoverDemand(plan: plan, rules: CutoverRules(), standings: [])))
  }

  static let ended = CutoverOutcome(stage: .completed, epoch: 11, reason: "", needsOperator: [])

  @Test("T7: the same run with the same plan has its outcome already")
  func sameAgain() throws {
    let registry = try Self.registry(after: [Bench.plan()])
    #expect(registry.admit(Bench.plan(), worldEpoch: 11) == .ended(Self.ended))
  }

  @Test("T8: an earlier run that is asked for again has its own outcome")
  func earlierAgain() throws {
    let registry = try Self.registry(
      after: [Bench.plan(run: "r1"), Bench.plan(run: "r2", epoch: 11)])
    #expect(registry.admit(Bench.plan(run: "r1"), worldEpoch: 15) == .ended(Self.ended))
  }

  @Test("T9: the same run with another plan is refused")
  func conflict() throws {
    let registry = try Self.registry(after: [Bench.plan()])
    let other = Bench.plan(demote: [])
    #expect(registry.admit(other, worldEpoch: 7) == .refused(.runConflict(run: "r1")))
    let open = try Self.registry(after: [], unfinished: Bench.plan())
    #expect(open.admit(other, worldEpoch: 7) == .refused(.runConflict(run: "r1")))
  }

  @Test("T10: a run waits until another has ended")
  func inProgress() throws {
    let registry = try Self.registry(after: [], unfinished: Bench.plan(run: "r2"))
    #expect(
      registry.admit(Bench.plan(run: "r3"), worldEpoch: 7)
        == .refused(.runInProgress(run: "r3", other: "r2")))
    #expect(registry.current == "r2")
  }

  @Test("T11: a plan of another epoch is stale")
  func stale() throws {
    #expect(
      CutoverRegistry().admit(Bench.plan(epoch: 7), worldEpoch: 8)
        == .refused(.stalePlan(base: 7, current: 8)))
    #expect(CutoverRegistry().admit(Bench.plan(epoch: 7), worldEpoch: 7) == .begin)
  }

  @Test("T12: a run that is under way is taken up and not begun again")
  func underWay() throws {
    let registry = try Self.registry(after: [], unfinished: Bench.plan())
    #expect(registry.admit(Bench.plan(), worldEpoch: 8) == .takeUp)
  }

  @Test("never overlap in a record")
  func overlap() throws {
    var registry = try Self.registry(after: [], unfinished: Bench.plan())
    #expect(throws: CutoverRecordFailure.self) {
      try registry.apply(Self.planned(Bench.plan(run: "r2")))
    }
    #expect(throws: CutoverRecordFailure.self) {
      try registry.apply(CutoverEvent(run: "r2", .drained(positions: Fingerprint(of: ""))))
    }
  }

  @Test("are told apart by everything that a plan says but the run's name")
  func hashes() {
    let plans = [
      Bench.plan(), Bench.plan(epoch: 8), Bench.plan(demote: []), Bench.plan(promote: []),
      Bench.plan(reweight: ["stay"]),
    ]
    #expect(Set(plans.map(\.hash)).count == plans.count)
    #expect(Bench.plan(run: "r2").hash == Bench.plan(run: "r1").hash)
  }
}
