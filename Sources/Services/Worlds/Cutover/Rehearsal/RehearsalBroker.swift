import Essentials
import Execution
import Markets
import Synchronization

/// A broker that a rehearsal can make die, fall silent, forget what it knows or refuse permission.
struct RehearsalBroker<Authority: TradingAuthority>: Broker {
  let inner: any Broker<Authority>
  let fuse: RehearsalFuse
  let mood: RehearsalMood
  /// Is told of each order that the broker sees for the first time.
  let arrived: @Sendable (BrokerOrder) -> Void

  var venue: String { inner.venue }

  private func requireLife() throws(BrokerFailure) {
    if fuse.isBlown { throw .disconnected(venue: venue) }
  }

  func account() throws(BrokerFailure) -> BrokerAccount {
    try requireLife()
    let account = try inner.account()
    guard mood.state.isForbidden else { return account }
    return BrokerAccount(id: account.id, permissions: [], balance: account.balance)
  }

  func rules(of symbol: String) throws(BrokerFailure) -> InstrumentRules {
    try requireLife()
    return try inner.rules(of: symbol)
  }

  func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement {
    guard fuse.passes() else { throw .disconnected(venue: venue) }
    if try inner.status(of: order.clientID) == .unknown { arrived(order) }
    let acknowledgement = try inner.submit(order)
    if mood.isSilent() { throw .noAnswer(venue: venue, id: order.clientID) }
    return acknowledgement
  }

  func cancel(_ id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    guard fuse.passes() else { throw .disconnected(venue: venue) }
    if mood.state.hidden.contains(id) { return .unknown }
    return try inner.cancel(id)
  }

  func status(of id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    try requireLife()
    return mood.state.hidden.contains(id) ? .unknown : try inner.status(of: id)
  }

  func openOrders(of instance: String?) throws(BrokerFailure) -> [OrderRecord] {
    try requireLife()
    return try inner.openOrders(of: instance).map { record in
      guard mood.state.hidden.contains(record.order.clientID) else { return record }
      return OrderRecord(
        order: record.order, acknowledgement: record.acknowledgement, status: .unknown)
    }
  }

  func fills(after cursor: FillCursor) throws(BrokerFailure) -> [Fill] {
    try requireLife()
    return try inner.fills(after: cursor)
  }

  func positions() throws(BrokerFailure) -> PositionBook {
    try requireLife()
    return try inner.positions()
  }

  func equity(of instance: String?) throws(BrokerFailure) -> EquityStatement {
    try requireLife()
    return try inner.equity(of: instance)
  }
}

/// How a broker of a rehearsal behaves.
final class RehearsalMood: Sendable {
  struct State {
    /// Whether the account may not trade.
    var isForbidden = false
    /// Orders that the broker cannot say anything about.
    var hidden: Set<ClientOrderID> = []
    /// Answers that get lost.
    var silences = 0
  }

  private let mutex = Mutex<State>(State())

  var state: State { mutex.withLock { $0 } }

  func change(_ body: (inout State) -> Void) { mutex.withLock { body(&$0) } }

  /// Whether the next answer gets lost.
  func isSilent() -> Bool {
    mutex.withLock { state in
      guard state.silences > 0 else { return false }
      state.silences -= 1
      return true
    }
  }
}
