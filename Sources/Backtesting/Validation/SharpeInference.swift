import Mathematics

/// What an observed Sharpe ratio says about the true one.
///
/// All ratios are for one period, not annualized; kurtosis is 3 for a normal distribution. PSR and
/// MinTRL: D. Bailey and M. López de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15
/// (2012). DSR: the same authors, "The Deflated Sharpe Ratio", Journal of Portfolio Management 40
/// (2014). Returns are taken to be stationary and serially uncorrelated, not normal.
package struct SharpeInference: Hashable, Sendable {
  /// The observed ratio for one period.
  package let sharpe: Double
  /// The number of periods observed.
  package let observations: Int
  /// The skewness of the returns, 0 for a normal distribution.
  package let skewness: Double
  /// The kurtosis of the returns, 3 for a normal distribution.
  package let kurtosis: Double

  /// Takes what is known about the returns; without moments they are taken to be normal.
  package init(sharpe: Double, observations: Int, skewness: Double = 0, kurtosis: Double = 3) {
    self.sharpe = sharpe
    self.observations = observations
    self.skewness = skewness
    self.kurtosis = kurtosis
  }

  /// Takes the ratio and the population moments of a series; nil where the series has no Sharpe
  /// ratio (constant, shorter than two values, or with a missing value).
  package init?(of returns: [Double]) {
    let moments = Moments(of: returns)
    guard let sharpe = SharpeRatio.perPeriod(of: moments), moments.kurtosis.isFinite
    else { return nil }
    self.init(
      sharpe: sharpe, observations: returns.count, skewness: moments.skewness,
      kurtosis: moments.kurtosis)
  }

  /// The variance of the estimated ratio times the observations less one (2012, equation 4; the
  /// result of E. Mertens): 1 - γ₃ SR + (γ₄ - 1) / 4 SR². Nil where the moments given are such that
  /// it is not positive.
  private var scaledVariance: Double? {
    let variance = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe
    return variance > 0 && variance.isFinite ? variance : nil
  }

  /// The standard error of the ratio; nil below two observations.
  package var standardError: Double? {
    guard observations > 1 else { return nil }
    return scaledVariance.map { ($0 / Double(observations - 1)).squareRoot() }
  }

  /// Returns the probabilistic Sharpe ratio: the probability that the true ratio is above a
  /// benchmark (2012, equation 11).
  package func probability(above benchmark: Double) -> Double? {
    standardError.map { StandardNormal.cumulative((sharpe - benchmark) / $0) }
  }

  /// Returns how many observations it takes until the ratio, if it keeps its value, is above a
  /// benchmark with the wanted confidence (MinTRL: 2012, equation 13). Nil where the ratio is not
  /// above the benchmark: no record is long enough.
  package func minimumTrackRecord(above benchmark: Double, confidence: Double) -> Double? {
    guard sharpe > benchmark, let scaledVariance else { return nil }
    let needed = StandardNormal.quantile(confidence) / (sharpe - benchmark)
    return (1 + scaledVariance * needed * needed).finiteOrNil
  }

  /// Returns the deflated Sharpe ratio: the probability that the true ratio is above what the best
  /// of `trials` would reach by luck (2014, equation 2). `trialVariance` is the variance of the
  /// trials' ratios, for one period.
  package func deflated(trials: Int, trialVariance: Double) -> Double? {
    probability(above: Self.expectedMaximum(of: trials, variance: trialVariance))
  }

  /// Returns the ratio that the best of independent trials is expected to reach although every true
  /// ratio is zero (2014, equation 1): √V ((1 - γ) Z⁻¹(1 - 1/N) + γ Z⁻¹(1 - 1/(N e))), with γ the
  /// Euler-Mascheroni constant. Zero for one trial.
  package static func expectedMaximum(of trials: Int, variance: Double) -> Double {
    precondition(trials > 0, "the best of \(trials) trials")
    guard trials > 1 else { return 0 }
    let count = Double(trials)
    // Z⁻¹(1 - q) = -Z⁻¹(q), which keeps its digits for many trials.
    let maximum =
      -(1 - eulerMascheroni) * StandardNormal.quantile(1 / count)
      - eulerMascheroni * StandardNormal.quantile(1 / (count * Elementary.exp(1)))
    return variance.squareRoot() * maximum
  }

  /// Returns the years below which the best of independent trials without any skill is expected to
  /// show an annual Sharpe ratio above `annualSharpe`.
  ///
  /// MinBTL, theorem 1 of D. Bailey, J. Borwein, M. López de Prado and Q. Zhu, "Pseudo-Mathematics
  /// and Financial Charlatanism", Notices of the AMS 61 (2014). `annualSharpe` is positive.
  package static func minimumBacktestYears(trials: Int, annualSharpe: Double) -> Double {
    precondition(annualSharpe > 0, "an annual Sharpe ratio of \(annualSharpe)")
    let maximum = expectedMaximum(of: trials, variance: 1) / annualSharpe
    return maximum * maximum
  }

  private static let eulerMascheroni = 0.577_215_664_901_532_9
}
