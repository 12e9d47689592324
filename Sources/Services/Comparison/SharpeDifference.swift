package import Backtesting
import Mathematics

/// The difference of two annual Sharpe ratios over the same rows, with its error.
///
/// Both series are resampled with the same blocks of the stationary bootstrap, so whatever moves both
/// cancels, as in O. Ledoit and M. Wolf, "Robust Performance Hypothesis Testing with the Sharpe
/// Ratio", Journal of Empirical Finance 15 (2008), section 3.2; the interval is made of percentiles
/// instead of studentized quantiles.
package struct SharpeDifference: Hashable, Sendable {
  /// First less second, with the ends of its interval.
  package let interval: ConfidenceInterval
  /// The share of resamples in which the first is ahead.
  package let probabilityFirstIsAhead: Double
  /// How often resamples stray from the estimate at least as far as the estimate lies from zero:
  /// (1 + count) / (1 + resamples).
  package let pValue: Double
  package let meanBlockLength: Double
  package let resamples: Int

  /// Compares two series of profits, row by row.
  ///
  /// Nil where a ratio does not exist, for the whole or for half of the resamples. Blocks are as long
  /// as the memory of either series or of their difference asks for, and never shorter than the cube
  /// root of the number of rows.
  /// - Precondition: both have the same number of rows.
  package init?(
    of first: [Double], and second: [Double], rowsPerYear: Double, confidence: Double = 0.95,
    resamples: Int = 2000, seed: UInt64 = 1
  ) {
    precondition(first.count == second.count, "\(first.count) and \(second.count) rows")
    guard first.allSatisfy(\.isFinite), second.allSatisfy(\.isFinite),
      let firstRatio = SharpeRatio.perPeriod(of: first),
      let secondRatio = SharpeRatio.perPeriod(of: second)
    else { return nil }
    let year = rowsPerYear.squareRoot()
    let between = zip(first, second).map { $0 - $1 }
    let lengths = [first, second, between].compactMap { OptimalBlockLength(of: $0)?.stationary }
    let cubeRoot = Elementary.pow(Double(first.count), 1.0 / 3)
    let length = lengths.reduce(max(1, cubeRoot), max)
    // Blocks depend on the number of rows, the length and the seed alone: both are cut alike.
    let bootstrap = BlockBootstrap(meanBlockLength: length, resamples: resamples, seed: seed)
    let differences = zip(
      bootstrap.estimates(of: first, .sharpe), bootstrap.estimates(of: second, .sharpe)
    ).map { ($0 - $1) * year }.filter { !$0.isNaN }
    guard differences.count * 2 > resamples else { return nil }
    let estimate = (firstRatio - secondRatio) * year
    let sorted = SortedSample(differences)
    interval = ConfidenceInterval(
      estimate: estimate, lower: sorted.quantile((1 - confidence) / 2),
      upper: sorted.quantile((1 + confidence) / 2), confidence: confidence)
    let ahead = differences.reduce(0.0) { $0 + ($1 > 0 ? 1 : $1 == 0 ? 0.5 : 0) }
    probabilityFirstIsAhead = ahead / Double(differences.count)
    let farther = differences.count { ($0 - estimate).magnitude >= estimate.magnitude }
    pValue = Double(1 + farther) / Double(1 + differences.count)
    meanBlockLength = length
    self.resamples = differences.count
  }
}
