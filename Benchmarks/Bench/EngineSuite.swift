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
  private let request: ReplayRequest
  /// The markets with the venue's fees, and with none.
  private let material: ReplayMaterial
  private let free: ReplayMaterial

  /// `FOLDER`: as `athanor replay` reads it.
  init(arguments: [String]) throws {
    var request = ReplayRequest(paths: arguments, configuration: TacticsConfiguration())
    request.delay = .zero
    self.request = request
    material = try ReplayMaterial(for: request)
    request.makerFee = try Self.rate(0)
    request.takerFee = try Self.rate(0)
    request.to = material.from + .hours(6)
    free = try ReplayMaterial(for: request)
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
    let whole = try replay(material, shipped)
    let part = try replay(free, demanding)
    let calm = try cycles(material, shipped, threads: 1)
    let busy = try cycles(free, demanding, threads: 1)
    let shared = try cycles(free, demanding, threads: 2)
    Benchmark.answer([
      ("symbols", "\(material.markets.count)"),
      ("bars", "\(whole.bars)"), ("seconds", "\(whole.seconds)"),
      ("simulations", "\(whole.track.total.simulations)"),
      ("entries", "\(whole.track.total.entries)"),
      ("simulated_bars", "\(part.bars)"), ("simulated_seconds", "\(part.seconds)"),
      ("simulated_simulations", "\(part.track.total.simulations)"),
      ("cycle_symbols", "\(Self.cycleSymbols)"), ("cycle_median_ms", "\(calm.median)"),
      ("cycle_worst_ms", "\(calm.worst)"), ("simulated_cycle_median_ms", "\(busy.median)"),
      ("simulated_cycle_worst_ms", "\(busy.worst)"),
      ("simulated_cycle_simulations", "\(busy.simulations)"),
      ("shared_cycle_median_ms", "\(shared.median)"), ("shared_cycle_worst_ms", "\(shared.worst)"),
      ("peak_mib", "\(Benchmark.peakMemory)"),
    ])
  }

  private static func rate(_ value: Double) throws -> SignedRate {
    guard let rate = SignedRate(value) else { throw BenchmarkFailure.wrongConstant }
    return rate
  }

  /// Replays all markets on one account, a day of warm-up before them.
  private func replay(
    _ material: ReplayMaterial, _ configuration: TacticsConfiguration
  ) throws -> (bars: Int, seconds: Double, track: ReplayTrack) {
    var request = request
    request.configuration = configuration
    let desk = ReplayDesk(request, material)
    var track: ReplayTrack?
    let seconds = try Benchmark.seconds { track = try desk.track() }
    guard let track else { throw BenchmarkFailure.wrongConstant }
    return (material.markets.reduce(0) { $0 + material.bars(of: $1).count }, seconds, track)
  }

  private static let cycleSymbols = 30
  private static let warmMinutes = 320
  private static let cycleMinutes = 60

  /// Cycles of thirty contracts, the recorded ones under further names and at other times: from the bars
  /// of a minute to the orders, in milliseconds.
  private func cycles(
    _ material: ReplayMaterial, _ configuration: TacticsConfiguration, threads: Int
  ) throws -> (median: Double, worst: Double, simulations: Int) {
    let markets = material.markets
    let chosen = (0..<Self.cycleSymbols).map { place in
      (market: markets[place % markets.count], round: place / markets.count)
    }
    var session = try session(
      chosen.map { renamed($0.market.contract, "\($0.market.symbol)-\($0.round)") },
      material.span, configuration, threads)
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
                volume: bar.volume), span: material.span), of: ContractID(place: place))
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

  private func renamed(_ terms: PerpetualContract, _ symbol: String) -> PerpetualContract {
    PerpetualContract(
      venue: terms.venue,
      rules: InstrumentRules(
        symbol: symbol, lot: terms.rules.lot, tick: terms.rules.tick,
        minimumNotional: terms.rules.minimumNotional),
      tiers: terms.tiers, fees: terms.fees, funding: terms.funding)
  }

  /// The trader as a replay makes it.
  private func session(
    _ contracts: [PerpetualContract], _ span: BarSpan, _ configuration: TacticsConfiguration,
    _ threads: Int
  ) throws -> PortfolioSession<TacticsTrader> {
    let models = contracts.map { contract in
      SymbolModels(
        symbol: contract.symbol,
        settings: SymbolModelSettings(
          for: contract, span: span, seed: request.seed, under: configuration.settings.signals))
    }
    var account = PerpetualAccount(contracts)
    _ = try account.deposit(request.capital, at: Timestamp(millisecondsSinceEpoch: 0))
    return PortfolioSession(
      TacticsTrader(
        contracts: contracts, configuration: configuration, models: models, seed: request.seed,
        crew: .threads(threads)),
      account: account, settings: MatchSettings(slippage: request.slippage))
  }
}

/// What a suite cannot go on with.
enum BenchmarkFailure: Error {
  case wrongConstant
}
