/// A least-squares fit without intercept whose coefficients are drawn toward zero.
///
/// A. Hoerl and R. Kennard, "Ridge Regression: Biased Estimation for Nonorthogonal Problems",
/// Technometrics 12 (1970). Each regressor is divided by its root mean square beforehand, so the
/// penalty treats all alike whatever their units; the coefficients are those of the regressors as
/// given.
package struct RidgeRegression: Hashable, Sendable {
  /// One for each regressor.
  package let coefficients: [Double]
  /// The standard errors of the coefficients about their own expectation, which the penalty has
  /// moved toward zero: homoskedastic, uncorrelated errors.
  package let standardErrors: [Double]
  /// The standard deviation of response less fit.
  package let residualDeviation: Double
  package let rows: Int

  /// Fits `response` on equally long `regressors`; `penalty` is added to the mean square, which is
  /// one, of every regressor.
  ///
  /// Returns nil where there are not more rows than regressors, a value is not finite, a regressor
  /// is zero throughout, or the penalty is zero and the regressors are dependent. Cost: rows times
  /// squared number of regressors.
  package init?(of response: [Double], on regressors: [[Double]], penalty: Double) {
    let rows = response.count
    let order = regressors.count
    precondition(penalty >= 0, "a penalty of \(penalty)")
    precondition(
      regressors.allSatisfy { $0.count == rows }, "a regressor is not \(rows) values long")
    guard order > 0, rows > order, response.allSatisfy(\.isFinite),
      regressors.allSatisfy({ $0.allSatisfy(\.isFinite) })
    else { return nil }
    let scales = regressors.map { (Self.meanProduct($0, $0)).squareRoot() }
    guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    var products = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in 0...i {
        let product = Self.meanProduct(regressors[i], regressors[j]) / (scales[i] * scales[j])
        products[i * order + j] = product
        products[j * order + i] = product
      }
    }
    var penalized = products
    for i in 0..<order { penalized[i * order + i] += penalty }
    guard let factor = CholeskyFactor(of: penalized, order: order) else { return nil }
    let right = zip(regressors, scales).map { Self.meanProduct($0, response) / $1 }
    let scaled = factor.solve(right)
    coefficients = zip(scaled, scales).map { $0 / $1 }
    var squares = 0.0
    for row in 0..<rows {
      var rest = response[row]
      for i in 0..<order { rest -= coefficients[i] * regressors[i][row] }
      squares += rest * rest
    }
    let variance = squares / Double(rows - order)
    residualDeviation = variance.squareRoot()
    // Covariance: s²/n (P + kI)⁻¹ P (P + kI)⁻¹, with P the mean cross products.
    let inverse = factor.inverse()
    standardErrors = (0..<order).map { i in
      var sum = 0.0
      for j in 0..<order {
        for k in 0..<order {
          sum += inverse[i * order + j] * products[j * order + k] * inverse[k * order + i]
        }
      }
      return (variance / Double(rows) * sum).squareRoot() / scales[i]
    }
    self.rows = rows
  }

  private static func meanProduct(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<x.count { sum += x[i] * y[i] }
    return sum / Double(x.count)
  }
}
