package import Markets
import Mathematics

/// Where the event exit begins to close, moved by the state of the market.
package struct EventThresholds: Hashable, Sendable {
  /// A score at or below closes.
  package var score: Double
  /// A probability of the stop at or above closes.
  package var stop: Double
  /// A mean of the worst outcomes at or above, without its sign, closes.
  package var shortfall: Double
  /// An age of so many intended holds closes.
  package var time: Double
  /// A probability of the target at or below closes.
  package var target: Double
  /// What moved them, in the order of the moves.
  package var reasons: [String]

  /// From here poison is extreme.
  private static let extremeToxicity = 0.90

  package init(score: Double, stop: Double, shortfall: Double, time: Double, target: Double) {
    self.score = score
    self.stop = stop
    self.shortfall = shortfall
    self.time = time
    self.target = target
    reasons = []
  }

  /// The thresholds for one side of a market.
  ///
  /// A factor on the score widens or narrows its distance from closing whatever its sign: a score
  /// below zero is multiplied, one above is divided.
  package init(
    for side: PositionSide, in market: MarketState, alignment: Double, entryQuality: Double,
    oneWay: Double, shock: ShockReading, under settings: ExitSettings.EventPolicy
  ) {
    self.init(
      score: settings.scoreMin, stop: settings.stopMax, shortfall: settings.shortfallMax,
      time: settings.timeMultiple, target: settings.targetMin)
    let motion = market.motion
    let isExtreme = market.toxicity >= Self.extremeToxicity
    switch motion {
    case .trending where market.hurst.isFinite: move("trending", 1.20, 0.05, 1.15, 1.20, 0)
    case .reverting where market.hurst.isFinite: move("reverting", 0.90, -0.04, 0.90, 0.90, 0)
    default: move("wandering", 0.95, -0.02, 0.95, 1, 0)
    }
    let t = max(0, (market.toxicity.known(or: 0) - 0.5) / 0.5)
    if t > 0 {
      move(
        "toxic", 1 - 0.18 * t, -0.06 * t, 1 - 0.16 * t, 1 - 0.12 * t, 0.04 * t)
    }
    if isExtreme {
      if market.hurst < PriceMotion.revertBelow {
        move("extreme_reverting", 1.20, 0.08, 1.20, 1.15, -0.04)
      } else {
        move("extreme", 0.75, -0.10, 0.75, 0.80, 0.08)
      }
    }
    if alignment.isFinite {
      let a = Elementary.tanh(alignment / 1.5)
      if a >= 0 {
        move("with_drift", 1 + 0.35 * a, 0.08 * a, 1 + 0.25 * a, 1 + 0.30 * a, -0.04 * a)
      } else {
        let z = -a
        move(
          "against_drift", max(0.5, 1 - 0.5 * z), -0.12 * z, max(0.55, 1 - 0.45 * z),
          max(0.6, 1 - 0.35 * z), 0.08 * z)
      }
    }
    let quality = 0.65 * entryQuality + 0.35 * oneWay
    if quality >= 0.70 { move("good_entry", 1.08, 0.03, 1.07, 1.10, -0.02) }
    if quality <= 0.35 { move("poor_entry", 0.92, -0.04, 0.90, 0.88, 0.03) }
    let s = shock.score
    if s >= 1 {
      move(
        "shock", max(0.45, 1 - 0.22 * s), -min(0.18, 0.06 * s), max(0.55, 1 - 0.2 * s),
        max(0.55, 1 - 0.18 * s), min(0.12, 0.04 * s))
    } else if shock.isNoise {
      move("noise", 1.08, 0.04, 1.08, 1.12, -0.03)
    }
    switch motion {
    case .trending: score += settings.offsetTrend
    case .reverting: score += settings.offsetMeanRevert
    case .wandering: score += settings.offsetRandom
    }
    if isExtreme {
      score += motion == .reverting ? settings.offsetExtremeMeanRevert : settings.offsetExtreme
    }
    score = clip(score, -0.05, 0.01)
    stop = clip(stop, 0.25, 0.98)
    shortfall = clip(shortfall, 0.002, 0.20)
    time = clip(time, 1, 6)
    target = clip(target, 0.10, 0.80)
  }

  /// The thresholds of the strict mode: sooner in a shock, later in noise.
  package func shifted(for mode: ExitMode) -> EventThresholds {
    var shifted = self
    switch mode {
    case .shock: shifted.shift(0.0008, 0.92, 0.85, 1.08)
    case .noise: shifted.shift(-0.0006, 1.08, 1.08, 0.92)
    case .normal: break
    }
    return shifted
  }

  private mutating func shift(
    _ scoreBy: Double, _ stopBy: Double, _ shortfallBy: Double, _ targetBy: Double
  ) {
    score += scoreBy
    stop *= stopBy
    shortfall *= shortfallBy
    target *= targetBy
  }

  private mutating func move(
    _ reason: String, _ scoreBy: Double, _ stopBy: Double, _ shortfallBy: Double,
    _ timeBy: Double, _ targetBy: Double
  ) {
    score = score <= 0 ? score * scoreBy : score / scoreBy
    stop += stopBy
    shortfall *= shortfallBy
    time *= timeBy
    target += targetBy
    reasons.append(reason)
  }
}
