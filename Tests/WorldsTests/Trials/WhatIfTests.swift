import Essentials
import Testing

@testable import Worlds

@Suite("A past decided by another policy")
struct WhatIfTests {
  /// A world of one candidate that is good in every cycle, decided and carried out by a policy.
  private static func past(
    _ cycles: Int, _ policy: WorldPolicy, sharpe: (Int) -> Double = { _ in 1 }
  ) -> [WhatIf.Recorded] {
    var fixture = DecisionFixture(.init("a"))
    fixture.policy = policy
    var recorded: [WhatIf.Recorded] = []
    var rehearsal = PhaseRehearsal(fixture.snapshot.instances)
    for cycle in 0..<cycles {
      fixture.candidates[0].metrics = ["sharpe_mid": sharpe(cycle)]
      let snapshot = fixture.snapshot.later(
        at: DecisionFixture.now + .days(Int64(cycle)), cycle: 7 + cycle,
        instances: rehearsal.instances, under: policy, fingerprint: Fingerprint(of: "p"))
      let plan = WorldDecision.decide(
        snapshot, policy, snapshotFingerprint: Fingerprint(of: "s"))
      rehearsal.take(plan)
      recorded.append(.init(snapshot: snapshot, plan: plan))
    }
    return recorded
  }

  private static func earned(_ days: Int, _ value: Double) -> [WhatIf.Earned] {
    (1...days).map {
      WhatIf.Earned(instance: "a", at: DecisionFixture.now + .days(Int64($0)), value: value)
    }
  }

  @Test("the same policy makes no difference")
  func same() {
    let policy = DecisionFixture.oneSlot
    let past = Self.past(30, policy) { $0 < 10 ? 1 : 0.1 }
    let whatIf = WhatIf(past, under: policy, earned: Self.earned(29, 0.01))
    #expect(whatIf.decisions == 30 && whatIf.recordedMoves == 2 && whatIf.otherMoves == 2)
    #expect(whatIf.single == [] && whatIf.carried == [] && whatIf.outcomes == [])
  }

  @Test("one that waits longer promotes later, and what was not earned meanwhile is told")
  func later() throws {
    let policy = DecisionFixture.oneSlot
    var slower = policy
    slower.selection.hysteresis.promoteAfter = 5
    let past = Self.past(8, policy)
    #expect(past[1].plan.doings.first == "PROMOTE a")
    let whatIf = WhatIf(past, under: slower, earned: Self.earned(7, 0.01))
    #expect(
      whatIf.carried.map { "\($0.cycle) \($0.recorded.rawValue) \($0.other.rawValue) \($0.reason)" }
        == ["8 PROMOTE HOLD streak", "11 HOLD PROMOTE "])
    #expect(whatIf.recordedMoves == 1 && whatIf.otherMoves == 1)
    let outcome = try #require(whatIf.outcomes.first)
    // Promoted at the second decision, it earned the returns of days 2 to 7; the other promotes at the
    // fifth and earns days 5 to 7.
    #expect(outcome.recordedDays == 6 && outcome.otherDays == 3)
    #expect(outcome.avoidedDays == 3 && outcome.gainedDays == 0)
    #expect(abs(outcome.avoided - (1.01 * 1.01 * 1.01 - 1)) < 1e-12)
    let weight = SlotWeights(policy)[.long]
    #expect(abs(outcome.contribution + 3 * weight * 0.01) < 1e-12)
    #expect(abs(whatIf.contribution - outcome.contribution) < 1e-15)
  }

  @Test("one that asks for less would have gone live, and its days are counted as gained")
  func stricterPast() throws {
    var strict = DecisionFixture.oneSlot
    strict.selection.gates = .and([DecisionFixture.compare("sharpe_mid", .greaterOrEqual, 2)])
    let whatIf = WhatIf(
      Self.past(5, strict), under: DecisionFixture.oneSlot, earned: Self.earned(4, -0.02))
    #expect(whatIf.carried.map { "\($0.cycle) \($0.other.rawValue)" } == ["8 PROMOTE"])
    // By itself no snapshot has a streak, so none would promote at once.
    #expect(whatIf.single == [])
    let outcome = try #require(whatIf.outcomes.first)
    #expect(outcome.recordedDays == 0 && outcome.gainedDays == 3)
    #expect(abs(outcome.gained - (0.98 * 0.98 * 0.98 - 1)) < 1e-12)
    #expect(outcome.contribution < 0)
  }

  @Test("what a person does to an instance happens under the other policy too")
  func byHand() {
    let policy = DecisionFixture.oneSlot
    var slower = policy
    slower.selection.hysteresis.promoteAfter = 3
    var past = Self.past(6, policy)
    for number in 3..<6 {
      var instances = past[number].snapshot.instances
      instances[0].phase = .retired
      let snapshot = past[number].snapshot
      past[number].snapshot = snapshot.later(
        at: snapshot.at, cycle: snapshot.cycle, instances: instances, under: policy,
        fingerprint: Fingerprint(of: "p"))
      past[number].plan = WorldDecision.decide(past[number].snapshot, policy)
    }
    let whatIf = WhatIf(past, under: slower, earned: Self.earned(5, 0.01))
    #expect(whatIf.carried.map(\.cycle) == [8, 9])
    #expect(whatIf.outcomes.map(\.otherDays) == [0])
  }

  @Test("a past without decisions or returns is no difference")
  func empty() {
    let whatIf = WhatIf([], under: DecisionFixture.policy, earned: Self.earned(3, 1))
    #expect(whatIf.decisions == 0 && whatIf.from == nil && whatIf.outcomes == [])
    let silent = WhatIf(
      Self.past(4, DecisionFixture.oneSlot), under: DecisionFixture.policy,
      earned: [.init(instance: "a", at: DecisionFixture.now + .days(2), value: .nan)])
    #expect(silent.outcomes == [])
  }
}
