import Essentials
import Mathematics
import Testing

@testable import Markets

private func trade(
  _ milliseconds: Int64, _ price: Double, _ units: Double = 1, id: UInt64 = 0
) -> Trade {
  Trade(
    instant: Timestamp(millisecondsSinceEpoch: milliseconds), price: price, units: units,
    taker: .buy, id: id)
}

@Suite("Bar builder")
struct BarBuilderTests {
  @Test("a bar is published once it is closed, and forms apart until then")
  func closedOnly() {
    var builder = BarBuilder(.minute)
    #expect(builder.observe(trade(0, 10)) == nil)
    #expect(builder.observe(trade(30_000, 12)) == nil)
    #expect(builder.forming?.close == 12)
    #expect(builder.forming?.isClosed == false)
    #expect(builder.observe(trade(59_999, 11, 3)) == nil)
    let bar = builder.observe(trade(60_000, 20))
    #expect(
      bar
        == Bar(
          openTime: Timestamp(millisecondsSinceEpoch: 0), open: 10, high: 12, low: 10, close: 11,
          volume: 5, quoteVolume: 55, trades: 3))
    #expect(builder.forming?.open == 20)
    #expect(builder.close(at: Timestamp(millisecondsSinceEpoch: 119_999)) == nil)
    #expect(builder.close(at: Timestamp(millisecondsSinceEpoch: 120_000))?.close == 20)
    #expect(builder.forming == nil)
  }

  @Test("what cannot be a trade, came twice or came too late is refused and counted")
  func refusals() {
    var builder = BarBuilder(.minute)
    _ = builder.observe(trade(1000, 10, id: 7))
    _ = builder.observe(trade(1000, 10, id: 7))
    for price in [0, -1, .nan, .infinity] { _ = builder.observe(trade(2000, price)) }
    for units in [0, -1, .nan] { _ = builder.observe(trade(2000, 10, units)) }
    _ = builder.observe(trade(61_000, 11))
    _ = builder.observe(trade(59_000, 1000))
    _ = builder.close(at: Timestamp(millisecondsSinceEpoch: 180_000))
    _ = builder.observe(trade(170_000, 1000))
    #expect(builder.counts.accepted == 2)
    #expect(builder.counts.duplicate == 1)
    #expect(builder.counts.impossible == 7)
    #expect(builder.counts.late == 2)
  }

  @Test(
    "a bar opens with its earliest trade and closes with its latest, in whatever order they come")
  func outOfOrder() {
    var builder = BarBuilder(.minute)
    for (time, price) in [(20_000, 10), (50_000, 13), (40_000, 15), (5000, 9)] as [(Int64, Double)]
    {
      _ = builder.observe(trade(time, price))
    }
    let bar = builder.close(at: Timestamp(millisecondsSinceEpoch: 60_000))
    #expect(bar?.open == 9 && bar?.close == 13 && bar?.high == 15 && bar?.low == 9)
    #expect(builder.counts.outOfOrder == 2)
  }

  @Test("spans without trades have no bar and are counted")
  func gaps() {
    var builder = BarBuilder(.minute)
    _ = builder.observe(trade(0, 10))
    _ = builder.observe(trade(240_000, 11))
    _ = builder.close(at: Timestamp(millisecondsSinceEpoch: 300_000))
    #expect(builder.counts.missing == 3)
  }

  @Test("bars of random trades equal those of a plain grouping")
  func agreesWithPlain() {
    var generator = SplitMix64(seed: 21)
    var builder = BarBuilder(.minute)
    var time: Int64 = -500_000
    var trades: [Trade] = []
    var bars: [Bar] = []
    for _ in 0..<2000 {
      time += Int64.random(in: 0...20_000, using: &generator)
      let next = trade(
        time, Double(Int.random(in: 90...110, using: &generator)),
        Double(Int.random(in: 1...9, using: &generator)))
      trades.append(next)
      if let bar = builder.observe(next) { bars.append(bar) }
    }
    let groups = Dictionary(grouping: trades) { BarSpan.minute.start(of: $0.instant) }
    let plain = groups.keys.sorted().dropLast().map { start in
      let group = groups[start] ?? []
      return Bar(
        openTime: start, open: group[0].price, high: group.map(\.price).max() ?? 0,
        low: group.map(\.price).min() ?? 0, close: group[group.count - 1].price,
        volume: group.map(\.units).reduce(0, +),
        quoteVolume: group.map { $0.price * $0.units }.reduce(0, +), trades: group.count)
    }
    #expect(bars == plain)
    #expect(builder.counts.accepted == 2000)
  }
}
