package import Markets

/// How fast an exit acts: at once in a shock, late in noise.
package enum ExitMode: String, Hashable, Sendable, CaseIterable {
  case shock, normal, noise

  /// The mode that holds for all exits; each brings the threshold of its own.
  ///
  /// A shock goes before noise. A score that is not known is no shock.
  package init(shock score: Double, isNoise: Bool, hint: Bool = false, threshold: Double) {
    self = score >= threshold ? .shock : isNoise || hint ? .noise : .normal
  }
}

/// How hard a market moves against one side, and whether it moves at all.
package struct ShockReading: Hashable, Sendable {
  /// At least 0; unknown parts add nothing.
  package var score: Double
  package var isNoise: Bool

  /// Scores a market for a side that is held or wanted.
  package init(
    of market: MarketState, against side: PositionSide, under settings: ExitSettings.General
  ) {
    let breakout = side.direction * market.tickBreakout
    let trend = side.direction * market.tickTrend
    let state = side.direction * market.hiddenState
    let hasBreakout = abs(breakout) >= settings.breakoutMin
    var score = 0.0
    if hasBreakout {
      score += breakout < 0 ? min(2, 0.9 + -breakout / settings.breakoutMin) : -0.3
    }
    if trend <= -2 { score += min(1.5, -trend / 2) }
    if trend >= 2 { score -= 0.2 }
    if state < 0 { score += 0.8 * -state }
    if state > 0 { score -= 0.4 * state }
    self.score = max(0, score)
    isNoise =
      !hasBreakout && abs(trend) <= settings.noiseTrendMax
      && !(market.toxicity > settings.noiseToxicityMax)
  }
}
