import Mathematics

/// A pull of the log price to a level: an Ornstein-Uhlenbeck process.
///
/// G. Uhlenbeck and L. Ornstein, "On the Theory of the Brownian Motion", Physical Review 36 (1930).
/// Over a time t the expected log price comes nearer to the level by the factor e^−κt.
package struct Reversion: Hashable, Sendable {
  /// κ in 1 / second; above zero.
  package let rate: Double
  /// The log price to which it is drawn.
  package let level: Double
  /// σ: the volatility of a year with the pull taken out.
  package let annualVolatility: Double

  /// The time in which half of a deviation is gone.
  package var halfLifeSeconds: Double { Elementary.log(2) / rate }

  /// Returns the drift of a year that leads from a log price to where it is expected in so many
  /// seconds, half the variance added.
  ///
  /// Over a short time it is κ (level − log price); over a long one it fades, because the deviation
  /// can be closed only once.
  package func annualDrift(from logPrice: Double, over seconds: Double) -> Double {
    let gone = -Elementary.expMinusOne(-rate * seconds)
    return Annual.drift(perStep: (level - logPrice) * gone, of: seconds)
      + annualVolatility * annualVolatility / 2
  }

  /// From a regression of log price on the log price a step before: its slope b in (0, 1) is e^−κΔ.
  init(slope: Double, level: Double, residualVariance: Double, stepSeconds: Double) {
    rate = -Elementary.log(slope) / stepSeconds
    self.level = level
    // The variance of a step about its expectation is σ² (1 − b²) / 2κ.
    let yearly =
      residualVariance * 2 * rate * Annual.seconds / (1 - slope * slope)
    annualVolatility = yearly.squareRoot()
  }
}
