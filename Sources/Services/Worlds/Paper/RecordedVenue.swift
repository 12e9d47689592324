import Essentials
import Execution
import Markets
import Worlds

/// A paper account that orders with an answer have their place in: what waits there for the next row
/// of prices is on record before it is answered, so that it waits there after any end of the process.
///
/// An order that cannot be recorded is not sent.
struct RecordedVenue<Authority: TradingAuthority>: Broker {
  let base: PaperBroker
  /// Puts an order on record; null in the place of its document takes it back.
  let record: @Sendable (BrokerOrder, _ document: JSONValue) throws -> Void

  var venue: String { base.venue }

  func account() throws(BrokerFailure) -> BrokerAccount { try base.account() }

  func rules(of symbol: String) throws(BrokerFailure) -> InstrumentRules {
    try base.rules(of: symbol)
  }

  func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement {
    // One that is known is answered as before.
    if try base.status(of: order.clientID) == .unknown { try keep(order, order.json) }
    return try base.submit(order)
  }

  func cancel(_ id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    if let open = try base.openOrders(of: nil).first(where: { $0.order.clientID == id }) {
      try keep(open.order, .null)
    }
    return try base.cancel(id)
  }

  private func keep(_ order: BrokerOrder, _ document: JSONValue) throws(BrokerFailure) {
    do { try record(order, document) } catch { throw .disconnected(venue: base.venue) }
  }

  func status(of id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    try base.status(of: id)
  }

  func openOrders(of instance: String?) throws(BrokerFailure) -> [OrderRecord] {
    try base.openOrders(of: instance)
  }

  func fills(after cursor: FillCursor) throws(BrokerFailure) -> [Fill] {
    try base.fills(after: cursor)
  }

  func positions() throws(BrokerFailure) -> PositionBook { try base.positions() }

  func equity(of instance: String?) throws(BrokerFailure) -> EquityStatement {
    try base.equity(of: instance)
  }
}
