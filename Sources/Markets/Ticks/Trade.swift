package import Essentials

/// A trade as the venue's tape tells it.
package struct Trade: Hashable, Sendable {
  /// When it was made, by the venue's clock.
  package var instant: Timestamp
  /// The price of a unit.
  package var price: Double
  /// Units traded, above zero.
  package var units: Double
  /// Which side took from the book: a buyer pays the ask, a seller gets the bid.
  package var taker: OrderSide
  /// The venue's number of the trade, or 64 bits that stand for its name; zero where it has none.
  package var id: UInt64

  package init(
    instant: Timestamp, price: Double, units: Double, taker: OrderSide, id: UInt64 = 0
  ) {
    self.instant = instant
    self.price = price
    self.units = units
    self.taker = taker
    self.id = id
  }
}
