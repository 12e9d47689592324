import Mathematics

/// The block lengths with which a block bootstrap of the mean errs least.
///
/// D. Politis and H. White, "Automatic Block-Length Selection for the Dependent Bootstrap",
/// Econometric Reviews 23 (2004), sections 3.2 and 3.3, with the correction of A. Patton, D. Politis
/// and H. White, Econometric Reviews 28 (2009): b = (2 G² / D)^⅓ n^⅓, where G sums |k| R(k) and the
/// long-run variance sums R(k) under a flat-top window, D is 2 (stationary) or 4/3 (circular) times
/// the squared long-run variance.
package struct OptimalBlockLength: Hashable, Sendable {
  /// The average length for the stationary bootstrap.
  package let stationary: Double
  /// The fixed length for the circular bootstrap.
  package let circular: Double

  /// Estimates both lengths. Nil for a series that is constant, has a value missing, or has fewer
  /// than eight values. Lengths are at most ⌈min(3 √n, n / 3)⌉, as the first paper advises, and
  /// positive; a series without memory gets lengths below one. Cost: n^1.5.
  package init?(of values: [Double]) {
    let size = Double(values.count)
    guard values.count >= 8 else { return nil }
    let mean = Moments(of: values).mean
    let deviations = values.map { $0 - mean }
    let window = max(5, Int(Elementary.log(size) / Elementary.log(10)))
    let lagMax = min(values.count - 2, Int(size.squareRoot().rounded(.up)) + window)
    let covariances = Autocorrelation.covariances(of: values, lags: lagMax)
    guard covariances[0] > 0 else { return nil }
    let cutoff = Self.cutoff(
      deviations: deviations, covariances: covariances, window: window, lagMax: lagMax)

    var weighted = 0.0
    var longRunVariance = covariances[0]
    for lag in 1...cutoff {
      let share = Double(lag) / Double(cutoff)
      let flatTop = share <= 0.5 ? 1 : 2 * (1 - share)
      weighted += 2 * flatTop * Double(lag) * covariances[lag]
      longRunVariance += 2 * flatTop * covariances[lag]
    }
    let longest = min(3 * size.squareRoot(), size / 3).rounded(.up)
    func length(_ factor: Double) -> Double {
      let spread = factor * longRunVariance * longRunVariance
      let length = Elementary.pow(2 * weighted * weighted / spread * size, 1.0 / 3)
      // A long-run variance that vanishes asks for blocks without limit.
      return length.isNaN ? longest : min(longest, length)
    }
    stationary = length(2)
    circular = length(4.0 / 3)
  }

  /// Returns twice the first lag that begins a run of `window` insignificant autocorrelations, those
  /// below 2 √(log₁₀ n / n), or the largest lag where there is no such run. Autocorrelations here are
  /// over the parts of the series that overlap.
  private static func cutoff(
    deviations: [Double], covariances: [Double], window: Int, lagMax: Int
  ) -> Int {
    let size = Double(deviations.count)
    let critical = 2 * (Elementary.log(size) / Elementary.log(10) / size).squareRoot()
    var early = covariances[0] * size
    var late = early
    var quiet = 0
    for lag in 0..<lagMax {
      // Leave out one more value at either end; lag 0 leaves out the first already.
      early -= deviations[deviations.count - 1 - lag] * deviations[deviations.count - 1 - lag]
      late -= deviations[lag] * deviations[lag]
      let correlation = (covariances[lag] * size).magnitude / (early * late).squareRoot()
      quiet = correlation < critical ? quiet + 1 : 0
      if quiet == window { return min(lagMax, 2 * max(lag + 1 - window, 1)) }
    }
    return lagMax
  }
}
