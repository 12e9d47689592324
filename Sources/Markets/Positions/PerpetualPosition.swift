/// What an account holds of a perpetual contract.
///
/// The cost of a position is what its lots were worth when they were opened. A trade against the
/// position takes its share of the cost with it, rounded to the hundred-millionth, and the last lot
/// takes the rest, so the profits of parts add up to that of the whole exactly.
package struct PerpetualPosition: Hashable, Sendable {
  /// Lots, negative where short, never zero.
  package internal(set) var quantity: Quantity
  /// What the lots were worth when they were opened, signed as the lots.
  package internal(set) var cost: CoinAmount
  package let mode: MarginMode
  /// What an isolated position must have as margin when it is opened: worth by this.
  package internal(set) var leverage: Leverage
  /// The margin set aside, zero for a cross position.
  package internal(set) var margin: CoinAmount = .zero

  package var side: PositionSide { quantity > .zero ? .long : .short }

  /// The mean price of the lots, rounded to the nearest double.
  package func entryPrice(lot: LotSize) -> Double {
    cost.value / quantity.units(of: lot)
  }

  /// The profit if all were closed at a price, before fees; nil beyond what is counted.
  package func unrealized(at mark: Price, lot: LotSize) -> CoinAmount? {
    CoinAmount(worthOf: quantity, at: mark, lot: lot).map { $0 - cost }
  }

  /// The cost that goes with closing so many of its lots, signed as the position.
  func cost(of closed: Quantity) -> CoinAmount {
    guard closed.magnitude != quantity.magnitude else { return cost }
    let share = roundedQuotient(
      Int128(cost.atoms) * Int128(closed.magnitude.lots), by: Int128(quantity.magnitude.lots))
    // A share of the cost is no larger than the cost, which is counted.
    return CoinAmount(atoms: Int64(share))
  }
}
