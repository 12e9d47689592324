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
}
