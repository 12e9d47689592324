package import Markets

/// The stop order that rests at the venue from the moment of every entry.
package struct ProtectiveStop: Hashable, Sendable {
  package let side: PositionSide
  /// Where it triggers, before it is rounded to a tick.
  package let price: Double
  /// Its distance as a fraction of the entry price.
  package let distance: Double

  /// Places a stop at a distance from the entry; nil where price or distance are not positive, or
  /// no price would be left.
  package init?(for side: PositionSide, entryPrice: Double, distance: Double) {
    guard entryPrice > 0, entryPrice.isFinite, distance > 0, distance < 1 else { return nil }
    self.side = side
    self.distance = distance
    price = entryPrice * (1 - side.direction * distance)
  }

  /// Whether it triggers before the venue liquidates; true where no liquidation price is known.
  package func isBefore(liquidationPrice: Double) -> Bool {
    guard liquidationPrice.isFinite, liquidationPrice > 0 else { return true }
    return side == .long ? price > liquidationPrice : price < liquidationPrice
  }
}
