import Essentials
import Markets
import Mathematics
import Testing

@testable import Backtesting

/// A contract of a venue's rules with a tick of 0.1 and a lot of 0.001.
func replayContract(
  _ symbol: String = "BTCUSDT", tick: String = "0.1", lot: String = "0.001",
  maker: String = "0.0002",
  taker: String = "0.0005", venue: Venue = .binance, tiers: MarginTiers = .bitcoin(.binance)
) throws -> PerpetualContract {
  PerpetualContract(
    venue: venue,
    rules: InstrumentRules(
      symbol: symbol, lot: try #require(LotSize(text: lot)), tick: TickSize(text: tick)),
    tiers: tiers,
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

/// Messages of a book of five levels a side with ticks of 0.1 every few hundred milliseconds, and trades
/// between them.
func randomBook(seed: UInt64, messages: Int) -> ContractRecording {
  var generator = SplitMix64(seed: seed)
  var tape = BookTape(.bybit)
  var trades: ContiguousArray<Trade> = []
  var shown: [[Int64]] = [[], []]
  var best: Int64 = 600_000
  var milliseconds: Int64 = 0
  for number in 1...messages {
    milliseconds += Int64.random(in: 0...400, using: &generator)
    let instant = Timestamp(millisecondsSinceEpoch: milliseconds)
    best += Int64.random(in: -60...60, using: &generator)
    var sides: [ContiguousArray<BookLevel>] = [[], []]
    for (place, sign) in [(0, -1), (1, 1)] as [(Int, Int64)] {
      let levels = (1...5 as ClosedRange<Int64>).map { best + sign * $0 }
      for ticks in shown[place] where !levels.contains(ticks) {
        sides[place].append(BookLevel(ticks: ticks, lots: 0))
      }
      for ticks in levels {
        sides[place].append(
          BookLevel(ticks: ticks, lots: Int64.random(in: 1...20, using: &generator)))
      }
      shown[place] = levels
    }
    let (bids, asks) = (sides[0], sides[1])
    tape.append(
      BookHeader(
        kind: number == 1 ? .snapshot : .delta, sequence: BookSequence(Int64(number)),
        instant: instant), bids: bids.span, asks: asks.span)
    let taker = OrderSide.allCases.randomElement(using: &generator)!
    trades.append(
      Trade(
        instant: instant + TimeSpan(milliseconds: Int64.random(in: 0...99, using: &generator)),
        price: Double(best + taker.sign * Int64.random(in: 1...3, using: &generator)) / 10,
        units: 0.003, taker: taker, id: UInt64(number)))
  }
  return ContractRecording(trades: trades, books: tape)
}

/// Sends orders of every kind at random behind each bar, trade and book, at distances in ticks from its
/// price.
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
    switch event {
    case .bar(let bar, _): wish(contract, about: bar.close)
    case .trade(let trade): wish(contract, about: trade.price)
    case .mark, .funding: break
    }
  }

  mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {
    if let ticks = book.doubledMid { wish(contract, about: Double(ticks / 2) / 10) }
  }

  mutating func observe(
    _ book: OrderBook, at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<TradeDirective>
  ) {}

  private mutating func wish(_ contract: ContractID, about last: Double) {
    guard let close = Price(last) else { return }
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
