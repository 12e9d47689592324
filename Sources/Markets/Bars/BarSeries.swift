package import Essentials

/// Closed bars of one instrument in columns, by rising open time.
///
/// Each column is one stretch of memory, so a replay or a model reads it at the speed of memory.
/// Gaps are gaps in ``openTimes``.
package struct BarSeries: Sendable {
  package let span: BarSpan
  /// Milliseconds since 1970 at which the bars begin, strictly rising.
  package private(set) var openTimes: ContiguousArray<Int64> = []
  package private(set) var open: ContiguousArray<Double> = []
  package private(set) var high: ContiguousArray<Double> = []
  package private(set) var low: ContiguousArray<Double> = []
  package private(set) var close: ContiguousArray<Double> = []
  package private(set) var volume: ContiguousArray<Double> = []
  /// NaN where the source does not say.
  package private(set) var quoteVolume: ContiguousArray<Double> = []
  /// Zero where the source does not say.
  package private(set) var trades: ContiguousArray<Int> = []
  /// What was wrong with the bars that were appended.
  package var counts: BarCounts { intake.counts }

  private var intake: BarIntake

  /// A series without bars, with room for so many.
  package init(_ span: BarSpan, capacity: Int = 0) {
    self.span = span
    intake = BarIntake(span)
    openTimes.reserveCapacity(capacity)
    open.reserveCapacity(capacity)
    high.reserveCapacity(capacity)
    low.reserveCapacity(capacity)
    close.reserveCapacity(capacity)
    volume.reserveCapacity(capacity)
    quoteVolume.reserveCapacity(capacity)
    trades.reserveCapacity(capacity)
  }

  /// Appends a bar if ``BarIntake`` would publish it, and says whether it did.
  @discardableResult
  package mutating func append(_ bar: Bar) -> Bool {
    guard let bar = intake.observe(bar) else { return false }
    openTimes.append(bar.openTime.millisecondsSinceEpoch)
    open.append(bar.open)
    high.append(bar.high)
    low.append(bar.low)
    close.append(bar.close)
    volume.append(bar.volume)
    quoteVolume.append(bar.quoteVolume)
    trades.append(bar.trades)
    return true
  }

  package var count: Int { openTimes.count }
  package var isEmpty: Bool { openTimes.isEmpty }

  /// The bar at a place from 0.
  package subscript(place: Int) -> Bar {
    Bar(
      openTime: Timestamp(millisecondsSinceEpoch: openTimes[place]), open: open[place],
      high: high[place], low: low[place], close: close[place], volume: volume[place],
      quoteVolume: quoteVolume[place], trades: trades[place])
  }

  /// The place of the first bar that does not begin before an instant; ``count`` where none does.
  package func place(notBefore instant: Timestamp) -> Int {
    var low = 0
    var high = openTimes.count
    while low < high {
      let middle = (low + high) / 2
      if openTimes[middle] < instant.millisecondsSinceEpoch {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// The series in longer bars; nil where the longer length is no multiple of this one.
  package func resampled(to whole: BarSpan) -> BarSeries? {
    guard var resampler = BarResampler(from: span, to: whole) else { return nil }
    var series = BarSeries(whole, capacity: count / 2)
    for place in openTimes.indices {
      resampler.observe(self[place]) { series.append($0) }
    }
    return series
  }
}
