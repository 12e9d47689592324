package import Essentials

/// A trader of many contracts, its account and a matcher for each contract, to which events are told
/// one by one.
///
/// Replay, paper and live feed the same session; they differ in where events come from and in who
/// fills what ``sent`` holds. It is generic and inlinable, so a trader of another module is called
/// directly.
package struct PortfolioSession<Player: PortfolioTrader> {
  package var trader: Player
  package var account: PerpetualAccount
  /// One for each contract of the account, in its order.
  package var matchers: [Matcher]
  /// What the trader wanted at the last decision.
  package private(set) var sent: ContiguousArray<ContractDirective> = []

  /// A session with a matcher for each contract of the account, all with the same settings.
  package init(_ trader: Player, account: PerpetualAccount, settings: MatchSettings) {
    self.trader = trader
    self.account = account
    matchers = account.contracts.indices.map {
      Matcher(ContractID(place: $0), of: account, settings: settings)
    }
    sent.reserveCapacity(64)
  }

  /// Lets a contract's matcher see an event, then the trader hear of its orders and of the event. Says
  /// whether the event was accepted; the trader is told of no other.
  ///
  /// The reports stay in ``Matcher/reports`` until the contract's next event.
  @inlinable
  @discardableResult
  package mutating func receive(_ event: MarketEvent, of contract: ContractID) -> Bool {
    let place = contract.place
    matchers[place].clearReports()
    let isAccepted =
      switch event {
      case .bar(let bar, let span):
        matchers[place].receive(bar, span: span, account: &account)
      case .trade(let trade): matchers[place].receive(trade, account: &account)
      case .mark(let reference): matchers[place].receive(reference, account: &account)
      case .funding(let payment): matchers[place].receive(payment, account: &account)
      }
    guard isAccepted else { return false }
    for report in matchers[place].reports { trader.hear(report, of: contract) }
    trader.observe(event, of: contract, account: account)
    return true
  }

  /// The same for a new state of a contract's book.
  @inlinable
  @discardableResult
  package mutating func receive(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp
  ) -> Bool {
    let place = contract.place
    matchers[place].clearReports()
    guard matchers[place].receive(book, at: instant, account: &account) else { return false }
    for report in matchers[place].reports { trader.hear(report, of: contract) }
    trader.observe(book, of: contract, at: instant, account: account)
    return true
  }

  /// Has the trader decide once all events of an instant were received, and sends what it wants.
  package mutating func decide(at instant: Timestamp) {
    sent.removeAll(keepingCapacity: true)
    trader.decide(at: instant, account: account, directives: &sent)
    for wish in sent { matchers[wish.contract.place].send(wish.directive, at: instant) }
  }
}
