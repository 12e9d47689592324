package import Essentials
package import Markets

/// What an instance wants a venue to trade.
///
/// Its ``ClientOrderID`` names it for ever: the same order sent again is the same order, and another
/// order under the same name is refused.
package struct BrokerOrder: Hashable, Sendable {
  /// How the price is found.
  package enum Kind: Hashable, Sendable {
    /// At whatever price the market gives.
    case market
    /// At this price or a better one.
    case limit(Price)
  }

  /// How long the order is good.
  package enum TimeInForce: Hashable, Sendable {
    /// Until it is filled or taken back.
    case untilCancelled
    /// For the symbol's next row only; what is not filled there is cancelled.
    case immediate
    /// Through the rows up to and including this instant.
    case until(Timestamp)
  }

  package let clientID: ClientOrderID
  /// The instance whose position the order changes.
  package let instance: String
  package let symbol: String
  package let side: OrderSide
  /// Lots of the symbol, above zero.
  package let quantity: Quantity
  package let kind: Kind
  /// Whether it may only bring the instance's position nearer to zero.
  package let isReduceOnly: Bool
  package let timeInForce: TimeInForce

  package init(
    clientID: ClientOrderID, instance: String, symbol: String, side: OrderSide, quantity: Quantity,
    kind: Kind = .market, isReduceOnly: Bool = false, timeInForce: TimeInForce = .untilCancelled
  ) {
    self.clientID = clientID
    self.instance = instance
    self.symbol = symbol
    self.side = side
    self.quantity = quantity
    self.kind = kind
    self.isReduceOnly = isReduceOnly
    self.timeInForce = timeInForce
  }
}
