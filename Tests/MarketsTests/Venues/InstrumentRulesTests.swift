import Mathematics
import Testing

@testable import Markets

@Suite("Instrument rules")
struct InstrumentRulesTests {
  private func rules() throws -> InstrumentRules {
    let lot = try #require(LotSize(text: "0.001"))
    return InstrumentRules(
      symbol: "BTCUSDT", lot: lot, tick: TickSize(text: "0.10"),
      prices: try #require(Price(text: "0.10"))...#require(Price(text: "1999999.80")),
      minimumQuantity: try #require(lot.lots(text: "0.001")),
      maximumLimitQuantity: try #require(lot.lots(text: "1190.000")),
      maximumMarketQuantity: try #require(lot.lots(text: "500.000")),
      minimumNotional: try #require(CoinAmount(text: "5")))
  }

  private func wish(
    _ units: Double, side: OrderSide = .buy, limit: String? = nil, reducesOnly: Bool = false
  ) throws -> OrderWish {
    OrderWish(
      side: side, units: units, limit: limit.flatMap { Price(text: $0) },
      reference: try #require(Price(text: "90000")), reducesOnly: reducesOnly)
  }

  @Test("an order is cut to lots and its limit moved away from the market")
  func fits() throws {
    let rules = try rules()
    #expect(try rules.fit(wish(0.00347)).quantity == Quantity(lots: 3))
    #expect(try rules.fit(wish(0.00347)).limit == nil)
    #expect(try rules.fit(wish(1, limit: "90000.17")).limit?.description == "90000.1")
    #expect(
      try rules.fit(wish(1, side: .sell, limit: "90000.17")).limit?.description == "90000.2")
  }

  @Test("what is too small, too large or outside is refused with its values")
  func refusals() throws {
    let rules = try rules()
    let cases: [(OrderWish, String, String)] = [
      (try wish(0.0004), "quantity_too_small", "0.001"),
      (try wish(.nan), "no_quantity", "nan"),
      (try wish(-1), "no_quantity", "-1.0"),
      (try wish(501), "quantity_too_large", "500.0"),
      (try wish(1200, limit: "90000"), "quantity_too_large", "1190.0"),
      (try wish(1, limit: "0.05"), "price_outside", "0.1 to 1999999.8"),
      (try wish(1, limit: "2000000"), "price_outside", "1999999.8"),
      (try wish(0.001, limit: "4000"), "worth_too_small", "worth 4 "),
    ]
    for (wish, key, words) in cases {
      let refusal = #expect(throws: RuleViolation.self) { try rules.fit(wish) }
      #expect(refusal?.key == key)
      #expect(refusal?.explanation.contains(words) == true, "\(refusal?.explanation ?? "")")
      #expect(refusal?.remedy.isEmpty == false)
    }
    #expect(try rules.fit(wish(0.001, limit: "4000", reducesOnly: true)).quantity.lots == 1)
    #expect(try rules.fit(wish(501, limit: "90000")).quantity.lots == 501_000)
  }

  @Test("no wish is fitted to more than it asked for, nor to what a rule forbids")
  func neverMore() throws {
    let rules = try rules()
    var generator = SplitMix64(seed: 8)
    var fitted = 0
    for _ in 0..<3000 {
      let side: OrderSide = Bool.random(using: &generator) ? .buy : .sell
      let limit =
        Bool.random(using: &generator)
        ? Price(Double.random(in: 0.01...2_500_000, using: &generator)) : nil
      let wish = OrderWish(
        side: side,
        units: Double.random(in: -0.01...2, using: &generator)
          * [0.01, 1, 900].randomElement(using: &generator)!,
        limit: limit, reference: try #require(Price(text: "90000")))
      guard let order = try? rules.fit(wish) else { continue }
      fitted += 1
      #expect(order.quantity.units(of: rules.lot) <= wish.units + 1e-9)
      #expect(order.quantity >= rules.minimumQuantity)
      if let limit, let price = order.limit {
        #expect(side == .buy ? price <= limit : price >= limit)
        #expect(rules.tick?.ticks(of: price) != nil)
        #expect(rules.prices?.contains(price) == true)
      }
      let worth = CoinAmount(
        worthOf: order.quantity, at: order.limit ?? wish.reference, lot: rules.lot)
      #expect(try #require(worth) >= rules.minimumNotional)
      // Fitting once more changes nothing.
      let again = OrderWish(
        side: side, units: order.quantity.units(of: rules.lot), limit: order.limit,
        reference: wish.reference)
      #expect(try rules.fit(again) == order)
    }
    #expect(fitted > 500)
  }

  @Test("a venue without rules takes any price and any whole lot")
  func noRules() throws {
    let rules = InstrumentRules(symbol: "AAPL", lot: .one)
    #expect(try rules.fit(wish(3.9, limit: "12.3456789")).quantity.lots == 3)
    #expect(try rules.fit(wish(3.9, limit: "12.3456789")).limit?.description == "12.3456789")
  }
}
