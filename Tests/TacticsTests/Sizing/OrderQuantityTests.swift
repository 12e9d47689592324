import Tactics
import TestKit
import Testing

@Suite("Quantities that venues take")
struct OrderQuantityTests {
  private func bounds(
    price: Double, free: Double, leverage: Double, step: Double, min: Double, upsize: Double
  ) -> OrderQuantity.Bounds {
    OrderQuantity.Bounds(
      price: price, freeBalance: free, leverage: leverage, balanceGuard: 0.75, step: step,
      quantityMin: min, notionalMin: 5, upsizeMax: upsize)
  }

  @Test(
    "the recorded orders come out, at prices a thousand times as high too",
    arguments: [
      (0.00347, 90_000.0, 50.0, 10.0, 0.001, 0.001, 5.0, 0.003, LotCount<Int>.Outcome.wanted),
      (0.0004, 90_000, 50, 10, 0.001, 0.001, 5, 0, .skippedTooSmall),
      (12.7, 1.55, 3, 5, 0.1, 0.1, 3, 7.2, .balance),
      (1.2, 1.55, 100, 5, 0.1, 0.1, 3, 3.3, .raised),
      (0.9, 1.55, 100, 5, 0.1, 0.1, 3, 0, .skippedTooSmall),
    ])
  func recorded(
    wanted: Double, price: Double, free: Double, leverage: Double, step: Double, min: Double,
    upsize: Double, quantity: Double, outcome: LotCount<Int>.Outcome
  ) {
    let order = OrderQuantity(
      wanted: wanted,
      within: bounds(
        price: price, free: free, leverage: leverage, step: step, min: min, upsize: upsize))
    #expect(agree(order.quantity, quantity))
    #expect(order.count.outcome == outcome)
    // The same money buys a thousandth of the quantity, in steps of a thousandth.
    let scaled = OrderQuantity(
      wanted: wanted / 1000,
      within: bounds(
        price: 1000 * price, free: free, leverage: leverage, step: step / 1000, min: min / 1000,
        upsize: upsize))
    #expect(scaled.count == order.count)
  }

  @Test("a quantity is a whole number of steps within every bound, or nothing")
  func law() {
    var random = RandomCircumstances(seed: 14)
    for _ in 0..<3000 {
      let price = 1 + abs(random.signed(100))
      var limits = bounds(
        price: price, free: abs(random.signed(300)), leverage: 5,
        step: 0.1, min: abs(random.signed(4)), upsize: 3)
      limits.quantityMax = abs(random.signed(30))
      let wanted = random.signed(30)
      let order = OrderQuantity(wanted: wanted, within: limits)
      guard order.count.lots > 0 else {
        #expect(order.quantity == 0)
        continue
      }
      #expect(agree(order.quantity, Double(order.count.lots) * 0.1))
      #expect(order.quantity * price <= limits.freeBalance * 5 * 0.75 * (1 + 1e-8))
      #expect(order.quantity <= limits.quantityMax * (1 + 1e-8))
      #expect(order.quantity >= limits.quantityMin * (1 - 1e-8))
      #expect(order.quantity * price >= 5 * (1 - 1e-8))
      #expect(order.quantity <= wanted * 3 * (1 + 1e-8))
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

  @Test("what is not known is not ordered, and skipping raises nothing")
  func unknown() {
    let good = bounds(price: 1.55, free: 100, leverage: 5, step: 0.1, min: 0.1, upsize: 3)
    #expect(OrderQuantity(wanted: .nan, within: good).quantity == 0)
    for (price, step) in [(0.0, 0.1), (.nan, 0.1), (1.55, 0), (.infinity, 0.1)] {
      let bad = bounds(price: price, free: 100, leverage: 5, step: step, min: 0.1, upsize: 3)
      #expect(OrderQuantity(wanted: 10, within: bad).quantity == 0)
    }
    var settings = Profiles.shipped.sizing.order
    settings.smallOrders = .skip
    let skipping = OrderQuantity.Bounds(
      price: 1.55, freeBalance: 100, leverage: 5, step: 0.1, quantityMin: 0.1, quantityMax: 1000,
      venueNotionalMin: 5, in: .bull, under: settings)
    #expect(OrderQuantity(wanted: 1.2, within: skipping).quantity == 0)
  }

  @Test("the regime says how far an order is raised and what is worth one")
  func regimes() {
    for (regime, most, notional) in [
      (TacticalRegime.bull, 8.0, 5.0), (.chop, 3, 2), (.volatile, 2, 3), (.meanRevert, 4, 2),
    ] {
      let bounds = OrderQuantity.Bounds(
        price: 1, freeBalance: 1, leverage: 1, step: 1, quantityMin: 1, quantityMax: 1,
        venueNotionalMin: 0, in: regime, under: Profiles.shipped.sizing.order)
      #expect(bounds.upsizeMax == most)
      #expect(bounds.notionalMin == notional)
    }
  }

  @Test("a refusal for want of balance is tried again with less, so often and no more")
  func retries() {
    let found = OrderQuantity.retries(from: 10, under: Profiles.shipped.sizing.order)
    #expect(found.count == 3)
    #expect(zip(found, [10, 8.5, 7.225]).allSatisfy { agree($0, $1) })
    #expect(OrderQuantity.retries(from: .nan, under: Profiles.shipped.sizing.order).isEmpty)
  }
}
