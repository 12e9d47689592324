package import Essentials

/// How measures are taken from a record.
package struct EvidenceSettings: Hashable, Sendable {
  /// Periods in a year: 252 for trading days, 8760 for hours of a market that never closes.
  package var annualise: Double
  /// The length of a row's period, from which the beginning of the first row follows.
  package var interval: TimeSpan
  /// How many variants were tried before this one was chosen, itself included; at least 1.
  package var trials = 1
  /// The variance of the trials' Sharpe ratios for one period. Nil where it is not known: then
  /// 1 / (rows - 1), that of an estimate whose true value is zero.
  package var trialVariance: Double?
  package var folds = EvidenceFolds()
  package var walk = EvidenceWalk()

  package init(annualise: Double = 252, interval: TimeSpan = .days(1)) {
    self.annualise = annualise
    self.interval = interval
  }
}
