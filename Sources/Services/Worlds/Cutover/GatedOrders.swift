package import Essentials
package import Execution
import Markets
package import Worlds

/// The way of one instance's orders to money, through its gate.
package struct GatedOrders: Sendable {
  let desk: OrderDesk
  /// Nil where it is not known on which side the orders are; all are refused then.
  let cell: GateCell?
  let side: TradingSide?
  let path: LiveOrderPath
  let position: @Sendable (_ symbol: String) throws -> Int

  /// Has an order judged and, where the gate lets it through, sent.
  ///
  /// Given again under its id it gets its first answer. After a failure it may be given again.
  package func give(_ ticket: OrderTicket) throws(BrokerFailure) -> GatedAnswer {
    try desk.send(ticket, through: self)
  }

  func give(
    _ order: CutoverOrder, under permit: TransitionPermit
  ) throws(BrokerFailure) -> GatedAnswer {
    try desk.send(order, under: permit, through: self)
  }
}

/// What an instance wants to order, at its full weight.
package struct OrderTicket: Hashable, Sendable {
  package var id: ClientOrderID
  package var symbol: String
  /// Positive to buy, negative to sell.
  package var lots: Int
  package var kind: BrokerOrder.Kind
  /// Whether it may only make the position smaller; it is not scaled then.
  package var isReducing: Bool

  package init(
    id: ClientOrderID, symbol: String, lots: Int, kind: BrokerOrder.Kind = .market,
    isReducing: Bool = false
  ) {
    self.id = id
    self.symbol = symbol
    self.lots = lots
    self.kind = kind
    self.isReducing = isReducing
  }

  /// An order that a signal wants, the same for the same signal, instance, side and place.
  package init(
    signal: String, instance: String, side: TradingSide, sequence: Int, symbol: String, lots: Int,
    kind: BrokerOrder.Kind = .market, isReducing: Bool = false
  ) {
    self.init(
      id: ClientOrderID(
        purpose: signal, instance: "\(instance):\(side.rawValue)", sequence: sequence),
      symbol: symbol, lots: lots, kind: kind, isReducing: isReducing)
  }

  func order(of instance: String, lots: Int, isReduceOnly: Bool) -> BrokerOrder {
    BrokerOrder(
      clientID: id, instance: instance, symbol: symbol, side: lots < 0 ? .sell : .buy,
      quantity: Quantity(lots: Int64(lots)).magnitude, kind: kind, isReduceOnly: isReduceOnly)
  }
}

/// What became of an order that was given to the desk.
package enum GatedAnswer: Hashable, Sendable {
  case sent(OrderAcknowledgement)
  /// It was sent before this process began, and stands so.
  case known(OrderStatus)
  /// The gate only watches; so many lots would have been sent.
  case noted(lots: Int)
  case refused(GateRefusal)
}

/// An order that a gate would have let through, had it been open.
package struct WouldBeOrder: Hashable, Sendable {
  package var ticket: OrderTicket
  package var instance: String
  /// After scaling.
  package var lots: Int
  package var at: Timestamp
}
