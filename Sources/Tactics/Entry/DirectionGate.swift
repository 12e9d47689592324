import Essentials
import Markets

/// The gate that asks the direction model where expectation alone does not tell the sides apart.
package enum DirectionGate {
  /// What the model must show.
  package struct Demands: Hashable, Sendable {
    package var confidence: Double
    package var edge: Double
    package var sideProbability: Double
    /// What skill adds, from -0.2 to 0.3; 0 where it is not heard.
    package var adaptation: Double
    /// Whether neither drift nor gap says much.
    package var isWeak: Bool
  }

  /// The lowest demands that skill may lead to, and the highest of all.
  private static let confidenceFloor = 0.45
  private static let edgeFloor = 0.05
  private static let sideFloor = 0.50
  private static let ceiling = 0.99

  /// The gate.
  static func judge(
    _ entry: EntryCircumstances, side: PositionSide, _ settings: EntrySettings.Direction
  ) -> TacticVerdict {
    let reason = EntryGate.direction.rawValue
    let direction = entry.direction
    guard !direction.isUnknown else {
      return settings.requiresSignal
        ? TacticVerdict(.fail, reason) : .notApplicable(reason)
    }
    let demands = demands(on: entry, settings)
    let gap = entry.gap
    let probability = direction.probability(of: side)
    let measures: [TacticVerdict.Measure] = [
      .init("confidence", direction.confidence, limit: demands.confidence),
      .init("edge", abs(direction.edge), limit: demands.edge),
      .init("side_probability", probability, limit: demands.sideProbability),
      .init("gap", gap, limit: settings.smallGap), .init("adaptation", demands.adaptation),
    ]
    guard gap < settings.smallGap || demands.isWeak else {
      return TacticVerdict(.pass, reason, measures)
    }
    // What the model leaves open is not held against the trade.
    let holds =
      !(direction.confidence < demands.confidence) && !(abs(direction.edge) < demands.edge)
      && !(probability < demands.sideProbability)
    return .passing(if: holds, reason, measures)
  }

  /// Returns what the model must show: the configured demands moved by skill, raised in regimes
  /// without direction and where drift and gap are weak.
  package static func demands(
    on entry: EntryCircumstances, _ settings: EntrySettings.Direction
  ) -> Demands {
    let regime = entry.market.regime
    var adaptation = 0.0
    if settings.adapts, let skill = entry.skill, skill.measuredAt <= entry.now,
      entry.now - skill.measuredAt <= settings.skillAgeMax
    {
      adaptation = DirectionGate.adaptation(to: skill, settings.adaptation)
    }
    func moved(_ base: RegimeTable, _ gain: Double, _ floor: Double) -> Double {
      let base = base.value(in: regime)
      return adaptation == 0 ? base : max(floor, base + gain * adaptation)
    }
    var demands = Demands(
      confidence: moved(settings.confidenceMin, 0.06, confidenceFloor),
      edge: moved(settings.edgeMin, 0.04, edgeFloor),
      sideProbability: moved(settings.sideProbabilityMin, 0.03, sideFloor),
      adaptation: adaptation,
      isWeak: abs(entry.market.annualDrift) < settings.weakDrift && entry.gap < settings.weakGap)
    func raise(_ confidence: Double, _ edge: Double, _ side: Double) {
      demands.confidence += confidence
      demands.edge += edge
      demands.sideProbability += side
    }
    if regime.isUnsettled { raise(0.02, 0.01, 0.01) }
    if demands.isWeak { raise(0.05, 0.03, 0.03) }
    demands.confidence = min(demands.confidence, ceiling)
    demands.edge = min(demands.edge, ceiling)
    demands.sideProbability = min(demands.sideProbability, ceiling)
    return demands
  }

  /// Returns how far skill moves the demands: positive after bad batches, negative after good ones.
  package static func adaptation(
    to skill: DirectionSkill, _ measure: GateAdaptation
  ) -> Double {
    let chance = 0.53
    let usual = 0.50
    var hit = skill.hitRate
    guard hit.isFinite else { return 0 }
    var issue = skill.issueRate.isFinite ? skill.issueRate : usual
    var hitChange = skill.hitChange.isFinite ? skill.hitChange : 0
    var issueChange = skill.issueChange.isFinite ? skill.issueChange : 0
    if measure == .significant {
      hit = significant(hit, from: chance, skill.count)
      issue = significant(issue, from: usual, skill.count)
      // Two batches of that size differ by the root of two times as much by chance.
      hitChange = significant(chance + hitChange, from: chance, skill.count / 2) - chance
      issueChange = significant(usual + issueChange, from: usual, skill.count / 2) - usual
    }
    var sum = (chance - hit) / chance + (issue - usual) / usual
    if hitChange < 0 { sum += -hitChange / chance }
    if issueChange > 0 { sum += issueChange / usual }
    if hit >= 0.58, issue <= 0.40 {
      sum -= 0.5 * max(0, min((hit - 0.58) / 0.42, (0.40 - issue) / 0.40))
    }
    return clip(sum, -0.20, 0.30)
  }

  /// Returns a rate, or what is expected of it where its distance is within 1.96 standard errors.
  private static func significant(_ rate: Double, from expected: Double, _ count: Int) -> Double {
    guard count > 0 else { return expected }
    let error = (expected * (1 - expected) / Double(count)).squareRoot()
    return abs(rate - expected) > 1.959963984540054 * error ? rate : expected
  }
}
