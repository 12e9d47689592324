package import Markets
import Mathematics

/// How good an entry is, how one-sided its market moves, and what both say of leverage; each from 0
/// to 1. A part that is not known adds nothing.
package struct EntryScores: Hashable, Sendable {
  package let quality: Double
  package let oneWay: Double
  package let signal: Double

  /// The scores of one side. `gap` is how far the net expectations of the sides lie apart.
  package init(
    for side: PositionSide, belief: SideBelief, gap: Double, direction: DirectionBelief,
    market: MarketState, under settings: LeverageSettings.Signal
  ) {
    let alignment = market.alignment(
      with: side, overSeconds: belief.holdSeconds, in: settings.alignment)
    quality = clip01(
      0.32 * belief.profitProbability.known(or: 0) + 0.28 * direction.confidence.known(or: 0)
        + 0.18 * min(1, abs(direction.edge.known(or: 0)) / 0.16)
        + 0.12 * min(1, abs(gap.known(or: 0)) / 0.003)
        + 0.10 * max(0, Elementary.tanh(alignment.known(or: 0) / 0.0015)))
    oneWay = Self.oneWay(for: side, in: market)
    signal = clip01(settings.qualityWeight * quality + (1 - settings.qualityWeight) * oneWay)
  }

  /// Returns how one-sided a market moves in favor of a side.
  package static func oneWay(for side: PositionSide, in market: MarketState) -> Double {
    let breakout = side.direction * market.tickBreakout.known(or: 0)
    let strength = min(2, abs(breakout) / 0.0012)
    let breakoutScore = clip01(0.5 + 0.5 * (breakout >= 0 ? strength : -0.7 * strength))
    let trend = side.direction * market.tickTrend.known(or: 0)
    let trendScore = clip01(0.5 + 0.5 * Elementary.tanh(trend / 1.5))
    let hurstScore = clip01((market.hurst - 0.45) / 0.20).known(or: 0.5)
    let calm = max(0.40, 1 - 0.45 * clip01((market.toxicity - 0.55) / 0.45).known(or: 0))
    return clip01((0.45 * breakoutScore + 0.35 * trendScore + 0.20 * hurstScore) * calm)
  }
}
