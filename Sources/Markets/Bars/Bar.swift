package import Essentials

/// What was traded of one instrument over one span of time.
///
/// Prices are doubles because models read them by the million; money is reckoned from ``Price``.
package struct Bar: Hashable, Sendable {
  /// When the span begins.
  package var openTime: Timestamp
  package var open: Double
  package var high: Double
  package var low: Double
  package var close: Double
  /// Units traded; zero where nobody traded.
  package var volume: Double
  /// What the units were traded for; NaN where the source does not say.
  package var quoteVolume: Double
  /// The number of trades; zero where the source does not say.
  package var trades: Int
  /// Whether the span is over, so that the bar will not change any more.
  package var isClosed: Bool

  package init(
    openTime: Timestamp, open: Double, high: Double, low: Double, close: Double, volume: Double,
    quoteVolume: Double = .nan, trades: Int = 0, isClosed: Bool = true
  ) {
    self.openTime = openTime
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
    self.quoteVolume = quoteVolume
    self.trades = trades
    self.isClosed = isClosed
  }

  /// Why no market can have printed the bar; nil for a possible one.
  package var defect: BarDefect? {
    // A comparison with a missing price is false, so each is asked for what must hold.
    guard open > 0, high > 0, low > 0, close > 0, max(open, high, low, close) < .infinity else {
      return .impossiblePrice
    }
    guard low <= min(open, close), high >= max(open, close) else { return .crossedRange }
    guard volume >= 0, volume < .infinity, trades >= 0, !(quoteVolume < 0) else {
      return .impossibleVolume
    }
    return nil
  }

  /// Takes in what was traded after it in the same span; the sum knows no quote volume where one of
  /// the two does not.
  mutating func join(_ next: Bar) {
    high = max(high, next.high)
    low = min(low, next.low)
    close = next.close
    volume += next.volume
    quoteVolume += next.quoteVolume
    trades += next.trades
  }
}

/// Why a bar or trade was refused.
package enum BarDefect: String, Hashable, Sendable, CaseIterable {
  /// A price is zero, negative, infinite or missing.
  case impossiblePrice
  /// The high or the low does not enclose the open and the close.
  case crossedRange
  /// A volume is negative, infinite or missing.
  case impossibleVolume
  /// The same bar or trade came before.
  case duplicate
  /// It belongs to a span that was published already.
  case late
  /// It begins at no multiple of its span.
  case misaligned
}
