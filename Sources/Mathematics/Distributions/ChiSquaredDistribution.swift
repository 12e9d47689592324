/// The chi-squared distribution.
package struct ChiSquaredDistribution: Hashable, Sendable {
  /// The one parameter, positive.
  package let degreesOfFreedom: Double

  /// Makes the distribution; degrees of freedom are positive and need not be whole.
  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "\(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// Returns the probability of a value of at most `x` (Abramowitz and Stegun 26.4.19); 0 below
  /// zero, NaN for a NaN.
  package func cumulative(_ x: Double) -> Double {
    x < 0 ? 0 : IncompleteGamma.lower(0.5 * x, a: 0.5 * degreesOfFreedom)
  }

  /// Returns the probability of a value above `x`, with full relative precision in the upper tail.
  package func upperTail(_ x: Double) -> Double {
    x < 0 ? 1 : IncompleteGamma.upper(0.5 * x, a: 0.5 * degreesOfFreedom)
  }

  /// Returns the value that a draw stays below with probability `p`, to the precision of ``cumulative(_:)``.
  /// Zero and infinity at 0 and 1, NaN outside [0, 1]; about 100 evaluations.
  package func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return 0 }
    if p == 1 { return .infinity }
    return bisect { cumulative($0) < p }
  }

  /// Returns the value that a draw exceeds with probability `q`, precise for small `q`.
  package func quantile(upperTail q: Double) -> Double {
    guard q >= 0, q <= 1 else { return .nan }
    if q == 0 { return .infinity }
    if q == 1 { return 0 }
    return bisect { upperTail($0) > q }
  }

  /// The place where `isBelow` turns false, by bisection in the exponent first, because the lower
  /// quantiles of few degrees of freedom lie many orders of magnitude below the mean.
  private func bisect(_ isBelow: (Double) -> Bool) -> Double {
    var low = 1e-300
    var high = 1.0
    while isBelow(high), high < 1e300 { high *= 2 }
    while high > 2 * low {
      let middle = low.squareRoot() * high.squareRoot()
      if isBelow(middle) { low = middle } else { high = middle }
    }
    while true {
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { return high }
      if isBelow(middle) { low = middle } else { high = middle }
    }
  }
}
