package import Markets

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

  /// The account of the stage.
  package func account() throws(BrokerFailure) -> BrokerAccount { try stage.account() }

  /// How the stage trades a symbol.
  package func rules(of symbol: String) throws(BrokerFailure) -> InstrumentRules {
    try stage.rules(of: symbol)
  }

  /// Sends an order to the stage.
  package func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement {
    try stage.submit(order)
  }

  /// Takes an order back from the stage.
  package func cancel(_ id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    try stage.cancel(id)
  }

  /// The state of an order on the stage.
  package func status(of id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    try stage.status(of: id)
  }

  /// Orders that wait for the stage's next row.
  package func openOrders(of instance: String?) throws(BrokerFailure) -> [OrderRecord] {
    try stage.openOrders(of: instance)
  }

  /// The stage's fills after a place.
  package func fills(after cursor: FillCursor) throws(BrokerFailure) -> [Fill] {
    try stage.fills(after: cursor)
  }

  /// All positions on the stage.
  package func positions() throws(BrokerFailure) -> PositionBook { try stage.positions() }

  /// The worth of what is held on the stage.
  package func equity(of instance: String?) throws(BrokerFailure) -> EquityStatement {
    try stage.equity(of: instance)
  }
}
