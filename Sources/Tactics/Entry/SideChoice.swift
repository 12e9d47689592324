import Essentials
package import Markets

/// Which side of an instrument is worth entering, if any.
package struct SideChoice: Hashable, Sendable {
  /// Nil where waiting is better.
  package var side: PositionSide?
  /// Pass where a side was chosen; its reason says by what, or what was missing.
  package var verdict: TacticVerdict

  /// The least confidence in a direction, and the most poison, of a trend that is given time.
  private static let trendConfidence = 0.58
  private static let trendToxicity = 0.80

  /// Chooses the side with the larger score.
  ///
  /// The score must reach a threshold that grows with the root of the intended hold, the net
  /// expectation must exceed its minimum and lie far enough from that of the other side. A smaller
  /// gap is overlooked where four probabilities are high (the small-gap rule). Sides that are
  /// equally good, or of which too little is known, are not entered.
  package init(
    long: SideBelief, short: SideBelief, direction: DirectionBelief, market: MarketState,
    under settings: EntrySettings.Choice
  ) {
    let regime = market.regime
    func wait(_ reason: String, _ measures: [TacticVerdict.Measure] = []) -> SideChoice {
      SideChoice(
        side: nil,
        verdict: TacticVerdict(measures.isEmpty ? .notApplicable : .fail, reason, measures))
    }
    guard long.score.isFinite, short.score.isFinite, long.score != short.score else {
      self = wait("no_better_side")
      return
    }
    let side: PositionSide = long.score > short.score ? .long : .short
    let belief = side == .long ? long : short
    let threshold = Self.threshold(overSeconds: belief.holdSeconds, settings)
    let gap = abs(long.netReturn - short.netReturn)
    let gapMin = settings.gapMin.value(in: regime)
    var measures: [TacticVerdict.Measure] = [
      .init("score", belief.score, limit: threshold),
      .init("net_return", belief.netReturn, limit: settings.expectationMin),
      .init("gap", gap, limit: gapMin),
    ]
    guard belief.score >= threshold else {
      self = wait("score_below_threshold", measures)
      return
    }
    guard belief.netReturn > settings.expectationMin else {
      self = wait("expectation_too_small", measures)
      return
    }
    var reason = "larger_score"
    if !(gap >= gapMin) {
      let exception = Self.smallGap(side, belief, direction, regime, settings)
      measures += exception.measures
      guard exception.outcome == .pass else {
        self = wait("gap_too_small", measures)
        return
      }
      reason = exception.reason
    }
    if let limit = Self.missedProbability(belief, regime, settings) {
      self = wait("probability_outside_limits", measures + [limit])
      return
    }
    self = SideChoice(side: side, verdict: TacticVerdict(.pass, reason, measures))
  }

  private init(side: PositionSide?, verdict: TacticVerdict) {
    self.side = side
    self.verdict = verdict
  }

  /// Returns the score that a side must reach when it is meant to be held for some seconds.
  package static func threshold(
    overSeconds hold: Double, _ settings: EntrySettings.Choice
  ) -> Double {
    let reference = settings.thresholdHorizon.seconds
    guard hold.isFinite, hold > 0, reference > 0 else { return settings.threshold }
    return max(settings.thresholdFloor, settings.threshold * (hold / reference).squareRoot())
  }

  /// Returns the hold, in seconds, that a trade is given: longer where the direction is sure and
  /// there is little poison.
  package static func hold(
    _ seconds: Double, direction: DirectionBelief, market: MarketState,
    under settings: EntrySettings.Choice
  ) -> Double {
    guard seconds.isFinite, direction.confidence >= trendConfidence,
      market.toxicity <= trendToxicity
    else { return seconds }
    return max(seconds, settings.trendHold.seconds)
  }

  /// The small-gap rule: all four conditions hold, and all four values are known.
  package static func smallGap(
    _ side: PositionSide, _ belief: SideBelief, _ direction: DirectionBelief,
    _ regime: TacticalRegime, _ settings: EntrySettings.Choice
  ) -> TacticVerdict {
    let measures: [TacticVerdict.Measure] = [
      .init(
        "small_gap_confidence", belief.profitProbability,
        limit: settings.smallGapConfidence.value(in: regime)),
      .init(
        "small_gap_direction_confidence", direction.confidence,
        limit: settings.smallGapDirectionConfidence.value(in: regime)),
      .init(
        "small_gap_direction_edge", abs(direction.edge),
        limit: settings.smallGapDirectionEdge.value(in: regime)),
      .init(
        "small_gap_side_probability", direction.probability(of: side),
        limit: settings.smallGapSideProbability.value(in: regime)),
    ]
    return .passing(
      if: settings.allowsSmallGap && measures.allSatisfy { $0.value >= $0.limit }, "small_gap",
      measures)
  }

  /// The first probability beyond its limit; one that is not known is within.
  private static func missedProbability(
    _ belief: SideBelief, _ regime: TacticalRegime, _ settings: EntrySettings.Choice
  ) -> TacticVerdict.Measure? {
    guard settings.probabilityLimits != .none else { return nil }
    let profit = settings.profitMin.value(in: regime)
    if belief.profitProbability < profit {
      return .init("profit_probability", belief.profitProbability, limit: profit)
    }
    guard settings.probabilityLimits == .seed else { return nil }
    let stop = settings.stopMax.value(in: regime)
    if belief.stopProbability > stop {
      return .init("stop_probability", belief.stopProbability, limit: stop)
    }
    let target = settings.targetMin.value(in: regime)
    if belief.targetProbability < target {
      return .init("target_probability", belief.targetProbability, limit: target)
    }
    return nil
  }
}
