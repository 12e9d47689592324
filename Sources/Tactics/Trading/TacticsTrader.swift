package import Essentials
package import Markets
package import Models

/// A trader that reads its markets by models and trades them by a ``PortfolioDesk``.
///
/// It is a value: the same events give the same orders in a replay, on paper and at a venue, and a
/// copy goes its own way.
package struct TacticsTrader: PortfolioTrader, Sendable {
  /// The models of each contract, in the order of the contracts.
  package private(set) var models: [SymbolModels]
  package private(set) var desk: PortfolioDesk
  private var hasNews: [Bool]
  private var readings: [MarketReading?]

  /// Joins models and settings; there is a model for each contract.
  package init(
    contracts: [PerpetualContract], configuration: TacticsConfiguration, models: [SymbolModels],
    seed: UInt64
  ) {
    precondition(
      models.map(\.symbol) == contracts.map(\.symbol), "models of other symbols than the contracts'"
    )
    self.models = models
    desk = PortfolioDesk(contracts, configuration: configuration, seed: seed)
    hasNews = Array(repeating: false, count: contracts.count)
    readings = Array(repeating: nil, count: contracts.count)
  }

  /// Returns the decisions since the last call, in order, and forgets them.
  package mutating func takeDecisions() -> [DecisionRecord] { desk.takeRecords() }

  package mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    switch event {
    case .bar(let bar, let span):
      if models[contract.place].observe(bar, span: span) { hasNews[contract.place] = true }
    case .trade(let trade):
      models[contract.place].observe(trade)
      hasNews[contract.place] = true
    case .mark: hasNews[contract.place] = true
    case .funding(let payment): desk.observe(payment, of: contract)
    }
  }

  package mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {
    if models[contract.place].observe(book, at: instant) { hasNews[contract.place] = true }
  }

  package mutating func hear(_ report: OrderReport, of contract: ContractID) {
    desk.hear(report, of: contract)
  }

  package mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    // Reading is the costly part, and a desk that would not decide reads nothing.
    let isDue = desk.isDue(at: instant)
    for place in models.indices {
      readings[place] = nil
      guard isDue, hasNews[place] else { continue }
      readings[place] = models[place].reading(
        at: instant, horizonSeconds: desk.horizonSeconds)
      hasNews[place] = false
    }
    desk.decide(at: instant, readings: readings, account: account, directives: &directives)
  }
}
