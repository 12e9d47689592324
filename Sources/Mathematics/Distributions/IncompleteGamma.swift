/// The regularized incomplete gamma functions.
package enum IncompleteGamma {
  /// Returns P(a, x), the probability that a gamma variable with shape `a` and scale 1 is at most
  /// `x`. NaN where `a` is not positive and finite or `x` is negative.
  package static func lower(_ x: Double, a: Double) -> Double {
    guard a > 0, a.isFinite, x >= 0 else { return .nan }
    if x == 0 { return 0 }
    if x == .infinity { return 1 }
    return x < a + 1 ? series(x, a) : 1 - fraction(x, a)
  }

  /// Returns Q(a, x) = 1 - P(a, x) with full relative precision in the upper tail.
  package static func upper(_ x: Double, a: Double) -> Double {
    guard a > 0, a.isFinite, x >= 0 else { return .nan }
    if x == 0 { return 1 }
    if x == .infinity { return 0 }
    return x < a + 1 ? 1 - series(x, a) : fraction(x, a)
  }

  /// x^a e^-x / Γ(a).
  private static func front(_ x: Double, _ a: Double) -> Double {
    Elementary.exp(a * Elementary.log(x) - x - Elementary.logGamma(a))
  }

  /// Abramowitz and Stegun 6.5.29, all terms positive; fast for x below a + 1.
  private static func series(_ x: Double, _ a: Double) -> Double {
    var term = 1 / a
    var sum = term
    var n = a
    // The number of terms grows like the square root of the shape.
    for _ in 0..<(500 + Int(min(1e6, 20 * a.squareRoot()))) {
      n += 1
      term *= x / n
      sum += term
      if term <= sum * Double.ulpOfOne { break }
    }
    return sum * front(x, a)
  }

  /// Abramowitz and Stegun 6.5.31 in its even form, by Lentz's method.
  private static func fraction(_ x: Double, _ a: Double) -> Double {
    let tiny = 1e-300
    func awayFromZero(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / awayFromZero(b)
    var product = d
    for n in 1...(500 + Int(min(1e6, 20 * a.squareRoot()))) {
      let k = Double(n)
      let numerator = -k * (k - a)
      b += 2
      d = 1 / awayFromZero(numerator * d + b)
      c = awayFromZero(b + numerator / c)
      let factor = c * d
      product *= factor
      if (factor - 1).magnitude <= Double.ulpOfOne { break }
    }
    return product * front(x, a)
  }
}
