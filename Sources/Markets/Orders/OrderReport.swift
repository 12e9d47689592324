package import Essentials

/// Why an order ended before it was filled.
package enum OrderEnd: String, Hashable, Sendable, CaseIterable {
  /// Its sender cancelled it.
  case bySender
  /// It was only to wait and would have taken.
  case wouldTake
  /// It was to be filled at once and its rest was not.
  case notAtOnce
  /// It was only to reduce a position and there was none.
  case nothingToReduce
  /// The account cannot set aside the margin.
  case insufficientMargin
  /// The venue allows no position of that worth at the leverage, or none of that worth at all.
  case leverageTooHigh
  /// The account was liquidated.
  case liquidation
  /// The account's books refuse the entry.
  case refusedByBooks
  /// The quantity is outside of what the venue takes.
  case quantityOutside
  /// A price is on no tick or outside of what the venue takes.
  case priceOutside
  /// The order is worth too little.
  case worthTooSmall
}

/// What became of an order at one instant.
package struct OrderReport: Hashable, Sendable {
  package let instant: Timestamp
  package let number: OrderNumber
  package let side: OrderSide
  /// The state after it.
  package let state: OrderState
  /// Lots that were filled by it; zero where it reports no fill.
  package let filled: Quantity
  /// Lots that are not filled yet.
  package let rest: Quantity
  /// The price of the fill; nil where it reports none.
  package let price: Price?
  /// Whether the fill waited or took; nil where it reports none.
  package let role: FillRole?
  /// Why the order ended; nil where it did not, or was filled.
  package let end: OrderEnd?
  /// What the venue took for the fill; below zero where it paid.
  package let fee: CoinAmount
  /// The profit of what the fill closed, before fees; zero where it opened.
  package let profit: CoinAmount

  package init(
    instant: Timestamp, number: OrderNumber, side: OrderSide, state: OrderState,
    filled: Quantity = .zero, rest: Quantity, price: Price? = nil, role: FillRole? = nil,
    end: OrderEnd? = nil, fee: CoinAmount = .zero, profit: CoinAmount = .zero
  ) {
    self.instant = instant
    self.number = number
    self.side = side
    self.state = state
    self.filled = filled
    self.rest = rest
    self.price = price
    self.role = role
    self.end = end
    self.fee = fee
    self.profit = profit
  }
}
