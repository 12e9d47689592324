package import Essentials

/// How a venue trades a symbol: the prices and quantities that it accepts in an order.
///
/// What is nil or zero is not ruled, as at a paper venue that takes any price.
package struct InstrumentRules: Hashable, Sendable {
  package let symbol: String
  /// What quantities of the symbol count.
  package let lot: LotSize
  /// The step between prices; nil where any price will do.
  package let tick: TickSize?
  /// The lowest and highest price of an order.
  package let prices: ClosedRange<Price>?
  /// The least quantity of an order, at least one lot.
  package let minimumQuantity: Quantity
  /// The largest quantity of an order with a limit.
  package let maximumLimitQuantity: Quantity
  /// The largest quantity of an order without one.
  package let maximumMarketQuantity: Quantity
  /// The least worth of an order that does not only reduce a position.
  package let minimumNotional: CoinAmount

  package init(
    symbol: String, lot: LotSize, tick: TickSize? = nil, prices: ClosedRange<Price>? = nil,
    minimumQuantity: Quantity = Quantity(lots: 1), maximumLimitQuantity: Quantity = .largest,
    maximumMarketQuantity: Quantity = .largest, minimumNotional: CoinAmount = .zero
  ) {
    self.symbol = symbol
    self.lot = lot
    self.tick = tick
    self.prices = prices
    self.minimumQuantity = max(minimumQuantity, Quantity(lots: 1))
    self.maximumLimitQuantity = maximumLimitQuantity
    self.maximumMarketQuantity = maximumMarketQuantity
    self.minimumNotional = minimumNotional
  }
}

/// An order as somebody wants it, before it is fitted to a venue's steps.
package struct OrderWish: Hashable, Sendable {
  package let side: OrderSide
  /// Shares, coins or contracts, above zero.
  package let units: Double
  /// The worst price that is accepted; nil for an order at any price.
  package let limit: Price?
  /// The price at which the order's worth is reckoned where it has no limit: the mark or the last.
  package let reference: Price
  /// Whether the order may only make a position smaller, which venues allow below the least worth.
  package let reducesOnly: Bool

  package init(
    side: OrderSide, units: Double, limit: Price?, reference: Price, reducesOnly: Bool = false
  ) {
    self.side = side
    self.units = units
    self.limit = limit
    self.reference = reference
    self.reducesOnly = reducesOnly
  }
}

/// An order that a venue's rules allow.
package struct FittedOrder: Hashable, Sendable {
  package let side: OrderSide
  /// Whole lots, above zero and not more than was wanted.
  package let quantity: Quantity
  /// On a tick, and for the buyer not above, for the seller not below what was wanted.
  package let limit: Price?
}

extension InstrumentRules {
  /// Returns the order on the venue's steps, or says which rule forbids it.
  ///
  /// The quantity is rounded toward zero and the limit away from the market, so the order never asks
  /// for more, nor pays more, than was wanted; what is then too small or too large is refused and
  /// never raised or cut. The venues check in this order: steps first, then bounds, then the worth
  /// of what the steps left.
  package func fit(_ wish: OrderWish) throws(RuleViolation) -> FittedOrder {
    guard wish.units > 0, let quantity = lot.lots(in: wish.units) else {
      throw .noQuantity(symbol: symbol, units: wish.units)
    }
    guard quantity >= minimumQuantity else {
      throw .quantityTooSmall(
        symbol: symbol, units: quantity.units(of: lot), least: minimumQuantity.units(of: lot))
    }
    let most = wish.limit == nil ? maximumMarketQuantity : maximumLimitQuantity
    guard quantity <= most else {
      throw .quantityTooLarge(
        symbol: symbol, units: quantity.units(of: lot), most: most.units(of: lot))
    }
    let limit = try wish.limit.map { price throws(RuleViolation) in
      try onTick(price, for: wish.side)
    }
    guard let worth = CoinAmount(worthOf: quantity, at: limit ?? wish.reference, lot: lot) else {
      throw .quantityTooLarge(
        symbol: symbol, units: quantity.units(of: lot), most: most.units(of: lot))
    }
    guard wish.reducesOnly || worth >= minimumNotional else {
      throw .worthTooSmall(symbol: symbol, worth: worth, least: minimumNotional)
    }
    return FittedOrder(side: wish.side, quantity: quantity, limit: limit)
  }

  private func onTick(_ price: Price, for side: OrderSide) throws(RuleViolation) -> Price {
    guard let fitted = tick.map({ $0.limit(price, for: side) }) ?? price else {
      throw .priceOutside(symbol: symbol, price: price, bounds: prices)
    }
    if let prices, !prices.contains(fitted) {
      throw .priceOutside(symbol: symbol, price: fitted, bounds: prices)
    }
    return fitted
  }
}

/// Why a venue's rules forbid an order.
package enum RuleViolation: ExplainedFailure, Hashable {
  case noQuantity(symbol: String, units: Double)
  case quantityTooSmall(symbol: String, units: Double, least: Double)
  case quantityTooLarge(symbol: String, units: Double, most: Double)
  case priceOutside(symbol: String, price: Price, bounds: ClosedRange<Price>?)
  case worthTooSmall(symbol: String, worth: CoinAmount, least: CoinAmount)

  package var key: String {
    switch self {
    case .noQuantity: "no_quantity"
    case .quantityTooSmall: "quantity_too_small"
    case .quantityTooLarge: "quantity_too_large"
    case .priceOutside: "price_outside"
    case .worthTooSmall: "worth_too_small"
    }
  }

  package var explanation: String {
    switch self {
    case .noQuantity(let symbol, let units):
      return "An order of \(units) \(symbol) is none."
    case .quantityTooSmall(let symbol, let units, let least):
      return "An order of \(units) \(symbol) is below the least of \(least)."
    case .quantityTooLarge(let symbol, let units, let most):
      return "An order of \(units) \(symbol) is above the most of \(most)."
    case .priceOutside(let symbol, let price, let bounds):
      let text = bounds.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "one tick upward"
      return "The price \(price) of \(symbol) is outside of \(text)."
    case .worthTooSmall(let symbol, let worth, let least):
      return "An order of \(symbol) worth \(worth) is below the least of \(least)."
    }
  }

  package var remedy: String {
    switch self {
    case .noQuantity: "Give a finite quantity above zero."
    case .quantityTooSmall, .worthTooSmall: "Trade more at once, or do not trade."
    case .quantityTooLarge: "Divide the order."
    case .priceOutside: "Give a price that the venue accepts."
    }
  }

  package var outcome: FailureOutcome { .refused }
}
