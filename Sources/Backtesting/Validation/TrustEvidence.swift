/// What is known about a formula before it is judged.
package struct TrustEvidence: Hashable, Sendable {
  /// The formula's profit for each row of the sample, in any unit; NaN where there is none.
  package var dailyPnL: [Double]
  /// How many formulas were tried before this one was shown, itself included. Forgetting trials is
  /// how luck passes for skill, so the count belongs to the log of trials, not to a setting.
  package var trials: Int
  /// The sample variance of the trials' Sharpe ratios for one period. Nil where it is not known: then
  /// each trial is taken to be without skill, with the variance that the sample's length implies.
  package var trialSharpeVariance: Double?
  /// The profits of the formulas that were compared, this one among them, over common rows.
  package var candidates: TrialReturns?
  /// The overfitting of a selection that this formula belongs to, where it was measured already;
  /// then `candidates` need not be handed in, and the folds are those of the formula alone.
  package var overfitting: BacktestOverfitting?
  /// What a look-ahead probe of the formula found.
  package var lookAhead: LookAheadVerdict?
  /// The share of the cells of the data that are missing, from 0 to 1.
  package var missingDataShare: Double?
  /// Rows in a year: 252 trading days of a stock exchange, 365 for a market that never closes.
  package var periodsPerYear = 252.0

  /// Takes the least that can be judged; the rest is unknown until it is set.
  package init(dailyPnL: [Double], trials: Int) {
    self.dailyPnL = dailyPnL
    self.trials = trials
  }
}

/// How severely a formula is judged, and how much work is spent on it.
package struct TrustSettings: Hashable, Sendable {
  /// The confidence of the interval, of the track record, and the least deflated Sharpe ratio.
  package var confidence = 0.95
  /// How many times the profits are resampled for the interval.
  package var resamples = 1000
  /// What names the resamples.
  package var seed: UInt64 = 1
  /// Below this many days with a profit nothing is judged.
  package var rowsMin = 60
  /// The number of test folds, walking forward and purged.
  package var folds = 5
  /// The fewest rows of a test fold or of a block whose Sharpe ratio is worth looking at.
  package var foldRowsMin = 20
  /// Rows until the outcome of a position is known.
  package var labelHorizon = 1
  /// Rows dropped after the last outcome of a purged fold.
  package var embargo = 5
  /// The most blocks for the probability of overfitting; fewer are used for short samples.
  package var blocks = 16
  /// The least share of the Sharpe ratio that must last from training to test.
  package var efficiencyMin = 0.5
  /// The largest probability of overfitting that raises no objection.
  package var overfittingMax = 0.2
  /// The largest share of missing data that raises no objection.
  package var missingDataMax = 0.2

  /// Makes the customary settings.
  package init() {}
}
