import Essentials
import Markets
import Mathematics

@testable import Models

/// Bars, trades and books of a made market for tests of the joined models.
struct SimulatedSymbol {
  private var chance: Chance
  private(set) var price: Double
  private(set) var minute = 0
  var deviation = 1e-3
  var drift = 0.0

  init(seed: UInt64, price: Double = 100) {
    chance = Chance(seed: seed)
    self.price = price
  }

  static func end(of minute: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_700_000_040_000 + Int64(minute) * 60_000)
  }

  /// The end of the latest bar.
  var now: Timestamp { Self.end(of: minute) }

  /// The bar of the next minute, after so many without one.
  mutating func bar(after missing: Int = 0, scale: Double = 1) -> Bar {
    minute += 1 + missing
    let open = price
    let volume = chance.exponential()
    price *= Elementary.exp(drift + deviation * chance.normal())
    return Bar(
      openTime: Self.end(of: minute - 1), open: scale * open,
      high: scale * max(open, price) * 1.0002,
      low: scale * min(open, price) * 0.9998, close: scale * price, volume: volume,
      quoteVolume: volume * price)
  }

  /// A trade within the minute after the latest bar.
  mutating func trade(second: Int) -> Trade {
    Trade(
      instant: Timestamp(
        millisecondsSinceEpoch: now.millisecondsSinceEpoch + Int64(second) * 1000),
      price: price * Elementary.exp(1e-4 * chance.normal()), units: chance.exponential(),
      taker: chance.uniform() < 0.5 ? .buy : .sell)
  }

  /// A book of so many levels a side, in ticks of 0.01 and lots of 0.001.
  mutating func book(levels: Int = 6, bidLots: Int64? = nil) -> OrderBook {
    var book = OrderBook(width: 1 << 10)
    let mid = Int64((price * 100).rounded())
    for level in 1...levels {
      let lots = Int64(chance.whole(below: 900)) + 100
      book.set(BookLevel(ticks: mid - Int64(level), lots: bidLots ?? lots), of: .bid)
      book.set(
        BookLevel(ticks: mid + Int64(level), lots: Int64(chance.whole(below: 900)) + 100), of: .ask)
    }
    return book
  }
}

extension SymbolModels {
  /// What the models would say, without being read.
  func wouldRead(at instant: Timestamp, horizonSeconds: Double) -> MarketReading? {
    var copy = self
    return copy.reading(at: instant, horizonSeconds: horizonSeconds)
  }
}
