package import Essentials

/// A trade of an account, as its books need it.
package struct PerpetualFill: Hashable, Sendable {
  package let instant: Timestamp
  package let side: OrderSide
  /// Lots traded, above zero.
  package let quantity: Quantity
  package let price: Price
  package let role: FillRole
  /// How the position is margined that the fill opens or adds to; must be that of a position held.
  package let mode: MarginMode
  package let leverage: Leverage

  package init(
    instant: Timestamp, side: OrderSide, quantity: Quantity, price: Price, role: FillRole,
    mode: MarginMode = .cross, leverage: Leverage = .one
  ) {
    self.instant = instant
    self.side = side
    self.quantity = quantity
    self.price = price
    self.role = role
    self.mode = mode
    self.leverage = leverage
  }
}
