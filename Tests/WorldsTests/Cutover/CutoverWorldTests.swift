import Essentials
import Testing

@testable import Worlds

@Suite("A world in which a run would begin")
struct CutoverWorldTests {
  typealias Bench = CutoverBench

  static let refusals: [(CutoverPlan, CutoverWorld, CutoverRefusal)] = [
    (Bench.plan(epoch: 6), Bench.world(), .stalePlan(base: 6, current: 7)),
    (Bench.plan(demote: [], promote: []), Bench.world(), .nothingToSwitch),
    (Bench.plan(), Bench.world(allowsLive: false), .liveForbidden),
    (Bench.plan(), Bench.world(mode: .halted), .notActive(.halted)),
    (Bench.plan(), Bench.world(mode: .evalOnly), .notActive(.evalOnly)),
    (Bench.plan(demote: ["who"]), Bench.world(), .unknownInstance("who")),
    (
      Bench.plan(demote: ["new"], promote: []), Bench.world(),
      .wrongPhase("new", phase: .dryrun, demanded: .live)
    ),
    (
      Bench.plan(demote: [], promote: ["old"]), Bench.world(),
      .wrongPhase("old", phase: .live, demanded: .dryrun)
    ),
    (Bench.plan(demote: ["old"], reweight: ["old"]), Bench.world(), .namedTwice("old")),
    (
      Bench.plan(demote: []), Bench.world(liveMax: 2),
      .tooManyLive(side: "at all", count: 3, max: 2)
    ),
    (
      CutoverPlan(
        run: "r", world: "w", planID: "", baseEpoch: 7,
        promote: [CutoverPlan.Weighted(Bench.key("new"), weight: .nan)]), Bench.world(),
      .unusableWeight("new", .nan)
    ),
    (
      CutoverPlan(run: "r", world: "v", planID: "", baseEpoch: 7), Bench.world(),
      .otherWorld(plan: "v", world: "w")
    ),
  ]

  @Test("refuses what cannot be switched, and says how to mend it")
  func refused() {
    for (plan, world, refusal) in Self.refusals {
      let objection = world.objection(to: plan)
      // A weight of NaN is not equal to itself.
      #expect(objection?.key == refusal.key)
      #expect(objection?.explanation == refusal.explanation)
      #expect(objection?.remedy.isEmpty == false)
      #expect(objection?.outcome == .refused)
    }
  }

  @Test("takes a plan that demotes one for another when it is full")
  func full() {
    #expect(Bench.world(liveMax: 2).objection(to: Bench.plan()) == nil)
  }

  @Test("lets a halted world demote")
  func haltedDemotion() {
    #expect(Bench.world(mode: .halted).objection(to: Bench.plan(promote: [])) == nil)
  }

  @Test("a plan takes its steps from a decision")
  func decision() {
    let row = { (instance: String, side: TradingSide) in
      WorldPlan.Row(
        instance: instance, side: side, phase: .live, verdict: .pass, passes: 0, fails: 0)
    }
    let print = Fingerprint(of: "x")
    let decision = WorldPlan(
      id: print, snapshot: print, policy: print, world: "w", policyVersion: 1, cycle: 3,
      at: Bench.start, epoch: 7, mode: .active,
      currency: DataCurrency(standing: .current, dataset: nil, lag: .zero, isHalting: false),
      rows: [row("a", .long), row("b", .short), row("c", .long)],
      steps: [
        WorldPlan.Step(.demote, "c"), WorldPlan.Step(.promote, "b", weight: 0.2),
        WorldPlan.Step(.reweight, "a", weight: 0.1), WorldPlan.Step(.startDryrun, "a"),
      ], allocations: [], risk: .nothing, occasions: [])
    let plan = CutoverPlan(run: "r", applying: decision)
    #expect(plan.demote == [GateKey("c", .long)])
    #expect(plan.promote == [CutoverPlan.Weighted(GateKey("b", .short), weight: 0.2)])
    #expect(plan.reweight == [CutoverPlan.Weighted(GateKey("a", .long), weight: 0.1)])
    #expect(plan.planID == print.hexadecimal && plan.baseEpoch == 7)
  }
}
