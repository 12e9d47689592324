package import Essentials
package import Markets

/// A part of an order that was traded.
package struct Fill: Hashable, Sendable {
  /// The venue's name.
  package let venue: String
  /// The venue's own number of the order, as text.
  package let venueOrderID: String
  /// The fill's number in the venue's stream, from 1, without gaps at a paper venue.
  package let sequence: Int64
  package let clientID: ClientOrderID
  package let instance: String
  package let symbol: String
  package let side: OrderSide
  /// Lots traded, above zero.
  package let quantity: Quantity
  package let price: Price
  /// What the venue took for it, not below zero at a paper venue.
  package let fee: Money
  package let instant: Timestamp

  package init(
    venue: String, venueOrderID: String, sequence: Int64, clientID: ClientOrderID,
    instance: String, symbol: String, side: OrderSide, quantity: Quantity, price: Price,
    fee: Money, instant: Timestamp
  ) {
    self.venue = venue
    self.venueOrderID = venueOrderID
    self.sequence = sequence
    self.clientID = clientID
    self.instance = instance
    self.symbol = symbol
    self.side = side
    self.quantity = quantity
    self.price = price
    self.fee = fee
    self.instant = instant
  }

  /// What tells it from every other fill: a fill read twice has the same.
  package var key: FillKey {
    FillKey(venue: venue, venueOrderID: venueOrderID, sequence: sequence)
  }

  /// What the instance's position changes by.
  package var change: Quantity { Quantity(lots: side.sign * quantity.lots) }
}

/// The name of a fill: its venue, order and number, unique for ever.
package struct FillKey: Hashable, Sendable {
  package let venue: String
  package let venueOrderID: String
  package let sequence: Int64

  package init(venue: String, venueOrderID: String, sequence: Int64) {
    self.venue = venue
    self.venueOrderID = venueOrderID
    self.sequence = sequence
  }
}

/// A place in a venue's stream of fills: everything up to this number was read.
package struct FillCursor: Hashable, Comparable, Sendable {
  package let sequence: Int64

  package init(sequence: Int64) {
    self.sequence = sequence
  }

  /// Before the first fill.
  package static let start = FillCursor(sequence: 0)

  package static func < (left: Self, right: Self) -> Bool { left.sequence < right.sequence }
}
