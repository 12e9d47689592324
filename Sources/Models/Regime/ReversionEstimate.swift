import Mathematics

/// An Ornstein-Uhlenbeck process by maximum likelihood, given the first price: the regression of each
/// log price on the one before.
package struct ReversionEstimate: Hashable, Sendable {
  package let reversion: Reversion
  /// The standard error of the rate, 1 / second, by the delta method.
  package let rateError: Double
  /// The standard error of the level, by the delta method.
  package let levelError: Double
  /// The slope on the log price less one, over its standard error.
  package let statistic: Double
  package let count: Int

  /// Below this a random walk seems drawn to a level with probability 5 % only: W. Fuller,
  /// "Introduction to Statistical Time Series" (1976), table 8.5.2, with a constant.
  package static let criticalStatistic = -2.86

  /// Fits log prices at steps of equal length. Where no pull can be told from a random walk the fit
  /// is unsettled, and no drift takes its place.
  package static func fit(
    logPrices: [Double], stepSeconds: Double, countMin: Int = 100
  ) -> Fit<ReversionEstimate> {
    precondition(stepSeconds > 0, "steps of \(stepSeconds) seconds")
    guard logPrices.count >= max(countMin, 4) else {
      return .impossible(
        .tooFewObservations(have: logPrices.count, needed: max(countMin, 4)))
    }
    guard logPrices.allSatisfy(\.isFinite) else { return .impossible(.notFinite) }
    let first = logPrices[0]
    let shifted = logPrices.map { $0 - first }
    guard
      let line = LinearRegression(
        of: Array(shifted.dropFirst()), on: [Array(shifted.dropLast())])
    else { return .impossible(.constant) }
    let (intercept, slope) = (line.coefficients[0], line.coefficients[1])
    let statistic = (slope - 1) / line.standardErrors[1]
    guard slope > 0, slope < 1 else {
      return .impossible(.noPull)
    }
    let rows = Double(shifted.count - 1)
    let variance = line.residuals.reduce(0) { $0 + $1 * $1 } / (rows - 2)
    let estimate = ReversionEstimate(
      reversion: Reversion(
        slope: slope, level: first + intercept / (1 - slope), residualVariance: variance,
        stepSeconds: stepSeconds),
      rateError: line.standardErrors[1] / (slope * stepSeconds),
      // The mean of a stationary autoregression: σ / ((1 − b) √n).
      levelError: (variance / rows).squareRoot() / (1 - slope),
      statistic: statistic, count: shifted.count)
    return statistic < criticalStatistic
      ? .converged(estimate) : .unsettled(best: estimate, reason: .notIdentified)
  }
}
