import Mathematics

/// What became of one split: the trial that was best where it was chosen, and how it did elsewhere.
package struct FoldOutcome: Hashable, Sendable {
  /// The rows learned from and the rows tested on.
  package let split: RowSplit
  /// The trial with the highest Sharpe ratio over the training rows, the first of equals; nil where
  /// no trial has one.
  package let chosen: Int?
  /// The chosen trial's annual Sharpe ratio over the training rows.
  package let inSampleSharpe: Double?
  /// The chosen trial's annual Sharpe ratio over the test rows; nil where it does not exist, as for a
  /// constant stretch.
  package let outOfSampleSharpe: Double?

  /// Plays every split. With one trial nothing is chosen and the outcomes show its stability.
  /// Cost: training and test rows times trials.
  package static func outcomes(
    of trials: TrialReturns, over splits: [RowSplit], periodsPerYear: Double = 252
  ) -> [FoldOutcome] {
    let year = periodsPerYear.squareRoot()
    return splits.map { split in
      var best: (trial: Int, sharpe: Double)?
      for trial in 0..<trials.trials {
        guard let sharpe = trials.sharpe(of: trial, over: split.train) else { continue }
        if let current = best, sharpe <= current.sharpe { continue }
        best = (trial, sharpe)
      }
      return FoldOutcome(
        split: split, chosen: best?.trial, inSampleSharpe: best.map { $0.sharpe * year },
        outOfSampleSharpe: best.flatMap { trials.sharpe(of: $0.trial, over: [split.test]) }
          .map { $0 * year })
    }
  }

  /// Returns walk-forward efficiency: the average Sharpe ratio out of sample over the average in
  /// sample, over the folds in which both exist. About 1 where what was learned lasts, about 0 where
  /// it was luck. Nil where no fold has both, or the average in sample is not positive: there is
  /// nothing to keep.
  package static func efficiency(of outcomes: [FoldOutcome]) -> Double? {
    var inSample = 0.0
    var outOfSample = 0.0
    for outcome in outcomes {
      guard let inside = outcome.inSampleSharpe, let outside = outcome.outOfSampleSharpe
      else { continue }
      inSample += inside
      outOfSample += outside
    }
    return inSample > 0 ? (outOfSample / inSample).finiteOrNil : nil
  }

  /// Returns the sample standard deviation of the folds' Sharpe ratios out of sample; nil below two.
  package static func dispersion(of outcomes: [FoldOutcome]) -> Double? {
    Moments(of: outcomes.compactMap(\.outOfSampleSharpe)).sampleDeviation.finiteOrNil
  }
}
