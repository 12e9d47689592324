import Markets
import Tactics
import TestKit
import Testing

@Suite("Choice of a side")
struct SideChoiceTests {
  private func choice(
    long: Double, short: Double, _ settings: EntrySettings.Choice = EntrySettings.Choice(),
    change: (inout SideBelief, inout DirectionBelief, inout MarketState) -> Void = { _, _, _ in }
  ) -> SideChoice {
    var belief = SideBelief()
    belief.score = long
    belief.netReturn = long
    belief.holdSeconds = 180
    var other = SideBelief()
    other.score = short
    other.netReturn = short
    other.holdSeconds = 180
    var direction = DirectionBelief()
    var market = MarketState()
    market.regime = .bull
    change(&belief, &direction, &market)
    return SideChoice(
      long: belief, short: other, direction: direction, market: market, under: settings)
  }

  @Test("the larger score is chosen above threshold, expectation and gap; otherwise waiting is")
  func larger() {
    #expect(choice(long: 0.001, short: 0.0001).side == .long)
    #expect(choice(long: 0.0001, short: 0.001).side == .short)
    #expect(choice(long: 0.0002, short: -0.001).verdict.reason == "score_below_threshold")
    #expect(choice(long: 0.001, short: 0.0009).verdict.reason == "gap_too_small")
    #expect(choice(long: 0.001, short: 0.001).verdict.reason == "no_better_side")
    #expect(choice(long: .nan, short: 0.001).side == nil)
    #expect(
      choice(long: 0.001, short: 0) { belief, _, _ in belief.netReturn = 0.0001 }.verdict.reason
        == "expectation_too_small")
    #expect(
      choice(long: 0.001, short: 0) { belief, _, _ in belief.profitProbability = 0.5 }.verdict
        .reason == "probability_outside_limits")
  }

  @Test("the threshold grows with the root of the hold and keeps a floor")
  func threshold() {
    let settings = EntrySettings.Choice()
    #expect(SideChoice.threshold(overSeconds: 180, settings) == 0.0003)
    #expect(agree(SideChoice.threshold(overSeconds: 720, settings), 0.0006))
    #expect(SideChoice.threshold(overSeconds: 10, settings) == 0.00015)
    #expect(SideChoice.threshold(overSeconds: .nan, settings) == 0.0003)
  }

  @Test("a small gap needs all four conditions, and each of them known")
  func smallGap() {
    func side(_ p: Double, _ confidence: Double, _ edge: Double, _ probability: Double)
      -> PositionSide?
    {
      choice(long: 0.001, short: 0.0009) { belief, direction, _ in
        belief.profitProbability = p
        direction.confidence = confidence
        direction.edge = edge
        direction.probabilityLong = probability
      }.side
    }
    #expect(side(0.60, 0.58, -0.08, 0.56) == .long)
    #expect(side(0.59, 0.58, 0.08, 0.56) == nil)
    #expect(side(0.60, 0.57, 0.08, 0.56) == nil)
    #expect(side(0.60, 0.58, 0.07, 0.56) == nil)
    #expect(side(0.60, 0.58, 0.08, 0.55) == nil)
    #expect(side(.nan, 0.58, 0.08, 0.56) == nil)
    #expect(side(0.60, 0.58, 0.08, .nan) == nil)
  }

  @Test("conditions and gap of a regime hold in it alone")
  func suffixes() throws {
    let settings = try TacticsConfiguration([
      .commandLine(["POLICY_SMALL_GAP_CONFIDENCE_CHOP=0.9", "POLICY_MIN_EV_GAP_TREND=0.005"])
    ]).settings.entry.choice
    #expect(settings.smallGapConfidence.value(in: .meanRevert) == 0.9)
    #expect(settings.smallGapConfidence.value(in: .bull) == 0.60)
    #expect(choice(long: 0.001, short: 0, settings).verdict.reason == "gap_too_small")
  }

  @Test("a sure trend is given more time")
  func hold() {
    var direction = DirectionBelief()
    var market = MarketState()
    let settings = EntrySettings.Choice()
    func hold(_ seconds: Double) -> Double {
      SideChoice.hold(seconds, direction: direction, market: market, under: settings)
    }
    #expect(hold(60) == 60)
    direction.confidence = 0.58
    market.toxicity = 0.80
    #expect(hold(60) == 300)
    #expect(hold(600) == 600)
    market.toxicity = 0.81
    #expect(hold(60) == 60)
  }

  @Test("a market seen in a mirror gives the other side")
  func mirror() {
    var random = RandomCircumstances(seed: 3)
    for _ in 0..<500 {
      let entry = random.entry()
      let settings = EntrySettings.Choice()
      let seen = SideChoice(
        long: entry.long, short: entry.short, direction: entry.direction, market: entry.market,
        under: settings)
      let mirrored = SideChoice(
        long: entry.short, short: entry.long, direction: entry.direction.mirrored,
        market: entry.market.mirrored, under: settings)
      #expect(seen.side == mirrored.side?.opposite)
      #expect(seen.verdict.reason == mirrored.verdict.reason)
    }
  }
}
