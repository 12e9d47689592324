package import Essentials
package import Markets

/// What is written down while a trader is replayed.
package struct ReplayLedger: Sendable {
  /// What was sent and heard.
  package private(set) var orders: OrderLog
  /// What was held, from first fill to last.
  package private(set) var roundTrips: RoundTripBook
  /// What the account was worth, at instants at least an interval apart.
  package private(set) var equity: [EquityPoint] = []

  private let interval: Int64
  private var nextPoint = Int64.min

  /// A ledger of what an account that holds nothing does from here on.
  package init(_ account: PerpetualAccount, _ settings: ReplaySettings) {
    orders = OrderLog(keepsText: settings.keepsOrders)
    roundTrips = RoundTripBook(account)
    interval = max(1, settings.equityInterval.milliseconds)
  }

  /// Takes in what an event did to orders.
  package mutating func hear(
    _ heard: ContiguousArray<ContractReport>, _ matchers: [Matcher]
  ) {
    for told in heard {
      orders.append(heard: told)
      roundTrips.observe(
        told.report, of: told.contract,
        leverage: matchers[told.contract.place].settings.leverage)
    }
  }

  /// Takes in an event behind its reports, with the account as it left it.
  package mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    guard roundTrips.openCount > 0 else { return }
    roundTrips.observe(event, of: contract, account: account)
  }

  /// Takes in the account behind a new state of a contract's book.
  package mutating func observe(
    bookOf contract: ContractID, account: PerpetualAccount, at instant: Timestamp
  ) {
    roundTrips.observe(bookOf: contract, account: account, at: instant)
  }

  /// Takes in that a liquidation took everything that shared its margin.
  package mutating func settleAll(_ account: PerpetualAccount, at instant: Timestamp) {
    for place in account.contracts.indices {
      roundTrips.settle(ContractID(place: place), account, at: instant)
    }
  }

  /// Takes in what was sent at an instant.
  package mutating func send(
    _ sent: ContiguousArray<ContractDirective>, at instant: Timestamp
  ) {
    for wish in sent { orders.append(sent: wish, at: instant) }
  }

  /// Takes a point of the equity if the interval since the last one is over.
  package mutating func sample(_ account: PerpetualAccount, at instant: Timestamp) {
    guard instant.millisecondsSinceEpoch >= nextPoint,
      let point = EquityPoint(account, at: instant)
    else { return }
    equity.append(point)
    nextPoint = (instant.millisecondsSinceEpoch / interval + 1) * interval
  }

  /// The points of the equity, with the last instant's if it has none.
  func points(_ account: PerpetualAccount, through instant: Timestamp?) -> [EquityPoint] {
    guard let instant, equity.last?.instant != instant,
      let point = EquityPoint(account, at: instant)
    else { return equity }
    return equity + [point]
  }
}
