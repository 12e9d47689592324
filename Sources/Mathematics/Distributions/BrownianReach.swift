/// How far a Brownian motion gets from where it began, to either side, within one unit of time.
///
/// P. Billingsley, "Convergence of Probability Measures" (1968), section 11. Sums of many independent
/// surprises, scaled by their standard deviation, reach as far.
package enum BrownianReach {
  /// Returns the probability that the motion gets as far as `x` or further; 1 at and below zero, NaN
  /// for a NaN. Error about 1e-15.
  ///
  /// Reflections at both walls give 4 Σ (-1)^k (1 - Φ((2k + 1) x)), which converges fast for large
  /// `x`; the heat equation between them 1 - 4/π Σ (-1)^k / (2k + 1) exp(-(2k + 1)² π² / (8 x²)), which
  /// does for small.
  package static func upperTail(_ x: Double) -> Double {
    guard !x.isNaN else { return .nan }
    guard x > 0 else { return 1 }
    return x > 1 ? byReflections(x) : byModes(x)
  }

  static func byReflections(_ x: Double) -> Double {
    var sum = 0.0
    for k in 0..<8 {
      let term = StandardNormal.cumulative(-Double(2 * k + 1) * x)
      sum += k % 2 == 0 ? term : -term
    }
    return 4 * sum
  }

  static func byModes(_ x: Double) -> Double {
    var sum = 0.0
    for k in 0..<12 {
      let odd = Double(2 * k + 1)
      let term = Elementary.exp(-odd * odd * Double.pi * Double.pi / (8 * x * x)) / odd
      sum += k % 2 == 0 ? term : -term
    }
    return 1 - 4 / Double.pi * sum
  }
}
