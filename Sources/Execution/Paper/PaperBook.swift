import Essentials
import Markets

/// A paper account as a value: its orders, fills and ledger, and what they do with rows of prices.
///
/// The same orders and rows in the same order make the same fills, to the last digit. Cost of a row:
/// the open orders and the bars; of an order: the instance's open orders where it is reduce-only.
struct PaperBook: Hashable {
  /// An order and what became of it.
  struct Entry: Hashable {
    let order: BrokerOrder
    let acknowledgement: OrderAcknowledgement
    var filled = Quantity.zero
    /// The state that ended it before it was filled.
    var end: OrderStatus?

    var remaining: Quantity { acknowledgement.accepted - filled }

    var status: OrderStatus {
      if let end { return end }
      if filled == .zero { return acknowledgement.status }
      return remaining == .zero ? .filled : .partiallyFilled(filled: filled)
    }

    var record: OrderRecord {
      OrderRecord(order: order, acknowledgement: acknowledgement, status: status)
    }
  }

  let configuration: PaperConfiguration
  /// The last row, nil before the first.
  var now: Timestamp?
  var ledger: PaperLedger
  /// The last price of each symbol.
  var marks: [String: Price] = [:]
  /// All orders ever, in the order in which they came; an order's number is its place plus one.
  var entries: [Entry] = []
  var places: [ClientOrderID: Int] = [:]
  /// Places of the open orders, growing.
  var open: [Int] = []
  /// The fills that are kept, without gaps up to ``lastFill``.
  var fills: [Fill] = []
  /// The number of the last fill, 0 before the first.
  var lastFill: Int64 = 0

  init(_ configuration: PaperConfiguration) {
    self.configuration = configuration
    ledger = PaperLedger(balance: configuration.balance)
  }

  init(_ configuration: PaperConfiguration, ledger: PaperLedger) {
    self.configuration = configuration
    self.ledger = ledger
  }
}

// MARK: - Orders

extension PaperBook {
  /// Answers an order, or again the answer that it got.
  mutating func submit(_ order: BrokerOrder) throws(BrokerFailure) -> OrderAcknowledgement {
    if let place = places[order.clientID] {
      guard entries[place].order == order else { throw .clientIDReused(order.clientID) }
      return entries[place].acknowledgement
    }
    guard configuration.permissions.contains(.trade) else {
      throw .permissionMissing(.trade, account: configuration.account)
    }
    let accepted = acceptable(order)
    let place = entries.count
    let acknowledgement: OrderAcknowledgement
    switch accepted {
    case .success(let quantity):
      acknowledgement = OrderAcknowledgement(
        clientID: order.clientID, venueOrderID: String(place + 1), status: .accepted,
        accepted: quantity)
      open.append(place)
    case .failure(let refusal):
      acknowledgement = OrderAcknowledgement(
        clientID: order.clientID, venueOrderID: String(place + 1),
        status: .rejected(refusal.reason), accepted: .zero)
    }
    entries.append(Entry(order: order, acknowledgement: acknowledgement))
    places[order.clientID] = place
    return acknowledgement
  }

  private struct Refusal: Error {
    let reason: OrderRejection
  }

  /// How many lots of an order are taken, or why none.
  private func acceptable(_ order: BrokerOrder) -> Result<Quantity, Refusal> {
    func refuse(_ reason: OrderRejection) -> Result<Quantity, Refusal> {
      .failure(Refusal(reason: reason))
    }
    guard !order.instance.isEmpty else { return refuse(.instanceMissing) }
    guard let lot = configuration.lot(of: order.symbol) else { return refuse(.unknownSymbol) }
    guard order.quantity > .zero else { return refuse(.belowLot) }
    if case .until(let instant) = order.timeInForce, let now, instant <= now {
      return refuse(.expired)
    }
    let price: Price? =
      if case .limit(let price) = order.kind { price } else { marks[order.symbol] }
    if let price, Money(worthOf: order.quantity, at: price, lot: lot) == nil {
      return refuse(.amountTooLarge)
    }
    guard order.isReduceOnly else { return .success(order.quantity) }
    let spoken = open.reduce(Quantity.zero) { sum, place in
      let other = entries[place]
      let isRival =
        other.order.isReduceOnly && other.order.side == order.side
        && other.order.symbol == order.symbol && other.order.instance == order.instance
      return isRival ? sum + other.remaining : sum
    }
    let reducible = self.reducible(by: order) - spoken
    if order.quantity <= reducible { return .success(order.quantity) }
    guard reducible > .zero, configuration.reduceOnly == .cut else { return refuse(.notReducing) }
    return .success(reducible)
  }

  /// How many lots an order can take off its instance's position.
  func reducible(by order: BrokerOrder) -> Quantity {
    let held = ledger.lots(of: order.symbol, heldBy: order.instance)
    return held.side == order.side.opposite ? held.magnitude : .zero
  }

  /// Takes an order back.
  mutating func cancel(_ id: ClientOrderID) -> OrderStatus {
    guard let place = places[id] else { return .unknown }
    end(place)
    return entries[place].status
  }

  /// Ends an order that is open: cancelled with what was filled, or rejected for a reason that was
  /// found too late, if nothing was.
  mutating func end(_ place: Int, because reason: OrderRejection? = nil) {
    guard let index = open.firstIndex(of: place) else { return }
    open.remove(at: index)
    let filled = entries[place].filled
    if let reason, filled == .zero {
      entries[place].end = .rejected(reason)
    } else {
      entries[place].end = .cancelled(filled: filled)
    }
  }

  func status(of id: ClientOrderID) -> OrderStatus {
    places[id].map { entries[$0].status } ?? .unknown
  }

  func openOrders(of instance: String?) -> [OrderRecord] {
    open.map { entries[$0] }.filter { instance == nil || $0.order.instance == instance }
      .map(\.record)
  }
}

// MARK: - Fills and money

extension PaperBook {
  func fills(after cursor: FillCursor) throws(BrokerFailure) -> [Fill] {
    let forgotten = lastFill - Int64(fills.count)
    guard cursor.sequence >= forgotten else {
      throw .fillsForgotten(venue: configuration.venue, through: forgotten)
    }
    return Array(fills.dropFirst(Int(min(cursor.sequence - forgotten, Int64(fills.count)))))
  }

  /// Lets the fills up to a place in the stream go; what they did stays.
  mutating func forgetFills(through cursor: FillCursor) {
    fills.removeFirst(fills.prefix { $0.sequence <= cursor.sequence }.count)
  }

  /// Makes the capital of an instance so much, from or to what no instance has.
  mutating func fund(_ instance: String, with capital: Money) throws(PaperFailure) {
    guard !instance.isEmpty, capital >= .zero else {
      throw .unusableCapital(instance: instance, wanted: capital)
    }
    let more = capital + ledger.balance(.capital, of: instance)
    let left = ledger.balance(.cash, of: PaperLedger.pool)
    guard more <= left, ledger.moveCapital(more, to: instance) else {
      throw .shortOfCapital(instance: instance, wanted: more, left: left)
    }
  }

  func equity(of instance: String?) -> EquityStatement {
    ledger.statement(of: instance, at: marks, lot: configuration.lot)
  }

  var account: BrokerAccount {
    BrokerAccount(
      id: configuration.account, permissions: configuration.permissions,
      balance: ledger.statement(of: nil, at: [:], lot: configuration.lot).cash)
  }
}
