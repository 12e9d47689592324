/// The normal distribution with mean 0 and variance 1.
package enum StandardNormal {
  /// Returns the density at `x`.
  package static func density(_ x: Double) -> Double {
    Elementary.exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
  }

  /// Returns the probability of a value of at most `x`, with full relative precision in the lower
  /// tail too, where it is as small as 5e-324.
  package static func cumulative(_ x: Double) -> Double {
    0.5 * Elementary.erfc(-x * 0.5.squareRoot())
  }

  /// Returns the value that a draw stays below with probability `p`.
  ///
  /// The rational approximations of M. J. Wichura, "Algorithm AS 241: The Percentage Points of the
  /// Normal Distribution", Applied Statistics 37 (1988), followed by one step of Halley's method on
  /// the tail that holds the smaller probability; the error is a few units in the last place.
  /// Probabilities 0 and 1 give minus and plus infinity; anything outside [0, 1] gives NaN. For a
  /// probability close to 1, minus the quantile of the complement is more precise.
  package static func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    if p == 0.5 { return 0 }
    // The complement 1 - p is exact for p in [0.5, 1].
    return p < 0.5 ? lowerQuantile(p) : -lowerQuantile(1 - p)
  }

  /// Returns the quantile of a probability in (0, 0.5).
  private static func lowerQuantile(_ p: Double) -> Double {
    let start = approximateLowerQuantile(p)
    let density = density(start)
    guard density >= .leastNormalMagnitude else { return start }
    let step = (cumulative(start) - p) / density
    return start - step / (1 + 0.5 * start * step)
  }

  private static func approximateLowerQuantile(_ p: Double) -> Double {
    let q = p - 0.5
    if q >= -0.425 {
      let r = 0.180625 - q * q
      return q * ratio(r, centralNumerator, centralDenominator)
    }
    let r = (-Elementary.log(p)).squareRoot()
    return r <= 5
      ? -ratio(r - 1.6, middleNumerator, middleDenominator)
      : -ratio(r - 5, farNumerator, farDenominator)
  }

  /// Evaluates a quotient of polynomials by Horner's rule; coefficients run from the constant up.
  private static func ratio(_ x: Double, _ numerator: [Double], _ denominator: [Double]) -> Double {
    func polynomial(_ coefficients: [Double]) -> Double {
      coefficients.reversed().reduce(0) { $0 * x + $1 }
    }
    return polynomial(numerator) / polynomial(denominator)
  }

  // The coefficients of routine PPND16.
  private static let centralNumerator = [
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3,
  ]
  private static let centralDenominator = [
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
    5.2264952788528545610e3,
  ]
  private static let middleNumerator = [
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4,
  ]
  private static let middleDenominator = [
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
  ]
  private static let farNumerator = [
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ]
  private static let farDenominator = [
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
  ]
}
