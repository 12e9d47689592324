/// The direction of an order.
package enum OrderSide: String, Hashable, Sendable, CaseIterable {
  case buy, sell

  /// 1 for buy, -1 for sell.
  package var sign: Int64 { self == .buy ? 1 : -1 }

  package var opposite: OrderSide { self == .buy ? .sell : .buy }
}
