/// One bar as it was read, or as it was joined from shorter ones.
struct Bar: BitwiseCopyable {
  /// The opening instant in milliseconds since 1970.
  var stamp: Int64
  var open: Double
  var high: Double
  var low: Double
  var close: Double
  var volume: Double
  var vwap: Double
  /// What the close is multiplied by to undo later dividends and splits; NaN where not given.
  var factor: Double
  /// The line of the file on which the bar begins.
  var row: Int
  /// The number of bars that were joined into this one.
  var parts: Int32 = 1

  /// Why no market can have printed this bar, or nil; missing values are not held against it.
  var impossibility: String? {
    for (name, price) in [("open", open), ("high", high), ("low", low), ("close", close)]
    where price <= 0 { return "its \(name) is \(price)" }
    if volume < 0 { return "its volume is \(volume)" }
    if high < low { return "its high \(high) is below its low \(low)" }
    if open > high || close > high {
      return "its high \(high) is below its open \(open) or close \(close)"
    }
    if open < low || close < low {
      return "its low \(low) is above its open \(open) or close \(close)"
    }
    if factor <= 0 { return "its adjustment factor is \(factor)" }
    return nil
  }

  /// Whether the bar has no price at all.
  var isEmpty: Bool { open.isNaN && high.isNaN && low.isNaN && close.isNaN }

  /// Takes in the following bar of the same longer bar. What one of them does not know, the longer
  /// bar does not know.
  mutating func join(_ next: Bar) {
    high = high.isNaN || next.high.isNaN ? .nan : max(high, next.high)
    low = low.isNaN || next.low.isNaN ? .nan : min(low, next.low)
    close = next.close
    let traded = volume + next.volume
    if traded > 0 { vwap = (vwap * volume + next.vwap * next.volume) / traded }
    volume = traded
    factor = next.factor
    parts += 1
  }
}
