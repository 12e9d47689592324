package import Mathematics

/// The Sharpe ratio of a series of returns or of profits on a fixed book.
package enum SharpeRatio {
  /// Returns mean over sample standard deviation for one period, without annualization.
  ///
  /// W. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21 (1994), with a reference return
  /// of zero. Nil where it does not exist: below two values, for a constant series, or with a value
  /// missing. The ratio does not change when the series is multiplied by a positive number.
  package static func perPeriod(of returns: [Double]) -> Double? {
    perPeriod(of: Moments(of: returns))
  }

  /// Returns the ratio of a stretch of a longer series, without copying it.
  package static func perPeriod(of returns: Span<Double>) -> Double? {
    perPeriod(of: Moments(of: returns))
  }

  /// Returns the ratio of a sample whose moments are known.
  package static func perPeriod(of moments: Moments) -> Double? {
    let deviation = moments.sampleDeviation
    guard deviation > 0, deviation.isFinite else { return nil }
    let ratio = moments.mean / deviation
    return ratio.isFinite ? ratio : nil
  }
}
