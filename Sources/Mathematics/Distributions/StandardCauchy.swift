/// The Cauchy distribution with location 0 and scale 1.
package enum StandardCauchy {
  /// Returns the probability of a value of at most `x`.
  package static func cumulative(_ x: Double) -> Double {
    // In the lower tail 1/2 + atan(x)/pi cancels; atan(x) = -pi/2 - atan(1/x) does not.
    x < -1
      ? -Elementary.atan(1 / x) / Double.pi : 0.5 + Elementary.atan(x) / Double.pi
  }

  /// Returns the value that a draw stays below with probability `p`: -cot(pi p).
  ///
  /// Probabilities 0 and 1 give minus and plus infinity; anything outside [0, 1] gives NaN.
  package static func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    if p == 0.5 { return 0 }
    if p > 0.75 { return 1 / Elementary.tan(Double.pi * (1 - p)) }
    if p < 0.25 { return -1 / Elementary.tan(Double.pi * p) }
    return Elementary.tan(Double.pi * (p - 0.5))
  }
}
