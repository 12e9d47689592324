import Mathematics

/// Touches of one barrier by a drifting Brownian motion.
package enum ExtremePassage {
  /// Returns the probability that the maximum of a motion with mean `drift` and standard deviation
  /// `deviation` at the end reaches `distance` above the start before the end:
  /// Φ((m - a)/s) + e^(2ma/s²) Φ((-a - m)/s) (Borodin and Salminen, part II, 2.1.1.4).
  ///
  /// For the minimum, pass minus the drift and the distance below. One for a distance of zero.
  package static func touch(distance: Double, drift: Double, deviation: Double) -> Double {
    precondition(
      distance >= 0 && deviation > 0, "a barrier at \(distance) with deviation \(deviation)")
    let reflected = StandardNormal.cumulative((-distance - drift) / deviation)
    let mirror =
      reflected == 0
      ? 0 : Elementary.exp(2 * drift * distance / (deviation * deviation)) * reflected
    return min(1, StandardNormal.cumulative((drift - distance) / deviation) + mirror)
  }

  /// Returns the probability that a step of Brownian motion, known at both ends, touched a barrier
  /// on the way: e^(-2 (b - x₀)(b - x₁) / v), with v the variance of the step; one where the ends lie
  /// on different sides of the barrier or on it.
  package static func bridgeTouch(
    barrier: Double, from start: Double, to end: Double, variance: Double
  ) -> Double {
    let product = (barrier - start) * (barrier - end)
    if product <= 0 { return 1 }
    return variance > 0 ? Elementary.exp(-2 * product / variance) : 0
  }
}
