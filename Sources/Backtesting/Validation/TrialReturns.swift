/// The daily profits (or returns) of competing trials over the same rows.
///
/// Values are finite and lie trial by trial, each contiguous in time.
package struct TrialReturns: Hashable, Sendable {
  /// The number of values of each trial.
  package let rows: Int
  /// The number of trials, at least 1.
  package let trials: Int
  /// Trial t, row r at `t * rows + r`.
  package let values: [Double]

  /// Joins one series for each trial.
  package init(series: [[Double]]) throws(ValidationFailure) {
    guard let first = series.first else { throw .noTrials }
    for (trial, values) in series.enumerated() {
      guard values.count == first.count else {
        throw .unequalTrials(trial: trial, rows: values.count, expected: first.count)
      }
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw .missingValue(trial: trial, row: row)
      }
    }
    rows = first.count
    trials = series.count
    values = Array(series.joined())
  }

  /// Returns the series of one trial.
  package func series(of trial: Int) -> [Double] {
    Array(values[trial * rows..<(trial + 1) * rows])
  }

  /// Returns the Sharpe ratio of one trial for one period over some rows, in ascending order.
  package func sharpe(of trial: Int, over ranges: [Range<Int>]) -> Double? {
    let start = trial * rows
    if ranges.count == 1, let range = ranges.first {
      return SharpeRatio.perPeriod(
        of: values.span.extracting(start + range.lowerBound..<start + range.upperBound))
    }
    return SharpeRatio.perPeriod(
      of: ranges.flatMap { values[start + $0.lowerBound..<start + $0.upperBound] })
  }
}
