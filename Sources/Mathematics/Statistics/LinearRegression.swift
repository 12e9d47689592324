/// An ordinary least squares fit with an intercept.
///
/// The regressors are centered before the normal equations are solved, which removes the usual
/// cause of cancellation; covariances are carried back to the uncentered intercept afterward.
package struct LinearRegression: Sendable {
  /// The intercept, then one slope for each regressor.
  package let coefficients: [Double]
  /// The classical standard errors, in the order of `coefficients`: homoskedastic, uncorrelated
  /// errors, and the residual variance divided by rows less coefficients.
  package let standardErrors: [Double]
  /// Response less fit, row by row.
  package let residuals: [Double]
  /// The share of the response's variance that the fit explains; NaN for a constant response.
  package let rSquared: Double

  private let means: [Double]
  /// The regressors less their means, one after another.
  private let centered: [[Double]]
  /// The inverse of the centered cross products.
  private let inverse: [Double]

  /// Fits `response` on equally long `regressors`.
  ///
  /// Returns nil where there are not more rows than coefficients, a value is not finite, or a
  /// regressor is constant or a combination of others (no unique fit exists). Cost: rows times
  /// squared number of regressors.
  package init?(of response: [Double], on regressors: [[Double]]) {
    let rows = response.count
    let slopes = regressors.count
    precondition(
      regressors.allSatisfy { $0.count == rows }, "a regressor is not \(rows) values long")
    guard rows > slopes + 1, response.allSatisfy({ $0.isFinite }),
      regressors.allSatisfy({ $0.allSatisfy { $0.isFinite } })
    else { return nil }
    let meanResponse = Moments(of: response).mean
    let means = regressors.map { Moments(of: $0).mean }
    let centered = zip(regressors, means).map { regressor, mean in regressor.map { $0 - mean } }
    let centeredResponse = response.map { $0 - meanResponse }
    var products = [Double](repeating: 0, count: slopes * slopes)
    for i in 0..<slopes {
      for j in 0...i {
        products[i * slopes + j] = Self.dot(centered[i], centered[j])
        products[j * slopes + i] = products[i * slopes + j]
      }
    }
    guard let factor = CholeskyFactor(of: products, order: slopes) else { return nil }
    let slopeValues = factor.solve(centered.map { Self.dot($0, centeredResponse) })
    var residuals = centeredResponse
    for (slope, regressor) in zip(slopeValues, centered) {
      for row in 0..<rows { residuals[row] -= slope * regressor[row] }
    }
    let unexplained = Self.dot(residuals, residuals)
    let total = Self.dot(centeredResponse, centeredResponse)

    self.means = means
    self.centered = centered
    self.residuals = residuals
    inverse = factor.inverse()
    coefficients = [meanResponse - Self.dot(slopeValues, means)] + slopeValues
    rSquared = total > 0 ? 1 - unexplained / total : .nan
    let variance = unexplained / Double(rows - slopes - 1)
    var covariance = [Double](repeating: 0, count: (slopes + 1) * (slopes + 1))
    covariance[0] = variance / Double(rows)
    for i in 0..<slopes {
      for j in 0..<slopes {
        covariance[(i + 1) * (slopes + 1) + j + 1] = variance * inverse[i * slopes + j]
      }
    }
    standardErrors = Self.standardErrors(ofCentered: covariance, means: means)
  }

  /// Coefficients divided by their classical standard errors.
  package var tStatistics: [Double] { zip(coefficients, standardErrors).map { $0 / $1 } }

  /// Returns standard errors that allow for heteroskedastic errors correlated over up to `lags` rows,
  /// in the order of `coefficients`.
  ///
  /// W. Newey and K. West, "A Simple, Positive Semi-Definite, Heteroskedasticity and Autocorrelation
  /// Consistent Covariance Matrix", Econometrica 55 (1987), equation 5: Bartlett weights
  /// 1 - l / (lags + 1), without a small-sample factor. Zero lags give White's errors.
  package func autocorrelationConsistentErrors(lags: Int) -> [Double] {
    precondition(lags >= 0, "\(lags) lags")
    let rows = residuals.count
    let order = centered.count + 1
    // Row by row: the residual times (1, centered regressors).
    let scores: [[Double]] =
      [residuals] + centered.map { regressor in zip(residuals, regressor).map { $0 * $1 } }
    var meat = [Double](repeating: 0, count: order * order)
    for lag in 0...min(lags, rows - 1) {
      let weight = 1 - Double(lag) / Double(lags + 1)
      for i in 0..<order {
        for j in 0..<order {
          var sum = 0.0
          for row in lag..<rows { sum += scores[i][row] * scores[j][row - lag] }
          meat[i * order + j] += weight * sum
          if lag > 0 { meat[j * order + i] += weight * sum }
        }
      }
    }
    // In the centered coordinates the bread is 1 / rows for the intercept beside the inverse.
    func bread(_ i: Int, _ j: Int) -> Double {
      if i == 0 || j == 0 { return i == j ? 1 / Double(rows) : 0 }
      return inverse[(i - 1) * (order - 1) + j - 1]
    }
    var covariance = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in 0..<order {
        for k in 0..<order {
          for l in 0..<order {
            covariance[i * order + j] += bread(i, k) * meat[k * order + l] * bread(l, j)
          }
        }
      }
    }
    return Self.standardErrors(ofCentered: covariance, means: means)
  }

  /// Carries a covariance of (value at the means, slopes) to (intercept, slopes): the intercept is
  /// the value at the means less the slopes times the means.
  private static func standardErrors(ofCentered covariance: [Double], means: [Double]) -> [Double] {
    let order = means.count + 1
    let toIntercept = [1.0] + means.map { -$0 }
    var intercept = 0.0
    for i in 0..<order {
      for j in 0..<order {
        intercept += toIntercept[i] * covariance[i * order + j] * toIntercept[j]
      }
    }
    return [intercept.squareRoot()]
      + (1..<order).map { covariance[$0 * order + $0].squareRoot() }
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<x.count { sum += x[i] * y[i] }
    return sum
  }
}
