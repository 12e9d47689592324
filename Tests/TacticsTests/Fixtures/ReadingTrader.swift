import Essentials
import Markets
import Mathematics
import Models
import Tactics

/// A trader whose models are a function of the closes that it was told.
struct ReadingTrader: PortfolioTrader {
  var desk: PortfolioDesk
  /// What is read of a contract at an instant and a close.
  var read: @Sendable (ContractID, Timestamp, Double) -> MarketReading?
  private var closes: [Double?]
  private(set) var records: [DecisionRecord] = []

  /// The records of what was done or refused.
  var deeds: [DecisionRecord] { records.filter { $0.kind != .waiting } }

  init(
    _ contracts: [PerpetualContract], _ configuration: TacticsConfiguration, seed: UInt64 = 7,
    read: @escaping @Sendable (ContractID, Timestamp, Double) -> MarketReading?
  ) {
    desk = PortfolioDesk(contracts, configuration: configuration, seed: seed)
    self.read = read
    closes = Array(repeating: nil, count: contracts.count)
  }

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    switch event {
    case .bar(let bar, _): closes[contract.place] = bar.close
    case .funding(let payment): desk.observe(payment, of: contract)
    case .trade, .mark: break
    }
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {
    desk.hear(report, of: contract)
  }

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    let readings = closes.indices.map { place in
      closes[place].flatMap { read(ContractID(place: place), instant, $0) }
    }
    closes = closes.map { _ in nil }
    desk.decide(at: instant, readings: readings, account: account, directives: &directives)
    records += desk.takeRecords()
  }
}

/// Readings and contracts made by hand.
enum HandMade {
  /// A contract of a hundredth of a tick and a thousandth of a lot, both times a scale of prices.
  static func contract(_ symbol: String, scale: Double = 1) -> PerpetualContract {
    guard let tick = TickSize(0.01 * scale), let lot = LotSize(0.001 / scale),
      let least = CoinAmount(5.0)
    else { preconditionFailure("a scale of \(scale)") }
    return PerpetualContract(
      venue: .bybit,
      rules: InstrumentRules(symbol: symbol, lot: lot, tick: tick, minimumNotional: least),
      tiers: .bitcoin(.bybit), fees: .standard(.bybit),
      funding: FundingTerms(interval: .hours(8)))
  }

  /// A reading of a drift and a volatility, with a direction model that agrees.
  static func reading(
    _ symbol: String, at instant: Timestamp, price: Double, drift: Double,
    volatility: Double = 0.8
  ) -> MarketReading? {
    guard var signals = ModelSignals(horizonSeconds: 3600, annualVolatility: volatility) else {
      return nil
    }
    signals.causal = drift
    var settings = BeliefSettings()
    settings.cap = nil
    settings.weights.causal = 1
    var reading = MarketReading(
      instant: instant, symbol: symbol, price: price, belief: Belief(signals, settings),
      signals: signals)
    reading.direction = DirectionForecast(
      chanceLong: 0.5 + 0.2 * (drift > 0 ? 1 : drift < 0 ? -1 : 0), speaker: .global)
    reading.toxicity = 0.3
    return reading
  }

  /// An account with so many coins.
  static func account(_ contracts: [PerpetualContract], coins: Double = 10_000) throws
    -> PerpetualAccount
  {
    var account = PerpetualAccount(contracts)
    guard let amount = CoinAmount(coins) else { preconditionFailure("\(coins) coins") }
    _ = try account.deposit(amount, at: .seconds(0))
    return account
  }

  /// The shipped settings without a warm-up and by closed forms, and what else a document says.
  static func configuration(_ text: String = "{}") throws -> TacticsConfiguration {
    try TacticsConfiguration([
      SettingDocument(
        .operatorFile, named: "test",
        text: """
          trading: {warm_up: 0s, joint: {paths: 1024, days: 0.005}}
          outlook: {law.kind: gaussian, horizons.count: 2}
          """),
      SettingDocument(.commandLine, named: "more", text: text),
    ])
  }

  /// The bars of a random walk with a drift, in ticks of a hundredth; the same chance for every
  /// symbol of a seed.
  static func bars(
    seed: UInt64, count: Int, from start: Double = 100, drift: Double, volatility: Double = 0.8,
    scale: Double = 1
  ) -> [Bar] {
    var generator = SplitMix64(seed: seed)
    var price = start
    func onTick(_ price: Double) -> Double { (price * 100).rounded() / 100 }
    let deviation = volatility * (60 / 31_536_000.0).squareRoot()
    return (0..<count).map { place in
      let open = onTick(price)
      // A sum of twelve uniform variates is nearly normal.
      let sum = (0..<12).reduce(0.0) { total, _ in
        total + Double.random(in: 0..<1, using: &generator)
      }
      price *= Elementary.exp(
        drift * 60 / 31_536_000 - deviation * deviation / 2 + deviation * (sum - 6))
      let close = onTick(price)
      let high = onTick(max(open, close) * (1 + 0.3 * deviation))
      let low = onTick(min(open, close) * (1 - 0.3 * deviation))
      return Bar(
        openTime: .seconds(Int64(place) * 60), open: open * scale, high: high * scale,
        low: low * scale, close: close * scale, volume: 1000 / scale)
    }
  }
}

extension PortfolioSession where Player == ReadingTrader {
  /// Tells bars of all contracts minute by minute, and what was sent and heard to a witness.
  mutating func play(
    _ bars: [[Bar]],
    watching: (PortfolioSession, Timestamp) -> Void = { _, _ in }
  ) {
    for place in 0..<(bars.map(\.count).max() ?? 0) {
      var now = Timestamp.seconds(0)
      for contract in bars.indices where place < bars[contract].count {
        let bar = bars[contract][place]
        receive(.bar(bar, span: .minute), of: ContractID(place: contract))
        now = BarSpan.minute.end(from: bar.openTime)
      }
      decide(at: now)
      watching(self, now)
    }
  }
}
