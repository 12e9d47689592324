/// Student's t distribution.
package struct StudentDistribution: Hashable, Sendable {
  /// The one parameter, positive.
  package let degreesOfFreedom: Double

  /// Makes the distribution; degrees of freedom are positive and need not be whole.
  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "\(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// Returns the probability of a value of at most `t` (Abramowitz and Stegun 26.7.1).
  package func cumulative(_ t: Double) -> Double {
    guard !t.isNaN else { return .nan }
    let tail = 0.5 * twoSidedTail(t)
    return t < 0 ? tail : 1 - tail
  }

  /// Returns the probability of a value at least as far from zero as `t`: the two-sided p-value.
  package func twoSidedTail(_ t: Double) -> Double {
    guard !t.isNaN else { return .nan }
    guard t.isFinite else { return 0 }
    let n = degreesOfFreedom
    return IncompleteBeta.regularized(n / (n + t * t), a: 0.5 * n, b: 0.5)
  }

  /// Returns the value that a draw stays below with probability `p`.
  ///
  /// Bisection over a bracket that doubles until it holds the answer, to the last bit that the
  /// cumulative probability resolves; about 100 evaluations. Probabilities 0 and 1 give minus and
  /// plus infinity; anything outside [0, 1] gives NaN.
  package func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    if p == 0.5 { return 0 }
    let tail = 2 * min(p, 1 - p)
    var high = 1.0
    while twoSidedTail(high) > tail, high < 1e300 { high *= 2 }
    var low = high == 1 ? 0 : high / 2
    while true {
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { break }
      if twoSidedTail(middle) > tail { low = middle } else { high = middle }
    }
    return p < 0.5 ? -high : high
  }
}
