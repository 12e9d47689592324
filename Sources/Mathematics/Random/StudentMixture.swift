/// Student's t distribution scaled to unit variance, as a normal variate with a random deviation.
///
/// With Z and Y independent standard normal, M(Y) Z has that distribution when M(Y)² has the one of
/// (ν - 2) / χ²: M(y)² = (ν - 2) / q(Φ(y)), q the quantile function of χ² with ν degrees of freedom.
/// Keeping the deviation beside the draw tells how restless the step was, which a path needs between
/// its points.
///
/// log₂ M is a polynomial of degree 14 in y, interpolated at Chebyshev's points of [-6.7, 6.7], where
/// ``LaneVariates`` ends. The relative error of M is below 3e-6 from 6 degrees of freedom on, 3e-5 at
/// 4 and 2e-4 at 3, where it shows in the far tail only. Making one costs some milliseconds; keep it.
package struct StudentMixture: Hashable, Sendable {
  /// The parameter of the distribution, above 2.
  package let degreesOfFreedom: Double
  /// The coefficients of log₂ M in y / 6.7, from the constant up.
  package let coefficients: [Float]

  /// Half the width of the interval of y.
  package static let reach = 6.7
  private static let degree = 14
  /// The number of coefficients.
  package static let coefficientCount = degree + 1

  /// Interpolates the mixture for degrees of freedom above 2 (a variance must exist).
  package init(degreesOfFreedom: Double) {
    precondition(
      degreesOfFreedom > 2 && degreesOfFreedom.isFinite,
      "\(degreesOfFreedom) degrees of freedom have no variance")
    self.degreesOfFreedom = degreesOfFreedom
    let chiSquared = ChiSquaredDistribution(degreesOfFreedom: degreesOfFreedom)
    let count = Self.coefficientCount
    // Interpolation at the zeros of the Chebyshev polynomial T of the next degree.
    let angles = (0..<count).map { (Double($0) + 0.5) * Double.pi / Double(count) }
    let values = angles.map { angle in
      let y = Self.reach * Elementary.cos(angle)
      let quantile =
        y < 0
        ? chiSquared.quantile(StandardNormal.cumulative(y))
        : chiSquared.quantile(upperTail: StandardNormal.cumulative(-y))
      return 0.5 * Elementary.log((degreesOfFreedom - 2) / quantile) / Elementary.log(2)
    }
    let weights = (0..<count).map { order in
      let sum = zip(angles, values).reduce(0) {
        $0 + $1.1 * Elementary.cos(Double(order) * $1.0)
      }
      return (order == 0 ? 1 : 2) * sum / Double(count)
    }
    coefficients = Self.powers(ofChebyshev: weights).map { Float($0) }
  }

  /// Turns weights of Chebyshev polynomials into coefficients of powers, by T(n+1) = 2xT(n) - T(n-1).
  private static func powers(ofChebyshev weights: [Double]) -> [Double] {
    let count = weights.count
    var before = [Double](repeating: 0, count: count)
    var current = before
    var sum = before
    before[0] = 1
    current[1] = 1
    for (order, weight) in weights.enumerated() {
      let polynomial = order == 0 ? before : current
      for power in 0..<count { sum[power] += weight * polynomial[power] }
      if order == 0 { continue }
      var next = before.map { -$0 }
      for power in 1..<count { next[power] += 2 * current[power - 1] }
      before = current
      current = next
    }
    return sum
  }

  /// Returns M(y) in double precision from the same polynomial, for a `y` within the reach.
  package func deviation(_ y: Double) -> Double {
    let place = y / Self.reach
    let power = coefficients.reversed().reduce(0.0) { $0 * place + Double($1) }
    return Elementary.exp(power * Elementary.log(2))
  }
}
