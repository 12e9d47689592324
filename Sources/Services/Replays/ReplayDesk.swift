package import Backtesting
import Essentials
package import Markets
package import Models
import Storage
package import Tactics

/// Replays recorded markets to a trader, step by step, so that somebody can watch and interrupt it.
package struct ReplayDesk: Sendable {
  package let material: ReplayMaterial
  package let request: ReplayRequest
  package let terms: ReplayTerms

  /// Events that are told between two looks at whether to go on.
  private static let slice = 8192

  /// A desk for a request and what was found for it.
  package init(_ request: ReplayRequest, _ material: ReplayMaterial) {
    self.request = request
    self.material = material
    terms = ReplayTerms(request, material)
  }

  /// The contracts, in the order of their places.
  package var contracts: [PerpetualContract] { material.markets.map(\.contract) }

  /// The trader of the tactics under the request's settings, with models that begin anew and go by the
  /// request's parameters. Parameters that do not go with them are refused, later ones too.
  package func trader() throws(ModelMismatch) -> TacticsTrader {
    var models: [SymbolModels] = []
    for contract in contracts {
      var symbol = SymbolModels(
        symbol: contract.symbol,
        settings: SymbolModelSettings(
          for: contract, span: material.span, seed: request.seed,
          under: request.configuration.settings.signals))
      if let mismatch = symbol.adopt(request.models.first).first { throw mismatch }
      for later in request.models.later {
        var trial = symbol
        if let mismatch = trial.adopt(later.documents).first { throw mismatch }
      }
      models.append(symbol)
    }
    var trader = TacticsTrader(
      contracts: contracts, configuration: request.configuration, models: models,
      seed: request.seed, crew: .threads(request.threads))
    trader.follow(request.models)
    return trader
  }

  /// Replays everything to a trader. Who interrupts it gets the report of what was replayed.
  ///
  /// - Parameters:
  ///   - journal: where everything is written down; nil for nowhere.
  ///   - trust: by which rules the result is believed; seed, slippage and coin are those of the replay.
  ///   - isEnded: whether somebody asked to end, asked between slices.
  ///   - progress: is told how many events are told, and how many there are.
  package func run<Player: ExplainingTrader>(
    _ trader: Player, journal: inout ReplayJournal?,
    trust: ReplayTrustSettings = ReplayTrustSettings(), isEnded: () -> Bool = { false },
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> ReplayResult {
    try play(trader, journal: &journal, trust: trust, isEnded: isEnded, progress: progress).result
  }

  /// The same, and the trader as it is at the end.
  package func play<Player: ExplainingTrader>(
    _ trader: Player, journal: inout ReplayJournal?,
    trust: ReplayTrustSettings = ReplayTrustSettings(), isEnded: () -> Bool = { false },
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> (result: ReplayResult, trader: Player) {
    var replay = Replay(
      try session(RecordedTrader(trader)), recordings: material.markets.map(recording),
      settings: ReplaySettings(
        from: material.from, to: material.to, equityInterval: terms.span))
    var decisions: [ReplayDecision] = []
    var forecasts = ForecastBook(contracts: contracts.count)
    var tally = OrderTally()
    var waits = WaitTally(contracts.map(\.symbol))
    var isInterrupted = false
    var isLeft = true
    func take(_ decision: ReplayDecision) {
      if decision.kind == .entered || decision.kind == .closed { decisions.append(decision) }
      forecasts.take(decision)
      waits.take(decision)
      journal?.take(decision)
    }
    while isLeft {
      isLeft = replay.advance(events: Self.slice)
      for note in replay.session.trader.takeNotes() {
        tally.take(note)
        journal?.take(note)
      }
      for decision in replay.session.trader.player.takeExplanations() { take(decision) }
      progress(replay.events, replay.total)
      if isLeft, isEnded() {
        isInterrupted = true
        isLeft = false
      }
    }
    for decision in replay.session.trader.player.takeLastExplanations() { take(decision) }
    let player = replay.session.trader.player
    var result = ReplayResult(
      replay.record, of: material, terms: terms, decisions: decisions, forecasts: forecasts,
      tally: tally, trader: player, trust: rules(trust), isInterrupted: isInterrupted)
    result.waits = waits.all
    return (result, player)
  }

  /// A session that trades under the request's terms, on an account that holds its capital.
  func session<Player: PortfolioTrader>(_ trader: Player) throws -> PortfolioSession<Player> {
    var account = PerpetualAccount(contracts)
    _ = try account.deposit(request.capital, at: material.start)
    return PortfolioSession(trader, account: account, settings: matching)
  }

  /// By which rules orders are filled.
  var matching: MatchSettings {
    MatchSettings(
      orderDelay: .constant(request.delay), cancelDelay: .constant(request.delay),
      slippage: request.slippage)
  }

  /// The rules of trust with what the replay itself says of them.
  private func rules(_ given: ReplayTrustSettings) -> ReplayTrustSettings {
    var rules = given
    rules.seed = request.seed
    rules.slippage = request.slippage.basisPoints / 1e4
    rules.coin = terms.coin
    rules.parameters = terms.models.map {
      FittedKnowledge(
        $0.kind.rawValue, through: $0.fittedThrough,
        from: max(material.from, $0.from ?? material.from))
    }
    return rules
  }

  /// What is told of a market: nothing before the warm-up but a whole feed, nothing behind the end.
  func recording(of market: RecordedMarket) -> ContractRecording {
    recording(of: market, bars: material.bars(of: market))
  }

  /// The same with some of the bars.
  func recording(of market: RecordedMarket, bars told: Range<Int>) -> ContractRecording {
    let series = market.series
    var bars = series
    if told != 0..<series.count {
      bars = BarSeries(series.span, capacity: told.count)
      for place in told { bars.append(series[place]) }
    }
    func isTold(_ instant: Timestamp) -> Bool {
      instant >= material.start && instant <= material.to
    }
    return ContractRecording(
      bars: bars, trades: market.feed?.recording.trades ?? [],
      marks: ContiguousArray(market.references.filter { isTold($0.instant) }),
      funding: ContiguousArray(market.payments.filter { isTold($0.instant) }),
      books: market.feed?.recording.books)
  }
}
