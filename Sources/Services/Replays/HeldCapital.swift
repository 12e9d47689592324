import Essentials
import Markets
import Storage

/// What a capital would have become that was held in all markets in equal parts and left alone, before
/// costs.
struct HeldCapital {
  private struct Part {
    let series: BarSeries
    let first: Double
    /// The bars that were over at the last instant asked for.
    var over: Int
  }

  private var parts: [Part] = []

  /// Buys at the open of the first bar that does not begin before an instant.
  init(_ material: ReplayMaterial, from: Timestamp) {
    for market in material.markets {
      let series = market.series
      let place = series.place(notBefore: from)
      guard place < series.count else { continue }
      parts.append(Part(series: series, first: series.open[place], over: place))
    }
  }

  /// The worth at an instant by the last closes; instants must not fall. Nil where nothing was bought.
  mutating func worth(at instant: Timestamp, of capital: Double) -> Double? {
    guard !parts.isEmpty else { return nil }
    var sum = 0.0
    for place in parts.indices {
      let series = parts[place].series
      let latest = (instant - series.span.length).millisecondsSinceEpoch
      var over = parts[place].over
      while over < series.count, series.openTimes[over] <= latest { over += 1 }
      parts[place].over = over
      let isHeld = over > 0 && series.openTimes[over - 1] <= latest
      sum += isHeld ? series.close[over - 1] / parts[place].first : 1
    }
    return capital * sum / Double(parts.count)
  }
}
