import Backtesting
import Essentials
import Markets
import Models
import Services
import Storage
import Tactics

/// The whole trader on recorded minutes: models, outlooks, gates, exits, leverage, sizing, account and
/// matchers, as `athanor replay` runs it, without its report.
///
/// Once under the shipped settings, which look no further where a market's drift cannot pay its costs;
/// and once with trading free of cost and settings that let every market be simulated at every decision,
/// up to 16,384 paths, and no side be chosen.
struct EngineSuite {
  private let markets: [RecordedMarket]
  private let span: BarSpan

  /// `FOLDER`: as `athanor replay` reads it.
  init(arguments: [String]) throws {
    let request = ReplayRequest(paths: arguments, configuration: TacticsConfiguration())
    let material = try ReplayMaterial(for: request)
    markets = material.markets
    span = material.span
  }

  private static let demanding = [
    "outlook.costs.spread_assumed=0", "outlook.costs.slippage=0", "outlook.costs.impact=0",
    "outlook.paths.near_margin=0.1", "outlook.paths.first=16384", "outlook.paths.most=16384",
    "entry.choice.threshold=0", "entry.choice.threshold_floor=0",
    "entry.choice.expectation_min=-0.1", "entry.choice.gap_min=0.1",
    "entry.choice.small_gap=false",
  ]

  func run() throws {
    let shipped = TacticsConfiguration()
    let demanding = try TacticsConfiguration([.commandLine(Self.demanding)])
    let free = FeeSchedule(
      maker: try Self.rate(0), taker: try Self.rate(0))
    let whole = try replay(shipped, fees: nil, minutes: .max)
    let part = try replay(demanding, fees: free, minutes: 6 * 60)
    let calm = try cycles(shipped, fees: nil)
    let busy = try cycles(demanding, fees: free)
    Benchmark.answer([
      ("symbols", "\(markets.count)"),
      ("bars", "\(whole.bars)"), ("seconds", "\(whole.seconds)"),
      ("looks", "\(whole.counts.looks)"), ("simulations", "\(whole.counts.simulations)"),
      ("entries", "\(whole.counts.entries)"),
      ("simulated_bars", "\(part.bars)"), ("simulated_seconds", "\(part.seconds)"),
      ("simulated_simulations", "\(part.counts.simulations)"),
      ("cycle_symbols", "\(Self.cycleSymbols)"), ("cycle_median_ms", "\(calm.median)"),
      ("cycle_worst_ms", "\(calm.worst)"), ("simulated_cycle_median_ms", "\(busy.median)"),
      ("simulated_cycle_worst_ms", "\(busy.worst)"),
      ("simulated_cycle_simulations", "\(busy.simulations)"),
      ("peak_mib", "\(Benchmark.peakMemory)"),
    ])
  }

  private static func rate(_ value: Double) throws -> SignedRate {
    guard let rate = SignedRate(value) else { throw BenchmarkFailure.wrongConstant }
    return rate
  }

  private func account(_ contracts: [PerpetualContract]) throws -> PerpetualAccount {
    var account = PerpetualAccount(contracts)
    _ = try account.deposit(
      CoinAmount(atoms: 10_000 * 100_000_000), at: Timestamp(millisecondsSinceEpoch: 0))
    return account
  }

  private func contract(
    _ market: RecordedMarket, named symbol: String? = nil, fees: FeeSchedule?
  ) -> PerpetualContract {
    let terms = market.contract
    return PerpetualContract(
      venue: terms.venue,
      rules: InstrumentRules(
        symbol: symbol ?? terms.symbol, lot: terms.rules.lot, tick: terms.rules.tick,
        minimumNotional: terms.rules.minimumNotional),
      tiers: terms.tiers, fees: fees ?? terms.fees, funding: terms.funding)
  }

  private func session(
    _ contracts: [PerpetualContract], _ configuration: TacticsConfiguration
  ) throws -> PortfolioSession<TacticsTrader> {
    let models = contracts.map { contract in
      var settings = SymbolModelSettings(span: span, seed: 1)
      settings.tick = contract.rules.tick
      settings.lot = contract.rules.lot
      return SymbolModels(symbol: contract.symbol, settings: settings)
    }
    guard let slippage = Rate(basisPoints: 2) else { throw BenchmarkFailure.wrongConstant }
    return PortfolioSession(
      TacticsTrader(
        contracts: contracts, configuration: configuration, models: models, seed: 1),
      account: try account(contracts), settings: MatchSettings(slippage: slippage))
  }

  /// Replays the first minutes of all markets on one account, one day of warm-up before them.
  private func replay(
    _ configuration: TacticsConfiguration, fees: FeeSchedule?, minutes: Int
  ) throws -> (bars: Int, seconds: Double, counts: DecisionCounts) {
    let start = markets.compactMap(\.series.openTimes.first).max() ?? 0
    let from = Timestamp(millisecondsSinceEpoch: start) + .days(1)
    var replay = Replay(
      try session(markets.map { contract($0, fees: fees) }, configuration),
      recordings: markets.map { market in
        ContractRecording(
          bars: market.series, marks: ContiguousArray(market.marks?.marks ?? []),
          funding: ContiguousArray(market.payments))
      },
      settings: ReplaySettings(
        from: from, to: minutes == .max ? nil : from + .minutes(Int64(minutes))))
    let seconds = Benchmark.seconds {
      while replay.advance(events: 8192) { _ = replay.session.trader.takeDecisions() }
      _ = replay.session.trader.takeDecisions()
    }
    return (
      replay.session.matchers.reduce(0) { $0 + $1.counts.accepted }, seconds,
      replay.session.trader.desk.counts
    )
  }

  private static let cycleSymbols = 30
  private static let warmMinutes = 320
  private static let cycleMinutes = 60

  /// Cycles of thirty contracts, the recorded ones under further names and at other times: from the bars
  /// of a minute to the orders, in milliseconds.
  private func cycles(
    _ configuration: TacticsConfiguration, fees: FeeSchedule?
  ) throws -> (median: Double, worst: Double, simulations: Int) {
    let chosen = (0..<Self.cycleSymbols).map { place in
      (market: markets[place % markets.count], round: place / markets.count)
    }
    var session = try session(
      chosen.map { contract($0.market, named: "\($0.market.symbol)-\($0.round)", fees: fees) },
      configuration)
    var times: [Double] = []
    var before = 0
    for minute in 0..<(Self.warmMinutes + Self.cycleMinutes) {
      let instant = Timestamp(millisecondsSinceEpoch: Int64(minute + 1) * 60_000)
      if minute == Self.warmMinutes { before = session.trader.desk.counts.simulations }
      let seconds = Benchmark.seconds {
        for (place, choice) in chosen.enumerated() {
          let bar = choice.market.series[minute + choice.round * 10_000]
          session.receive(
            .bar(
              Bar(
                openTime: Timestamp(millisecondsSinceEpoch: Int64(minute) * 60_000),
                open: bar.open, high: bar.high, low: bar.low, close: bar.close,
                volume: bar.volume), span: span), of: ContractID(place: place))
        }
        session.decide(at: instant)
      }
      _ = session.trader.takeDecisions()
      if minute >= Self.warmMinutes { times.append(seconds * 1000) }
    }
    return (
      Benchmark.median(times), times.max() ?? .nan,
      session.trader.desk.counts.simulations - before
    )
  }
}

/// What a suite cannot go on with.
enum BenchmarkFailure: Error {
  case wrongConstant
}
