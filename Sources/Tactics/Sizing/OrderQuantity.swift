/// The quantity of an order that a venue takes, from the one that is wanted.
package struct OrderQuantity: Hashable, Sendable {
  /// What the venue and the account allow, in quantities and in the quote currency.
  package struct Bounds: Hashable, Sendable {
    /// Of one unit.
    package var price: Double
    package var freeBalance: Double
    package var leverage: Double
    /// The share of the free balance that may become margin.
    package var balanceGuard: Double
    /// The step of quantities.
    package var step: Double
    package var quantityMin: Double
    package var quantityMax: Double
    package var notionalMin: Double
    /// How many times the wanted quantity may be ordered to reach the least; 1 where none.
    package var upsizeMax: Double

    package init(
      price: Double, freeBalance: Double, leverage: Double, balanceGuard: Double, step: Double,
      quantityMin: Double, quantityMax: Double = .greatestFiniteMagnitude, notionalMin: Double,
      upsizeMax: Double
    ) {
      self.price = price
      self.freeBalance = freeBalance
      self.leverage = leverage
      self.balanceGuard = balanceGuard
      self.step = step
      self.quantityMin = quantityMin
      self.quantityMax = quantityMax
      self.notionalMin = notionalMin
      self.upsizeMax = upsizeMax
    }

    /// The bounds of a regime: the configured guard and upsizing, and the larger of the venue's
    /// least notional and the configured one.
    package init(
      price: Double, freeBalance: Double, leverage: Double, step: Double, quantityMin: Double,
      quantityMax: Double, venueNotionalMin: Double, in regime: TacticalRegime,
      under settings: SizingSettings.Order
    ) {
      self.init(
        price: price, freeBalance: freeBalance, leverage: leverage,
        balanceGuard: settings.balanceGuard, step: step, quantityMin: quantityMin,
        quantityMax: quantityMax,
        notionalMin: max(venueNotionalMin, settings.notionalMin.value(in: regime)),
        upsizeMax: settings.smallOrders == .raise ? settings.upsizeMax.value(in: regime) : 1)
    }
  }

  /// A whole number of steps; 0 where nothing is ordered.
  package let quantity: Double
  package let count: LotCount<Int>

  /// So near a whole number of steps, a quotient counts as that number: 7.2 / 0.1 is 72.
  private static let tolerance = 1e-9
  /// More steps than any venue takes.
  private static let lotsMost = 1e15

  /// Fits a wanted quantity; nothing is ordered where a bound is not known.
  ///
  /// Quantities are doubles, so the notional may pass the balance's bound by a billionth.
  package init(wanted: Double, within bounds: Bounds) {
    let affordable =
      bounds.freeBalance * bounds.leverage * bounds.balanceGuard / bounds.price
    let required = max(bounds.quantityMin, bounds.notionalMin / bounds.price)
    let values = [
      wanted, affordable, required, bounds.quantityMax, bounds.step, bounds.price,
      bounds.upsizeMax,
    ]
    guard values.allSatisfy({ $0.isFinite }), bounds.step > 0, bounds.price > 0 else {
      count = LotCount(wanted: 0, affordable: 0, most: 0, least: 0, upsizeMax: 1)
      quantity = 0
      return
    }
    // What is raised is compared with what the balance leaves of the wanted quantity.
    count = LotCount(
      wanted: Self.lots(wanted, bounds.step, .down),
      affordable: Self.lots(affordable, bounds.step, .down),
      most: Self.lots(bounds.quantityMax, bounds.step, .down),
      least: max(1, Self.lots(required, bounds.step, .up)), upsizeMax: bounds.upsizeMax)
    quantity = Double(count.lots) * bounds.step
  }

  private static func lots(
    _ quantity: Double, _ step: Double, _ rule: FloatingPointRoundingRule
  ) -> Int {
    let quotient = min(max(0, quantity / step), lotsMost)
    let nearest = quotient.rounded()
    let isWhole = abs(quotient - nearest) <= tolerance * max(1, nearest)
    return Int(isWhole ? nearest : quotient.rounded(rule))
  }

  /// Returns the quantities that are tried after one another when the venue refuses for want of
  /// balance, before they are fitted: each a share of the one before.
  package static func retries(
    from quantity: Double, under settings: SizingSettings.Order
  ) -> [Double] {
    guard quantity.isFinite, quantity > 0 else { return [] }
    var quantities = [quantity]
    while quantities.count < settings.retryAttempts {
      quantities.append(quantities[quantities.count - 1] * settings.retryShrink)
    }
    return quantities
  }
}
