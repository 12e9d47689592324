/// The number by which whoever orders knows an order, from before it is sent.
///
/// A sender counts upward, so a number that is not above its last one names an order that was sent
/// already, and sending it again is sending the same order.
package struct OrderNumber: Hashable, Comparable, Sendable {
  package let value: UInt64

  package init(_ value: UInt64) {
    self.value = value
  }

  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// How long an order may wait, and whether it may take from the book.
package enum OrderValidity: Hashable, Sendable, CaseIterable {
  /// Takes what it finds and waits for the rest until it is cancelled.
  case untilCancelled
  /// Waits until it is cancelled; ends unfilled where it would take.
  case postOnly
  /// Takes what it finds at once; the rest ends (IOC).
  case immediate
  /// Takes all of its quantity at once or nothing (FOK).
  case whole
}

/// The price that wakes a sleeping order.
package struct OrderTrigger: Hashable, Sendable {
  /// Whose price is watched.
  package enum Source: Hashable, Sendable, CaseIterable {
    case mark
    case last
  }

  package let source: Source
  package let price: Price
  /// Whether the order wakes at prices not below the trigger; else at those not above it.
  package let isRising: Bool

  package init(_ source: Source, at price: Price, isRising: Bool) {
    self.source = source
    self.price = price
    self.isRising = isRising
  }

  /// Whether a price wakes the order.
  func isReached(by other: Price) -> Bool {
    isRising ? other >= price : other <= price
  }
}

/// An order for one contract, as its sender wants it.
package struct MarketOrder: Hashable, Sendable {
  package let number: OrderNumber
  package let side: OrderSide
  /// Lots, above zero.
  package let quantity: Quantity
  /// The worst price that is accepted; nil for any.
  package let limit: Price?
  package let validity: OrderValidity
  /// What the order sleeps for; nil where it is awake from the beginning.
  package let trigger: OrderTrigger?
  /// Whether the order may only make a position smaller.
  package let reducesOnly: Bool

  package init(
    _ number: OrderNumber, _ side: OrderSide, _ quantity: Quantity, limit: Price? = nil,
    validity: OrderValidity = .untilCancelled, trigger: OrderTrigger? = nil,
    reducesOnly: Bool = false
  ) {
    self.number = number
    self.side = side
    self.quantity = quantity
    self.limit = limit
    self.validity = validity
    self.trigger = trigger
    self.reducesOnly = reducesOnly
  }

  /// An order that closes a position at a loss: it sells when the price has fallen, or buys when it
  /// has risen, to the trigger.
  package static func stop(
    _ number: OrderNumber, _ side: OrderSide, _ quantity: Quantity, at price: Price,
    by source: OrderTrigger.Source = .mark
  ) -> MarketOrder {
    MarketOrder(
      number, side, quantity,
      trigger: OrderTrigger(source, at: price, isRising: side == .buy), reducesOnly: true)
  }

  /// An order that closes a position at a profit: it sells when the price has risen, or buys when it
  /// has fallen, to the trigger.
  package static func takeProfit(
    _ number: OrderNumber, _ side: OrderSide, _ quantity: Quantity, at price: Price,
    by source: OrderTrigger.Source = .mark
  ) -> MarketOrder {
    MarketOrder(
      number, side, quantity,
      trigger: OrderTrigger(source, at: price, isRising: side == .sell), reducesOnly: true)
  }
}
