import Mathematics
import Testing

@testable import Markets

@Suite("Tick size")
struct TickSizeTests {
  @Test("a limit on a tick is never worse than the limit that was asked for")
  func limits() throws {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<2000 {
      let tick = try #require(
        TickSize(nanos: Int64.random(in: 1...1_000_000_000, using: &generator)))
      let price = try #require(
        Price(nanos: Int64.random(in: 1...100_000_000_000, using: &generator)))
      if let buy = tick.limit(price, for: .buy) {
        #expect(buy <= price && price.nanos - buy.nanos < tick.nanos)
        #expect(tick.ticks(of: buy) != nil)
      } else {
        #expect(price.nanos < tick.nanos)
      }
      let sell = try #require(tick.limit(price, for: .sell))
      #expect(sell >= price && sell.nanos - price.nanos < tick.nanos)
      #expect(try #require(tick.ticks(of: sell)) * tick.nanos == sell.nanos)
    }
  }

  @Test("ticks and prices are each other's inverse, and what lies between ticks has none")
  func ticks() throws {
    let tick = try #require(TickSize(text: "0.10"))
    #expect(tick.ticks(text: "61800.20") == 618_002)
    #expect(tick.price(ticks: 618_002)?.description == "61800.2")
    #expect(tick.ticks(text: "61800.25") == nil)
    #expect(tick.ticks(text: "0") == nil)
    #expect(tick.price(ticks: 0) == nil)
    #expect(tick.price(ticks: .max) == nil)
    let highest = try #require(Price(nanos: .max))
    #expect(tick.above(highest) == nil)
  }

  @Test("the worth of lots at a price is exact to the hundred-millionth")
  func worth() throws {
    let price = try #require(Price(text: "233.02"))
    let lot = try #require(LotSize(text: "0.1"))
    let worth = try #require(CoinAmount(worthOf: Quantity(lots: -2), at: price, lot: lot))
    #expect(worth.description == "-46.604")
    let fee = try #require(SignedRate(text: "0.00055"))
    #expect(worth.times(fee)?.description == "-0.0256322")
    #expect(CoinAmount(worthOf: .largest, at: price, lot: .one) == nil)
    let twice = try #require(SignedRate(2.0))
    #expect(CoinAmount.largest.times(twice) == nil)
    #expect(CoinAmount.largest + .largest == .largest)
    for number in [Double.nan, .infinity, 1e11] { #expect(CoinAmount(number) == nil) }
  }
}
