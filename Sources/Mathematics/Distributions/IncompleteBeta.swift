/// The regularized incomplete beta function.
package enum IncompleteBeta {
  /// Returns I_x(a, b), the probability that a beta variable with shapes `a` and `b` is at most `x`.
  ///
  /// The continued fraction of Abramowitz and Stegun, "Handbook of Mathematical Functions", formula
  /// 26.5.8, evaluated forward by Lentz's method as modified by Thompson and Barnett; relative error
  /// about 1e-13. NaN where a shape is not positive and finite or `x` lies outside [0, 1].
  package static func regularized(_ x: Double, a: Double, b: Double) -> Double {
    guard a > 0, b > 0, a.isFinite, b.isFinite, x >= 0, x <= 1 else { return .nan }
    if x == 0 || x == 1 { return x }
    // The fraction converges fast below the mean; above it, use the mirrored function.
    if x > (a + 1) / (a + b + 2) { return 1 - lower(1 - x, b, a) }
    return lower(x, a, b)
  }

  private static func lower(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let logFront =
      Elementary.logGamma(a + b) - Elementary.logGamma(a) - Elementary.logGamma(b)
      + a * Elementary.log(x) + b * Elementary.log(onePlus: -x)
    return Elementary.exp(logFront) * continuedFraction(x, a, b) / a
  }

  private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func awayFromZero(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / awayFromZero(1 - (a + b) * x / (a + 1))
    var fraction = d
    // The number of steps grows like the square root of the larger shape.
    let limit = 200 + Int(min(1e6, 10 * max(a, b).squareRoot()))
    for m in 1...limit {
      let k = Double(m)
      let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
      d = 1 / awayFromZero(1 + even * d)
      c = awayFromZero(1 + even / c)
      fraction *= d * c
      let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
      d = 1 / awayFromZero(1 + odd * d)
      c = awayFromZero(1 + odd / c)
      let factor = d * c
      fraction *= factor
      if (factor - 1).magnitude <= Double.ulpOfOne { break }
    }
    return fraction
  }
}
