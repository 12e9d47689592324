/// A measure with the evidence that it rests on.
package struct SampledMeasure: Hashable, Sendable {
  /// NaN where it is unknown: too few rows, no deviation, or a value that is not finite.
  package var value: Double
  /// Days of the window with at least one valid row.
  package var days: Int
  /// Trades in the valid rows of the window.
  package var trades: Int
  /// Valid rows of the window.
  package var bars: Int

  package init(value: Double, days: Int, trades: Int, bars: Int) {
    self.value = value.isFinite ? value : .nan
    self.days = days
    self.trades = trades
    self.bars = bars
  }

  package var isKnown: Bool { !value.isNaN }

  // Unknown measures of equal samples are the same, which NaN is not.
  package static func == (left: Self, right: Self) -> Bool {
    (left.value == right.value || left.value.isNaN && right.value.isNaN)
      && left.days == right.days && left.trades == right.trades && left.bars == right.bars
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(value.isNaN ? .nan : value)
    hasher.combine(days)
    hasher.combine(trades)
    hasher.combine(bars)
  }
}
