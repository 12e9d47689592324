package import Essentials

/// A trader of many contracts, its account and a matcher for each contract, to which events are told
/// one by one.
///
/// Replay, paper and live feed the same session; they differ in where events come from and in who
/// fills what ``sent`` holds. A trader of another module is called through its witnesses, which costs
/// some nanoseconds an event and allocates nothing.
package struct PortfolioSession<Player: PortfolioTrader> {
  package var trader: Player
  package var account: PerpetualAccount
  /// One for each contract of the account, in its order.
  package var matchers: [Matcher]
  /// What the trader wanted at the last decision.
  package private(set) var sent: ContiguousArray<ContractDirective> = []
  /// What the last event did to orders, in the order in which it happened.
  package private(set) var heard: ContiguousArray<ContractReport> = []
  /// Whether the last event liquidated a position, or a part of one.
  package private(set) var liquidates = false

  /// A session with a matcher for each contract of the account, all with the same settings.
  package init(_ trader: Player, account: PerpetualAccount, settings: MatchSettings) {
    self.trader = trader
    self.account = account
    matchers = account.contracts.indices.map {
      Matcher(ContractID(place: $0), of: account, settings: settings)
    }
    sent.reserveCapacity(64)
    heard.reserveCapacity(64)
  }

  /// Lets a contract's matcher see an event, then the trader hear of its orders and of the event. Says
  /// whether the event was accepted; the trader is told of no other.
  ///
  /// What became of orders stays in ``heard`` until the next event. Where the event liquidates a cross
  /// position, all others have gone with it, and the orders of every contract end as the venue ends
  /// them.
  @discardableResult
  package mutating func receive(_ event: MarketEvent, of contract: ContractID) -> Bool {
    let place = contract.place
    begin(place)
    let before = matchers[place].counts
    let isAccepted =
      switch event {
      case .bar(let bar, let span):
        matchers[place].receive(bar, span: span, account: &account)
      case .trade(let trade): matchers[place].receive(trade, account: &account)
      case .mark(let reference): matchers[place].receive(reference, account: &account)
      case .funding(let payment): matchers[place].receive(payment, account: &account)
      }
    hear(of: contract, liquidations: before)
    guard isAccepted else { return false }
    trader.observe(event, of: contract, account: account)
    return true
  }

  /// The same for a new state of a contract's book.
  @discardableResult
  package mutating func receive(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp
  ) -> Bool {
    let place = contract.place
    begin(place)
    let before = matchers[place].counts
    let isAccepted = matchers[place].receive(book, at: instant, account: &account)
    hear(of: contract, liquidations: before)
    guard isAccepted else { return false }
    trader.observe(book, of: contract, at: instant, account: account)
    return true
  }

  /// Tells matcher and trader that a contract's book cannot be believed until the next one is told.
  ///
  /// Meanwhile orders that take meet trades, and those that wait keep their place in the queue.
  package mutating func loseBook(of contract: ContractID) {
    matchers[contract.place].loseBook()
    trader.loseBook(of: contract)
  }

  /// Has the trader decide once all events of an instant were received, and sends what it wants.
  package mutating func decide(at instant: Timestamp) {
    if !sent.isEmpty { sent.removeAll(keepingCapacity: true) }
    trader.decide(at: instant, account: account, directives: &sent)
    for wish in sent { matchers[wish.contract.place].send(wish.directive, at: instant) }
  }

  private mutating func begin(_ place: Int) {
    matchers[place].clearReports()
    if !heard.isEmpty { heard.removeAll(keepingCapacity: true) }
    liquidates = false
  }

  /// Tells the trader what an event did to orders.
  private mutating func hear(of contract: ContractID, liquidations before: MatchCounts) {
    for report in matchers[contract.place].reports {
      heard.append(ContractReport(contract, report))
      trader.hear(report, of: contract)
    }
    let counts = matchers[contract.place].counts
    if counts.liquidations != before.liquidations || counts.tierReductions != before.tierReductions
    {
      hearOfLiquidation(at: contract)
    }
  }

  /// Ends the orders of the other contracts that shared the margin of one that was liquidated.
  private mutating func hearOfLiquidation(at contract: ContractID) {
    liquidates = true
    let cause = matchers[contract.place]
    guard cause.settings.mode == .cross, let instant = cause.now else { return }
    for place in matchers.indices where place != contract.place {
      matchers[place].clearReports()
      matchers[place].endAfterLiquidation(at: instant, account: &account)
      let other = ContractID(place: place)
      for report in matchers[place].reports {
        heard.append(ContractReport(other, report))
        trader.hear(report, of: other)
      }
    }
  }
}

extension PortfolioSession: Sendable where Player: Sendable {}
