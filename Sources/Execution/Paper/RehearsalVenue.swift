/// A live venue played by a paper one: for whoever holds it, orders move money; none does.
///
/// It is how the whole way to live trading is walked, and tested, where no venue is connected. The
/// paper broker behind it is fed with rows by its owner.
package struct RehearsalVenue: LiveVenue {
  private let stage: PaperBroker

  /// A live venue whose orders are filled by `stage`.
  package init(playedBy stage: PaperBroker) {
    self.stage = stage
  }

  package var venue: String { stage.venue }

  package func account() throws(BrokerFailure) -> BrokerAccount { try stage.account() }

  package func rules(of symbol: String) throws(BrokerFailure) -> InstrumentRules {
    try stage.rules(of: symbol)
  }

  package func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement {
    try stage.submit(order)
  }

  package func cancel(_ id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    try stage.cancel(id)
  }

  package func status(of id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    try stage.status(of: id)
  }

  package func openOrders(of instance: String?) throws(BrokerFailure) -> [OrderRecord] {
    try stage.openOrders(of: instance)
  }

  package func fills(after cursor: FillCursor) throws(BrokerFailure) -> [Fill] {
    try stage.fills(after: cursor)
  }

  package func positions() throws(BrokerFailure) -> PositionBook { try stage.positions() }

  package func equity(of instance: String?) throws(BrokerFailure) -> EquityStatement {
    try stage.equity(of: instance)
  }
}
