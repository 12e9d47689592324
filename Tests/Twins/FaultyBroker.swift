package import Execution
package import Markets
import Synchronization

/// What is wrong with a ``FaultyBroker``. Nothing, unless it is said.
package struct BrokerFaults: Hashable, Sendable {
  /// Which orders the venue cannot say anything about.
  package enum Blindness: Hashable, Sendable {
    case none
    case orders(Set<ClientOrderID>)
    case all

    func covers(_ id: ClientOrderID) -> Bool {
      switch self {
      case .none: false
      case .orders(let ids): ids.contains(id)
      case .all: true
      }
    }
  }

  /// Nobody can reach the venue, and it hears nothing.
  package var isDisconnected = false
  /// How many of the next orders arrive while the answer to them gets lost.
  package var lostAnswers = 0
  /// How many of the next orders get lost themselves, which looks the same.
  package var lostOrders = 0
  /// Orders that can neither be asked about nor taken back.
  package var unknown = Blindness.none
  /// Permissions that the account does not have, whatever the venue says.
  package var withheld: Set<AccountPermission> = []
  /// For how many readings of the stream a fill is held back after the first that would show it.
  package var readingsBeforeFills = 0
  /// Whether each fill comes twice.
  package var repeatsFills = false
  /// Positions of the venue that nobody ordered.
  package var strangers: [VenuePosition] = []

  package init() {}
}

/// A broker in front of another that fails as its faults say, and keeps a record of what it let
/// through.
///
/// It has the authority of the one behind it: a faulty paper venue is a paper venue, and a faulty
/// live venue a live one.
package final class FaultyBroker<Base: Broker>: Broker {
  package typealias Authority = Base.Authority

  private struct Condition {
    var faults: BrokerFaults
    var passed: [BrokerOrder] = []
    var readings = 0
    /// The reading that would first have shown each fill.
    var shown: [FillKey: Int] = [:]
  }

  private let base: Base
  private let condition: Mutex<Condition>

  package init(_ base: Base, faults: BrokerFaults = BrokerFaults()) {
    self.base = base
    condition = Mutex(Condition(faults: faults))
  }

  /// What is wrong with it.
  package var faults: BrokerFaults { condition.withLock { $0.faults } }

  /// Breaks or mends it.
  package func change(_ body: (inout BrokerFaults) -> Void) {
    condition.withLock { body(&$0.faults) }
  }

  /// The orders that reached the venue, sent again or not, in their order.
  package var passed: [BrokerOrder] { condition.withLock { $0.passed } }

  private func connected() throws(BrokerFailure) -> BrokerFaults {
    let faults = self.faults
    if faults.isDisconnected { throw .disconnected(venue: venue) }
    return faults
  }

  package var venue: String { base.venue }

  package func account() throws(BrokerFailure) -> BrokerAccount {
    let faults = try connected()
    let account = try base.account()
    return BrokerAccount(
      id: account.id, permissions: account.permissions.subtracting(faults.withheld),
      balance: account.balance)
  }

  package func rules(of symbol: String) throws(BrokerFailure) -> InstrumentRules {
    _ = try connected()
    return try base.rules(of: symbol)
  }

  package func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement {
    let faults = try connected()
    if faults.withheld.contains(.trade) {
      throw .permissionMissing(.trade, account: try base.account().id)
    }
    if faults.lostOrders > 0 {
      change { $0.lostOrders -= 1 }
      throw .noAnswer(venue: venue, id: order.clientID)
    }
    condition.withLock { $0.passed.append(order) }
    let acknowledgement = try base.submit(order)
    if faults.lostAnswers > 0 {
      change { $0.lostAnswers -= 1 }
      throw .noAnswer(venue: venue, id: order.clientID)
    }
    return acknowledgement
  }

  package func cancel(_ id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    try connected().unknown.covers(id) ? .unknown : try base.cancel(id)
  }

  package func status(of id: ClientOrderID) throws(BrokerFailure) -> OrderStatus {
    try connected().unknown.covers(id) ? .unknown : try base.status(of: id)
  }

  package func openOrders(of instance: String?) throws(BrokerFailure) -> [OrderRecord] {
    let unknown = try connected().unknown
    return try base.openOrders(of: instance).map {
      unknown.covers($0.order.clientID)
        ? OrderRecord(order: $0.order, acknowledgement: $0.acknowledgement, status: .unknown) : $0
    }
  }

  package func fills(after cursor: FillCursor) throws(BrokerFailure) -> [Fill] {
    let faults = try connected()
    let all = try base.fills(after: cursor)
    return condition.withLock { condition in
      condition.readings += 1
      let due = all.prefix { fill in
        let first = condition.shown[fill.key] ?? condition.readings
        condition.shown[fill.key] = first
        return condition.readings - first >= faults.readingsBeforeFills
      }
      for fill in all where condition.shown[fill.key] == nil {
        condition.shown[fill.key] = condition.readings
      }
      return faults.repeatsFills ? due.flatMap { [$0, $0] } : Array(due)
    }
  }

  package func positions() throws(BrokerFailure) -> PositionBook {
    let faults = try connected()
    let book = try base.positions()
    var venue = book.venue.filter { held in
      !faults.strangers.contains { $0.symbol == held.symbol }
    }
    for stranger in faults.strangers {
      venue.append(
        VenuePosition(
          symbol: stranger.symbol,
          quantity: book.quantity(of: stranger.symbol) + stranger.quantity))
    }
    return PositionBook(venue: venue, parts: book.parts)
  }

  package func equity(of instance: String?) throws(BrokerFailure) -> EquityStatement {
    _ = try connected()
    return try base.equity(of: instance)
  }
}

extension FaultyBroker: PaperVenue where Base: PaperVenue {}
extension FaultyBroker: LiveVenue where Base: LiveVenue {}
