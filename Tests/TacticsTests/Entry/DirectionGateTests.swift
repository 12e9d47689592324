import Essentials
import Markets
import Tactics
import TestKit
import Testing

@Suite("Gate of direction")
struct DirectionGateTests {
  private let now = Timestamp.seconds(10_000)

  private func skill(
    _ hit: Double, _ issue: Double, _ hitChange: Double = 0, _ issueChange: Double = 0,
    count: Int = 200, age: Int64 = 0
  ) -> DirectionSkill {
    DirectionSkill(
      hitRate: hit, issueRate: issue, hitChange: hitChange, issueChange: issueChange,
      count: count, measuredAt: now - .seconds(age))
  }

  private func entry(_ regime: TacticalRegime, _ skill: DirectionSkill?) -> EntryCircumstances {
    var entry = EntryCircumstances(now: now, side: .long)
    entry.market.regime = regime
    entry.skill = skill
    entry.direction.confidence = 0.57
    entry.direction.edge = 0.10
    entry.direction.probabilityLong = 0.60
    entry.long.netReturn = 0.0010
    entry.short.netReturn = 0.0005
    return entry
  }

  @Test(
    "skill moves the demands as recorded",
    arguments: [
      (0.47, 0.55, -0.01, 0.02, TacticalRegime.bull, 0.272075, 0.576325, 0.090883, 0.528162),
      (0.47, 0.55, -0.01, 0.02, .chop, 0.272075, 0.596325, 0.100883, 0.538162),
      (0.53, 0.50, 0, 0, .bull, 0, 0.56, 0.08, 0.52),
      (0.60, 0.35, 0, 0, .bear, -0.20, 0.548, 0.072, 0.514),
      (0.50, 0.52, 0, 0, .bull, 0.096604, 0.565796, 0.083864, 0.522898),
    ])
  func recorded(
    hit: Double, issue: Double, hitChange: Double, issueChange: Double, regime: TacticalRegime,
    adaptation: Double, confidence: Double, edge: Double, side: Double
  ) {
    let demands = DirectionGate.demands(
      on: entry(regime, skill(hit, issue, hitChange, issueChange)),
      Profiles.seed.entry.direction)
    #expect(agree(demands.adaptation, adaptation, absolute: 1e-6))
    #expect(agree(demands.confidence, confidence, absolute: 1e-6))
    #expect(agree(demands.edge, edge, absolute: 1e-6))
    #expect(agree(demands.sideProbability, side, absolute: 1e-6))
  }

  @Test("a deviation that a batch of that size shows by chance moves nothing")
  func significance() {
    func adaptation(_ skill: DirectionSkill) -> Double {
      DirectionGate.demands(on: entry(.bull, skill), Profiles.shipped.entry.direction).adaptation
    }
    #expect(adaptation(skill(0.47, 0.55, -0.01, 0.02)) == 0)
    #expect(adaptation(skill(0.47, 0.55, -0.01, 0.02, count: 100_000)) > 0.2)
    #expect(adaptation(skill(0.40, 0.50)) > 0.2)
    #expect(adaptation(skill(0, 0, count: 0)) == 0)
  }

  @Test("what nobody measured of a skill counts as what is usual")
  func unmeasured() {
    func adaptation(_ skill: DirectionSkill) -> Double {
      DirectionGate.demands(on: entry(.bull, skill), Profiles.shipped.entry.direction).adaptation
    }
    #expect(adaptation(skill(0.40, .nan, .nan, .nan)) == adaptation(skill(0.40, 0.50)))
    #expect(adaptation(skill(0.66, .nan, .nan, .nan)) < 0)
    #expect(adaptation(skill(.nan, 0.50)) == 0)
  }

  @Test("skill that is old, or from the future, is not heard")
  func stale() {
    let settings = Profiles.seed.entry.direction
    for (age, isHeard) in [(1800, true), (1801, false), (-1, false)] as [(Int64, Bool)] {
      let demands = DirectionGate.demands(
        on: entry(.bull, skill(0.40, 0.60, age: age)), settings)
      #expect((demands.adaptation != 0) == isHeard)
    }
  }

  @Test("the direction is asked for where the gap is small or drift and gap are weak")
  func need() {
    var entry = entry(.bull, nil)
    entry.direction.confidence = 0.50
    func outcome() -> TacticVerdict.Outcome {
      EntryReview(of: entry, under: Profiles.shipped)[.direction].outcome
    }
    #expect(outcome() == .fail)
    entry.long.netReturn = 0.0017
    #expect(outcome() == .pass)
    entry.market.annualDrift = 0.01
    #expect(outcome() == .fail)
    entry.direction.confidence = 0.62
    #expect(outcome() == .fail, "an edge of 0.10 is below the 0.11 of a weak market")
    entry.direction.edge = -0.12
    #expect(outcome() == .pass)
    entry.side = .short
    #expect(outcome() == .fail)
  }

  @Test("a direction that is not known fails only where it is demanded")
  func unknown() {
    var entry = entry(.bull, nil)
    entry.direction = DirectionBelief()
    #expect(EntryReview(of: entry, under: Profiles.shipped)[.direction].outcome == .notApplicable)
    var settings = Profiles.shipped
    settings.entry.direction.requiresSignal = true
    #expect(EntryReview(of: entry, under: settings)[.direction].outcome == .fail)
  }
}
