/// An exact number of lots of a symbol; its ``LotSize`` says how much one lot is.
///
/// An order's quantity is above zero and its side gives the direction; a position's is negative
/// where it is short. Sums beyond plus and minus ``largest`` are given as that, so no sum traps.
package struct Quantity: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number of lots.
  package let lots: Int64

  /// So many lots, or the largest quantity of that sign.
  package init(lots: Int64) {
    self.lots = min(max(lots, -Self.limit), Self.limit)
  }

  /// The lots that an amount of money buys at a price, rounded toward zero, signed as the amount.
  package init(worth amount: Money, at price: Price, lot: LotSize) {
    let lots =
      Int128(amount.micros) * 1_000_000_000_000 / (Int128(price.nanos) * Int128(lot.nanos))
    self.init(lots: Int64(min(max(lots, -Int128(Self.limit)), Int128(Self.limit))))
  }

  /// Shares, coins or contracts, rounded to the nearest double.
  package func units(of lot: LotSize) -> Double { Double(lots) * lot.value }

  /// The quantity times a weight, rounded toward zero to the lot; nil where the weight is not
  /// finite.
  ///
  /// The product is taken in double precision: a quantity above 2^53 lots is rounded first.
  package func scaled(by weight: Double) -> Quantity? {
    guard weight.isFinite else { return nil }
    let product = (Double(lots) * weight).rounded(.towardZero)
    guard product.magnitude < Double(Self.limit) else {
      return Quantity(lots: product < 0 ? -Self.limit : Self.limit)
    }
    return Quantity(lots: Int64(product))
  }

  /// The quantity without its sign.
  package var magnitude: Quantity { Quantity(lots: abs(lots)) }

  /// The side of an order that makes the quantity, nil for none: buy above zero, sell below.
  package var side: OrderSide? { lots == 0 ? nil : lots > 0 ? .buy : .sell }

  package var description: String { String(lots) }

  package static let zero = Quantity(lots: 0)
  /// A thousand million million lots.
  package static let largest = Quantity(lots: limit)
  private static let limit: Int64 = 1_000_000_000_000_000

  package static func < (left: Self, right: Self) -> Bool { left.lots < right.lots }
  /// The sum, or the largest quantity of its sign.
  package static func + (left: Self, right: Self) -> Self { Quantity(lots: left.lots + right.lots) }
  /// The difference, or the largest quantity of its sign.
  package static func - (left: Self, right: Self) -> Self { Quantity(lots: left.lots - right.lots) }
  /// The quantity with the other sign.
  package static prefix func - (quantity: Self) -> Self { Quantity(lots: -quantity.lots) }
}
