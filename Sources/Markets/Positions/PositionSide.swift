/// Whether a position gains from rising or from falling prices.
package enum PositionSide: String, Hashable, Sendable, CaseIterable {
  case long, short

  /// 1 for long, -1 for short.
  package var sign: Int64 { self == .long ? 1 : -1 }

  package var opposite: PositionSide { self == .long ? .short : .long }

  /// The side of the order that opens such a position.
  package var opening: OrderSide { self == .long ? .buy : .sell }

  /// The side of the order that closes it.
  package var closing: OrderSide { self == .long ? .sell : .buy }
}
