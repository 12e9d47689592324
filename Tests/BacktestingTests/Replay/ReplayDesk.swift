import Essentials
import Markets
import Mathematics
import Testing

@testable import Backtesting

/// A contract of a venue's rules with a tick of 0.1 and a lot of 0.001.
func replayContract(
  _ symbol: String = "BTCUSDT", tick: String = "0.1", lot: String = "0.001",
  maker: String = "0.0002",
  taker: String = "0.0005"
) throws -> PerpetualContract {
  PerpetualContract(
    venue: .binance,
    rules: InstrumentRules(
      symbol: symbol, lot: try #require(LotSize(text: lot)), tick: TickSize(text: tick)),
    tiers: .bitcoin(.binance),
    fees: FeeSchedule(
      maker: try #require(SignedRate(text: maker)), taker: try #require(SignedRate(text: taker))),
    funding: FundingTerms(interval: .hours(8)))
}

/// An account with coins that may trade contracts.
func replayAccount(
  _ contracts: [PerpetualContract], coins: String = "1000000"
) throws -> PerpetualAccount {
  var account = PerpetualAccount(contracts)
  _ = try account.deposit(try #require(CoinAmount(text: coins)), at: minute(0))
  return account
}

func minute(_ count: Int64) -> Timestamp { Timestamp(millisecondsSinceEpoch: count * 60_000) }

func minuteBar(
  _ place: Int64, _ open: Double, _ high: Double, _ low: Double, _ close: Double
) -> Bar {
  Bar(openTime: minute(place), open: open, high: high, low: low, close: close, volume: 1)
}

/// A series of minutes, one behind the other from minute zero, each of an open, high, low and close.
func minuteSeries(_ bars: [(Double, Double, Double, Double)]) -> BarSeries {
  var series = BarSeries(.minute)
  for (place, bar) in bars.enumerated() {
    series.append(minuteBar(Int64(place), bar.0, bar.1, bar.2, bar.3))
  }
  return series
}

/// Minutes of a random walk in whole ticks of 0.1, with payments of funding between them.
func randomRecording(
  seed: UInt64, minutes: Int, from start: Int64 = 600_000, step: Int64 = 300
) throws -> ContractRecording {
  var generator = SplitMix64(seed: seed)
  var series = BarSeries(.minute)
  var funding: ContiguousArray<FundingPayment> = []
  var last = start
  for place in 0..<minutes {
    let open = last + Int64.random(in: -20...20, using: &generator)
    let close = open + Int64.random(in: -step...step, using: &generator)
    let high = max(open, close) + Int64.random(in: 0...step / 2, using: &generator)
    let low = min(open, close) - Int64.random(in: 0...step / 2, using: &generator)
    series.append(
      minuteBar(
        Int64(place), Double(open) / 10, Double(high) / 10, Double(low) / 10, Double(close) / 10))
    last = close
    if place % 8 == 3 {
      let rate = Int64.random(in: -50_000...50_000, using: &generator)
      funding.append(
        FundingPayment(
          instant: minute(Int64(place)) + TimeSpan(milliseconds: Int64(place % 3)),
          rate: try #require(SignedRate(hundredMillionths: rate))))
    }
  }
  return ContractRecording(bars: series, funding: funding)
}

/// Sends orders of every kind at random behind each bar, at distances in ticks from its close.
struct RandomTrader: Trader, PortfolioTrader {
  var generator: SplitMix64
  var number: UInt64 = 0
  private(set) var heard: [OrderReport] = []
  private var wishes: ContiguousArray<ContractDirective> = []

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  mutating func observe(
    _ event: MarketEvent, account: PerpetualAccount,
    directives: inout ContiguousArray<TradeDirective>
  ) {
    observe(event, of: ContractID(place: 0), account: account)
    directives.append(contentsOf: wishes.map(\.directive))
    wishes.removeAll()
  }

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    guard case .bar(let bar, _) = event, let close = Price(bar.close) else { return }
    if Int.random(in: 0..<10, using: &generator) == 0 {
      wishes.append(ContractDirective(contract, .cancelAll))
    }
    guard Bool.random(using: &generator) else { return }
    let kind = Int.random(in: 0..<5, using: &generator)
    let distance = Int64.random(in: -300...300, using: &generator)
    let price = Price(nanos: close.nanos + distance * 100_000_000)
    number += 1
    let order = MarketOrder(
      OrderNumber(number), Bool.random(using: &generator) ? .buy : .sell,
      Quantity(lots: Int64.random(in: 1...9, using: &generator)),
      limit: kind >= 3 ? price : nil,
      validity: kind >= 3
        ? OrderValidity.allCases.randomElement(using: &generator)! : .untilCancelled,
      trigger: kind == 1 || kind == 2
        ? price.map { OrderTrigger(kind == 1 ? .last : .mark, at: $0, isRising: distance > 0) }
        : nil,
      reducesOnly: Bool.random(using: &generator))
    wishes.append(ContractDirective(contract, .submit(order)))
  }

  mutating func hear(_ report: OrderReport) { heard.append(report) }
  mutating func hear(_ report: OrderReport, of contract: ContractID) { heard.append(report) }

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    directives.append(contentsOf: wishes)
    wishes.removeAll()
  }
}

/// Follows a script: what it wants at which minute. It writes down all that it is told.
struct ScriptedTrader: PortfolioTrader {
  var script: [Int64: [ContractDirective]]
  var told: [String] = []

  init(_ script: [Int64: [ContractDirective]] = [:]) {
    self.script = script
  }

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    let kind =
      switch event {
      case .bar(let bar, _): "bar \(bar.close)"
      case .trade(let trade): "trade \(trade.price)"
      case .mark(let reference): "mark \(reference.mark)"
      case .funding(let payment): "funding \(payment.rate)"
      }
    told.append("\(contract.place) \(kind)")
  }

  mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {
    told.append("\(contract.place) book \(book.bestBid?.ticks ?? 0) \(book.bestAsk?.ticks ?? 0)")
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {
    let what =
      report.price.map { "\(report.filled) at \($0)" } ?? report.end?.rawValue
      ?? "\(report.state)"
    told.append("\(contract.place) order \(report.number.value) \(what)")
  }

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    told.append("decide \(instant.millisecondsSinceEpoch / 1000)")
    directives.append(
      contentsOf: script[instant.millisecondsSinceEpoch / 60_000] ?? [])
  }
}

extension ContractDirective {
  /// A market order for so many lots of the contract at a place, below zero to sell.
  static func market(_ number: UInt64, _ lots: Int64, of place: Int = 0) -> ContractDirective {
    order(
      MarketOrder(OrderNumber(number), lots > 0 ? .buy : .sell, Quantity(lots: abs(lots))), place)
  }

  static func order(_ order: MarketOrder, _ place: Int = 0) -> ContractDirective {
    ContractDirective(ContractID(place: place), .submit(order))
  }
}
