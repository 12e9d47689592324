package import Essentials

/// By which rules a replay's result is believed or not.
package struct ReplayTrustSettings: Hashable, Sendable {
  /// The confidence of every interval, strictly between 0 and 1. Probabilities of chance must not be
  /// above the rest to 1.
  package var confidence = 0.95
  /// How many resamples an interval is made of.
  package var resamples = 2000
  /// How many draws of chance a result is compared with.
  package var draws = 1000
  /// What names all resamples and draws.
  package var seed: UInt64 = 1
  /// With how many trials, this one counted, the configuration was found.
  package var trials = 1
  /// The variance of the trials' Sharpe ratios for one period of the equity returns; nil where it is
  /// not known, and is then taken to be that of trials without skill, 1 / (n - 1).
  package var trialVariance: Double?
  /// The time between equity returns; nil for a day where the replay lasted for sixty of them, else an
  /// hour.
  package var period: TimeSpan?
  /// What each fill was assumed to lose against the price of the bars, spread and slippage together,
  /// as a fraction of what was traded.
  package var slippage = 0.0
  /// Fewer trades are not judged.
  package var tradesMin = 30
  /// The parameters that were fitted before, and used.
  package var parameters: [FittedKnowledge] = []
  /// The times after an entry at which leaving is compared with the exit that was made, rising.
  package var horizons: [TimeSpan] = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60].map { .minutes($0) }
  /// What the coin is called in sentences.
  package var coin = "USDT"

  /// The rules that hold unless somebody states others.
  package init() {}
}
