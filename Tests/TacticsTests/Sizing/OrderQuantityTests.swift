import Markets
import Tactics
import TestKit
import Testing

@Suite("Quantities that venues take")
struct OrderQuantityTests {
  private func bounds(
    price: Double, free: Double, leverage: Double, step: Double, min: Double, upsize: Double,
    most: Quantity = .largest
  ) throws -> OrderQuantity.Bounds {
    let lot = try #require(LotSize(step))
    return OrderQuantity.Bounds(
      rules: InstrumentRules(
        symbol: "X", lot: lot, minimumQuantity: try #require(lot.lots(in: min)),
        maximumMarketQuantity: most),
      price: try #require(Price(price)),
      affordable: try #require(CoinAmount(free * leverage * 0.75)),
      notionalMin: try #require(CoinAmount(5)), upsizeMax: upsize)
  }

  @Test(
    "the recorded orders come out, at prices a thousand times as high too",
    arguments: [
      (0.00347, 90_000.0, 50.0, 10.0, 0.001, 0.001, 5.0, 3, LotCount<Int64>.Outcome.wanted),
      (0.0004, 90_000, 50, 10, 0.001, 0.001, 5, 0, .skippedTooSmall),
      (12.7, 1.55, 3, 5, 0.1, 0.1, 3, 72, .balance),
      (1.2, 1.55, 100, 5, 0.1, 0.1, 3, 33, .raised),
      (0.9, 1.55, 100, 5, 0.1, 0.1, 3, 0, .skippedTooSmall),
    ])
  func recorded(
    wanted: Double, price: Double, free: Double, leverage: Double, step: Double, min: Double,
    upsize: Double, lots: Int64, outcome: LotCount<Int64>.Outcome
  ) throws {
    let worth = try #require(CoinAmount(wanted * price))
    let order = OrderQuantity(
      worth: worth,
      within: try bounds(
        price: price, free: free, leverage: leverage, step: step, min: min, upsize: upsize))
    #expect(order.quantity.lots == lots)
    #expect(order.count.outcome == outcome)
    // The same money buys a thousandth of the quantity, in steps of a thousandth.
    let scaled = OrderQuantity(
      worth: worth,
      within: try bounds(
        price: 1000 * price, free: free, leverage: leverage, step: step / 1000, min: min / 1000,
        upsize: upsize))
    #expect(scaled.count == order.count)
  }

  @Test("a quantity keeps every bound to the last hundred-millionth, or is nothing")
  func law() throws {
    var random = RandomCircumstances(seed: 14)
    for _ in 0..<3000 {
      let price = 1 + abs(random.signed(100)).orOne
      let limits = try bounds(
        price: price, free: abs(random.signed(300)).orOne, leverage: 5, step: 0.1,
        min: 0.1 + abs(random.signed(4)).orOne, upsize: 3,
        most: Quantity(lots: Int64(abs(random.signed(300)).orOne)))
      let wanted = try #require(CoinAmount(random.signed(3000).orOne))
      let order = OrderQuantity(worth: wanted, within: limits)
      guard order.quantity > .zero else { continue }
      let worth = try #require(
        CoinAmount(worthOf: order.quantity, at: limits.price, lot: limits.rules.lot))
      #expect(worth <= limits.affordable && worth >= limits.notionalMin)
      #expect(order.quantity <= limits.rules.maximumMarketQuantity)
      #expect(order.quantity >= limits.rules.minimumQuantity)
      #expect(worth.value <= wanted.value * 3 + 1e-8)
      #expect(worth <= wanted || order.count.outcome == .raised)
    }
  }

  @Test("lots keep every bound exactly, for every small case")
  func lots() {
    for wanted in -1...6 {
      for affordable in -1...6 {
        for most in 0...6 {
          for least in 1...6 {
            let count = LotCount(
              wanted: wanted, affordable: affordable, most: most, least: least, upsizeMax: 2)
            #expect(count.lots >= 0 && count.lots <= max(0, min(affordable, most)))
            guard count.lots > 0 else { continue }
            #expect(count.lots >= least)
            #expect(count.lots <= wanted || count.outcome == .raised)
            #expect((count.outcome == .wanted) == (count.lots == wanted))
          }
        }
      }
    }
  }

  @Test(
    "the regime says how far an order is raised and what is worth one, and skipping raises nothing")
  func regimes() throws {
    let lot = try #require(LotSize(0.1))
    let rules = InstrumentRules(symbol: "X", lot: lot)
    let price = try #require(Price(1.55))
    var settings = Profiles.shipped.sizing.order
    for (regime, most, notional) in [
      (TacticalRegime.bull, 8.0, 5.0), (.chop, 3, 2), (.volatile, 2, 3), (.meanRevert, 4, 2),
    ] {
      let bounds = try #require(
        OrderQuantity.Bounds(
          rules: rules, price: price, freeBalance: 100, leverage: 5, in: regime, under: settings))
      #expect(bounds.upsizeMax == most)
      #expect(bounds.notionalMin.value == notional)
      #expect(agree(bounds.affordable.value, 450))
    }
    #expect(
      OrderQuantity.Bounds(
        rules: rules, price: price, freeBalance: .nan, leverage: 5, in: .bull, under: settings)
        == nil)
    settings.smallOrders = .skip
    let skipping = try #require(
      OrderQuantity.Bounds(
        rules: rules, price: price, freeBalance: 100, leverage: 5, in: .bull, under: settings))
    #expect(OrderQuantity(worth: try #require(CoinAmount(2)), within: skipping).quantity == .zero)
  }

  @Test("a refusal for want of balance is tried again with less, so often and no more")
  func retries() {
    let shares = (0..<4).map {
      OrderQuantity.shrunk(after: $0, under: Profiles.shipped.sizing.order)
    }
    #expect(shares[3] == nil)
    #expect(zip(shares, [1, 0.85, 0.7225]).allSatisfy { agree($0 ?? .nan, $1) })
  }
}

extension Double {
  /// One in the place of what is not known.
  fileprivate var orOne: Double { isFinite ? self : 1 }
}
