package import Markets

/// A venue's answer to an order. The same order sent again gets the same answer.
package struct OrderAcknowledgement: Hashable, Sendable {
  package let clientID: ClientOrderID
  /// The venue's own number of the order, as text.
  package let venueOrderID: String
  /// Accepted or rejected; what became of it later is asked with ``Broker/status(of:)``.
  package let status: OrderStatus
  /// Lots the venue took: the order's, fewer where a reduce-only order was cut, none where rejected.
  package let accepted: Quantity

  package init(
    clientID: ClientOrderID, venueOrderID: String, status: OrderStatus, accepted: Quantity
  ) {
    self.clientID = clientID
    self.venueOrderID = venueOrderID
    self.status = status
    self.accepted = accepted
  }
}

/// An order at its venue.
package struct OrderRecord: Hashable, Sendable {
  package let order: BrokerOrder
  package let acknowledgement: OrderAcknowledgement
  package let status: OrderStatus

  package init(order: BrokerOrder, acknowledgement: OrderAcknowledgement, status: OrderStatus) {
    self.order = order
    self.acknowledgement = acknowledgement
    self.status = status
  }
}
