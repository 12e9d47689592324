/// What a gate must know of an order, in lots of one instrument.
package struct OrderFacts: Hashable, Sendable {
  package var world: String
  package var instance: String
  /// Nil where the order does not say; such an order is refused.
  package var side: TradingSide?
  /// Positive to buy, negative to sell, at the full weight of the instance.
  package var lots: Int
  /// What the instance holds of the instrument, negative where it is short; nil where nobody knows.
  package var position: Int?
  /// Whether it may only make the position smaller. Such an order is not scaled by the weight.
  package var isReducing: Bool

  package init(
    world: String, instance: String, side: TradingSide?, lots: Int, position: Int? = nil,
    isReducing: Bool = false
  ) {
    self.world = world
    self.instance = instance
    self.side = side
    self.lots = lots
    self.position = position
    self.isReducing = isReducing
  }
}

/// What becomes of a reducing order that is larger than the position.
package enum ReductionExcess: String, Hashable, Sendable, CaseIterable {
  case refuse
  /// It is made as small as the position.
  case cut
}
