/// How sharply a likelihood is peaked, which says how exactly its peak is known.
package enum LikelihoodCurvature {
  /// The share of a parameter by which it is moved: the cube root of the precision balances
  /// rounding and truncation of a central difference.
  private static let stepShare = 6e-6

  /// Returns the standard errors of maximum-likelihood estimates: the square roots of the diagonal
  /// of the inverse of the observed information.
  ///
  /// `gradient` is that of minus the log-likelihood; the information is its central difference,
  /// made symmetric. A parameter is moved by a share of itself, or of its entry in `scales` where
  /// that is larger. Returns nil where the information is not positive definite: there the
  /// parameters are not identified. Cost: two gradients for each parameter.
  package static func standardErrors(
    at point: [Double], scales: [Double], gradient: ([Double]) -> [Double]
  ) -> [Double]? {
    let order = point.count
    precondition(scales.count == order, "\(scales.count) scales for \(order) parameters")
    var information = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      let step = stepShare * max(point[column].magnitude, scales[column])
      var above = point
      var below = point
      above[column] += step
      below[column] -= step
      let high = gradient(above)
      let low = gradient(below)
      for row in 0..<order {
        information[row * order + column] =
          (high[row] - low[row]) / (above[column] - below[column])
      }
    }
    // Scaled to a unit diagonal, so that the units of the parameters do not matter.
    let diagonal = (0..<order).map { information[$0 * order + $0] }
    guard diagonal.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let roots = diagonal.map { $0.squareRoot() }
    var scaled = information
    for row in 0..<order {
      for column in 0..<order {
        let mean = (information[row * order + column] + information[column * order + row]) / 2
        scaled[row * order + column] = mean / (roots[row] * roots[column])
      }
    }
    guard let factor = CholeskyFactor(of: scaled, order: order) else { return nil }
    let inverse = factor.inverse()
    return (0..<order).map { inverse[$0 * order + $0].squareRoot() / roots[$0] }
  }
}
