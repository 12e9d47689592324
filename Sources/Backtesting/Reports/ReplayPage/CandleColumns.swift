package import Essentials
package import Markets

/// Candles of one market in columns, few enough for a page.
package struct CandleColumns: Hashable, Sendable {
  /// How many candles a market has on a page at most.
  package static let countMax = 2000

  /// How long a candle is.
  package let length: TimeSpan
  /// When the candles begin, strictly rising. Where the market has no bar there is no candle.
  package let instants: [Timestamp]
  package let open: [Double]
  package let high: [Double]
  package let low: [Double]
  package let close: [Double]

  /// Gathers the bars that begin within a period into candles of the shortest round length that
  /// fits at most `limit` of them into it. A candle that the period cuts holds the part inside.
  ///
  /// - Precondition: `limit` is at least 3.
  package init(
    of bars: BarSeries, from start: Timestamp, to end: Timestamp, atMost limit: Int = countMax
  ) {
    precondition(limit > 2, "room for \(limit) candles")
    let first = bars.place(notBefore: start)
    let past = max(first, bars.place(notBefore: end + TimeSpan(milliseconds: 1)))
    let reach =
      first < past ? bars.openTimes[past - 1] - bars.openTimes[first] : 0
    length = Self.length(
      fitting: TimeSpan(milliseconds: reach), into: limit, multipleOf: bars.span.length)
    var instants: [Timestamp] = []
    var columns: (open: [Double], high: [Double], low: [Double], close: [Double]) = ([], [], [], [])
    let span = BarSpan(length) ?? bars.span
    for place in first..<past {
      let instant = span.start(of: Timestamp(millisecondsSinceEpoch: bars.openTimes[place]))
      if instants.last == instant {
        let last = instants.count - 1
        columns.high[last] = max(columns.high[last], bars.high[place])
        columns.low[last] = min(columns.low[last], bars.low[place])
        columns.close[last] = bars.close[place]
      } else {
        instants.append(instant)
        columns.open.append(bars.open[place])
        columns.high.append(bars.high[place])
        columns.low.append(bars.low[place])
        columns.close.append(bars.close[place])
      }
    }
    self.instants = instants
    open = columns.open
    high = columns.high
    low = columns.low
    close = columns.close
  }

  package var count: Int { instants.count }

  /// Lengths at which a clock or a calendar turns, in minutes.
  private static let roundMinutes: [Int64] = [
    1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 7200, 10_080,
  ]

  /// Returns the shortest round multiple of a bar's length of which `limit` cover a reach, even
  /// where its first candle begins before it; the shortest multiple of all where no round one is
  /// nearly as short.
  static func length(
    fitting reach: TimeSpan, into limit: Int, multipleOf bar: TimeSpan
  ) -> TimeSpan {
    if reach.milliseconds / bar.milliseconds + 1 <= Int64(limit) { return bar }
    let bars = reach.milliseconds / bar.milliseconds / Int64(limit - 2) + 1
    let shortest = TimeSpan(milliseconds: bars * bar.milliseconds)
    for minutes in roundMinutes {
      let length = TimeSpan.minutes(minutes)
      guard length <= TimeSpan(milliseconds: 4 * shortest.milliseconds) else { break }
      if length >= shortest, length.milliseconds % bar.milliseconds == 0 { return length }
    }
    return shortest
  }
}
