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
  /// Parameters that are not adopted yet, the next ones last.
  private var awaited: [ModelSchedule.Later] = []
  /// What the last decision read of each contract; nil where there was no news, or none was due.
  package private(set) var readings: [MarketReading?]

  /// Joins models and settings; there is a model for each contract.
  ///
  /// - Parameter crew: who walks the paths of a simulation; the orders are the same for every one.
  package init(
    contracts: [PerpetualContract], configuration: TacticsConfiguration, models: [SymbolModels],
    seed: UInt64, crew: PathCrew = .caller
  ) {
    precondition(
      models.map(\.symbol) == contracts.map(\.symbol), "models of other symbols than the contracts'"
    )
    self.models = models
    desk = PortfolioDesk(
      contracts, configuration: configuration, seed: seed, crew: crew)
    hasNews = Array(repeating: false, count: contracts.count)
    readings = Array(repeating: nil, count: contracts.count)
  }

  /// Has the models adopt what a schedule has for later, each once an event of its time or behind it is
  /// told. What does not go with the models is left out, as ``SymbolModels/adopt(_:)`` says.
  package mutating func follow(_ schedule: ModelSchedule) {
    awaited = schedule.later.reversed()
  }

  private mutating func adopt(until instant: Timestamp) {
    while let next = awaited.last, next.from <= instant {
      for place in models.indices { models[place].adopt(next.documents) }
      awaited.removeLast()
    }
  }

  /// Returns the decisions since the last call, in order, and forgets them.
  package mutating func takeDecisions() -> [DecisionRecord] { desk.takeRecords() }

  /// Ends what is told of waiting, once nothing more is asked: the last decisions say through which
  /// time nothing was wanted of each market.
  package mutating func closeWaiting() { desk.closeWaiting() }

  /// What models and desk have learned, decided and sent, without settings and documents.
  package var savedState: JSONValue {
    ["desk": desk.savedState, "models": .array(models.map(\.savedState))]
  }

  /// A trader that goes on where one of the same contracts was saved: with models that were resumed
  /// by their own states, and the desk's part of ``savedState``.
  package init(
    contracts: [PerpetualContract], configuration: TacticsConfiguration, models: [SymbolModels],
    seed: UInt64, crew: PathCrew = .caller, resuming state: JSONValue
  ) throws(ResumeFailure) {
    self.init(
      contracts: contracts, configuration: configuration, models: models, seed: seed,
      crew: crew)
    guard let saved = state["desk"] else { throw .unreadable(member: "desk") }
    try desk.resume(from: saved)
  }

  /// Lets the models of a contract learn from an event, and the desk from a payment of funding.
  package mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    adopt(until: event.instant)
    desk.see(contract, at: event.instant)
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

  /// Lets the models of a contract learn from its book.
  package mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {
    adopt(until: instant)
    desk.see(contract, at: instant)
    if models[contract.place].observe(book, at: instant) { hasNews[contract.place] = true }
  }

  /// Lets the models of a contract forget its book.
  package mutating func loseBook(of contract: ContractID) { models[contract.place].loseBook() }

  /// Lets the desk learn what became of one of its orders.
  package mutating func hear(_ report: OrderReport, of contract: ContractID) {
    desk.hear(report, of: contract)
  }

  /// Reads the contracts of which there is news, where a decision is due, and has the desk decide.
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
