package import Essentials
import Mathematics

/// What the returns of the account say, holding times and open positions included.
package struct EquityTrust: Hashable, Sendable {
  /// The time from return to return.
  package let period: TimeSpan
  /// How many returns there are.
  package let observations: Int
  /// Mean over standard deviation for one period.
  package let sharpe: Double
  /// The same for a year of 365 days.
  package let annualSharpe: Double
  /// The interval of the annual ratio by ``BlockBootstrap``; nil where it has none.
  package let annualInterval: ConfidenceInterval?
  /// The probability that the true ratio is above zero (PSR).
  package let aboveZero: Double?
  /// The probability that the true ratio is above what the best of the trials would reach by luck
  /// (DSR); that above zero for a single trial.
  package let deflated: Double?
  /// The annual ratio that the best of the trials would reach by luck.
  package let annualLuckySharpe: Double
  /// With how many trials ``deflated`` was reckoned.
  package let trials: Int
  /// The days that it takes until a ratio such as this is above luck with the confidence; nil where no
  /// time is enough.
  package let daysNeeded: Double?

  /// Nil for fewer than ten returns or where they do not vary.
  init?(_ returns: [Double], period: TimeSpan, settings: ReplayTrustSettings) {
    guard returns.count >= 10, let inference = SharpeInference(of: returns) else { return nil }
    let perYear = 365 / period.days
    let variance = settings.trialVariance ?? 1 / Double(returns.count - 1)
    let lucky = SharpeInference.expectedMaximum(of: max(1, settings.trials), variance: variance)
    let length = max(1, OptimalBlockLength(of: returns)?.stationary ?? 1)
    let interval = BlockBootstrap(
      meanBlockLength: length, resamples: settings.resamples, seed: settings.seed
    ).interval(for: .sharpe, of: returns, confidence: settings.confidence)
    let annual = perYear.squareRoot()
    self.period = period
    observations = returns.count
    sharpe = inference.sharpe
    annualSharpe = inference.sharpe * annual
    annualInterval = interval.map {
      ConfidenceInterval(
        estimate: $0.estimate * annual, lower: $0.lower * annual, upper: $0.upper * annual,
        confidence: $0.confidence)
    }
    aboveZero = inference.probability(above: 0)
    deflated = inference.probability(above: lucky)
    annualLuckySharpe = lucky * annual
    trials = max(1, settings.trials)
    daysNeeded = inference.minimumTrackRecord(above: lucky, confidence: settings.confidence).map {
      $0 * period.days
    }
  }
}
