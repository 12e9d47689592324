/// The only way by which an instance's orders reach a venue.
///
/// Its type says which money can move: `OrderPath<PaperAuthority>` can be made from a ``PaperVenue``
/// only, so what is given a ``DryRunOrderPath`` cannot reach a live broker, whatever it does. It
/// passes nothing that belongs to another instance.
package struct OrderPath<Authority: TradingAuthority>: Sendable {
  /// The instance whose orders it passes.
  package let instance: String
  /// Where they go.
  package let broker: any Broker<Authority>

  package init(of instance: String, to broker: any Broker<Authority>) {
    self.instance = instance
    self.broker = broker
  }

  /// Sends an order of the instance; one of another instance fails with `foreign_order`.
  package func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement {
    guard order.instance == instance else {
      throw .foreignOrder(id: order.clientID, instance: order.instance, path: instance)
    }
    return try broker.submit(order)
  }
}

/// The way of an instance that trades on paper.
package typealias DryRunOrderPath = OrderPath<PaperAuthority>

/// The way of an instance that trades with money.
package typealias LiveOrderPath = OrderPath<LiveAuthority>
