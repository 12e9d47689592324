package import Markets
import Mathematics

/// The quantity of an order that a venue takes, from what it is to be worth. All is counted exactly.
package struct OrderQuantity: Hashable, Sendable {
  /// What the venue and the account allow.
  package struct Bounds: Hashable, Sendable {
    package var rules: InstrumentRules
    /// Of one unit.
    package var price: Price
    /// What the margin that is free bears at most.
    package var affordable: CoinAmount
    /// The least that an order is worth, beside the venue's own least.
    package var notionalMin: CoinAmount
    /// How many times the wanted quantity may be ordered to reach the least; 1 where none.
    package var upsizeMax: Double

    package init(
      rules: InstrumentRules, price: Price, affordable: CoinAmount, notionalMin: CoinAmount,
      upsizeMax: Double
    ) {
      self.rules = rules
      self.price = price
      self.affordable = affordable
      self.notionalMin = notionalMin
      self.upsizeMax = upsizeMax
    }

    /// The bounds of a regime: the configured share of the free balance times leverage, the
    /// configured least notional and the configured upsizing. Nil where a number is not known.
    package init?(
      rules: InstrumentRules, price: Price, freeBalance: Double, leverage: Double,
      in regime: TacticalRegime, under settings: SizingSettings.Order
    ) {
      guard let affordable = CoinAmount(freeBalance * leverage * settings.balanceGuard),
        let notionalMin = CoinAmount(settings.notionalMin.value(in: regime))
      else { return nil }
      self.init(
        rules: rules, price: price, affordable: affordable, notionalMin: notionalMin,
        upsizeMax: settings.smallOrders == .raise ? settings.upsizeMax.value(in: regime) : 1)
    }
  }

  /// Whole lots; zero where nothing is ordered.
  package let quantity: Quantity
  package let count: LotCount<Int64>

  /// Fits an order that is to be worth so much.
  ///
  /// What is raised is compared with what the balance leaves of the wanted quantity. The most is what
  /// the venue takes with a limit and without one, so that what is opened can be closed at once.
  package init(worth wanted: CoinAmount, within bounds: Bounds) {
    let rules = bounds.rules
    // Hundred-millionths of the coin for each lot, times 10^10.
    let perLot = Int128(bounds.price.nanos) * Int128(rules.lot.nanos)
    func lots(_ amount: CoinAmount, roundedUp: Bool = false) -> Int64 {
      let scaled = Int128(max(.zero, amount).atoms) * 10_000_000_000
      let (quotient, rest) = scaled.quotientAndRemainder(dividingBy: perLot)
      return Int64(min(quotient + (roundedUp && rest > 0 ? 1 : 0), Int128(Quantity.largest.lots)))
    }
    let least = max(
      rules.minimumQuantity.lots,
      lots(max(rules.minimumNotional, bounds.notionalMin), roundedUp: true))
    count = LotCount(
      wanted: lots(wanted), affordable: lots(bounds.affordable),
      most: min(rules.maximumMarketQuantity, rules.maximumLimitQuantity).lots,
      least: max(1, least), upsizeMax: bounds.upsizeMax)
    quantity = Quantity(lots: count.lots)
  }

  /// Returns the share of an order that is tried again after so many refusals in a row for want of
  /// balance; nil where it is not tried any more.
  package static func shrunk(
    after refusals: Int, under settings: SizingSettings.Order
  ) -> Double? {
    guard refusals < settings.retryAttempts else { return nil }
    return Elementary.pow(settings.retryShrink, Double(max(0, refusals)))
  }
}
