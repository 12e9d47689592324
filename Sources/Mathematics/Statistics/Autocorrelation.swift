/// How a series moves together with its own past.
package enum Autocorrelation {
  /// Returns the autocovariances at lags 0 through `lags`, each divided by the full length, the
  /// choice that keeps the sequence positive semidefinite. Lags at or beyond the length are zero. A
  /// NaN in the series makes all of them NaN. Cost: length times lags.
  package static func covariances(of values: [Double], lags: Int) -> [Double] {
    precondition(lags >= 0, "\(lags) lags")
    guard !values.isEmpty else { return [Double](repeating: .nan, count: lags + 1) }
    let mean = Moments(of: values).mean
    let deviations = values.map { $0 - mean }
    return (0...lags).map { lag in
      var sum = 0.0
      deviations.withUnsafeBufferPointer { deviations in
        for i in stride(from: lag, to: deviations.count, by: 1) {
          sum += deviations[i] * deviations[i - lag]
        }
      }
      return mean.isNaN ? .nan : sum / Double(values.count)
    }
  }

  /// Returns the autocorrelations at lags 1 through `lags`; NaN for a constant series.
  package static func correlations(of values: [Double], lags: Int) -> [Double] {
    let covariances = covariances(of: values, lags: lags)
    let variance = covariances[0]
    return covariances.dropFirst().map { variance > 0 ? $0 / variance : .nan }
  }
}
