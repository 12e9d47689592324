import Essentials
import Markets
import Mathematics

/// A trader that crosses two means, replayed on minutes of a random walk with a full matcher and exact
/// books: fees, slippage, margin and liquidation. What is measured begins where the bars are in
/// columns.
struct BarSuite {
  /// Holds a unit long while the mean of few closes is above that of many, else short; O(1) a bar.
  private struct CrossTrader: Trader {
    private let fast: Int
    private let slow: Int
    private let lots: Int64
    private var closes: ContiguousArray<Double>
    private var seen = 0
    private var few = 0.0
    private var many = 0.0
    private var target: Int64 = 0
    private var number: UInt64 = 0

    init(fast: Int, slow: Int, lots: Int64) {
      self.fast = fast
      self.slow = slow
      self.lots = lots
      closes = ContiguousArray(repeating: 0, count: slow)
    }

    mutating func observe(
      _ event: MarketEvent, account: PerpetualAccount,
      directives: inout ContiguousArray<TradeDirective>
    ) {
      guard case .bar(let bar, _) = event else { return }
      let place = seen % slow
      many += bar.close - closes[place]
      few += bar.close
      if seen >= fast { few -= closes[(seen - fast) % slow] }
      closes[place] = bar.close
      seen += 1
      guard seen >= slow else { return }
      let wanted = few * Double(slow) > many * Double(fast) ? lots : -lots
      guard wanted != target else { return }
      number += 1
      directives.append(
        .submit(
          MarketOrder(
            OrderNumber(number), wanted > target ? .buy : .sell,
            Quantity(lots: abs(wanted - target)))))
      target = wanted
    }
  }

  private let series: BarSeries
  private let payments: [FundingPayment]
  private let rounds = 5

  /// `[BARS]`, a million where none is named.
  init(arguments: [String]) {
    let count = arguments.first.flatMap { Int($0) } ?? 1_000_000
    var generator = SplitMix64(seed: 1)
    var series = BarSeries(.minute, capacity: count)
    var payments: [FundingPayment] = []
    var last = 600_000
    for place in 0..<count {
      let open = last
      let close = max(100_000, open + Int.random(in: -300...300, using: &generator))
      let high = max(open, close) + Int.random(in: 0...100, using: &generator)
      let low = min(open, close) - Int.random(in: 0...100, using: &generator)
      let start = Timestamp(millisecondsSinceEpoch: Int64(place) * 60_000)
      series.append(
        Bar(
          openTime: start, open: Double(open) / 10, high: Double(high) / 10, low: Double(low) / 10,
          close: Double(close) / 10, volume: 10))
      if place % 480 == 0, let rate = SignedRate(0.0001) {
        payments.append(FundingPayment(instant: start, rate: rate))
      }
      last = close
    }
    self.series = series
    self.payments = payments
  }

  func run() throws {
    var best = Double.infinity
    var trades: UInt64 = 0
    var equity = CoinAmount.zero
    for _ in 0..<rounds {
      guard let lot = LotSize(text: "0.001"), let tick = TickSize(text: "0.1"),
        let deposit = CoinAmount(text: "1000000000"), let slippage = Rate(basisPoints: 1)
      else { preconditionFailure("the constants of the suite are amounts") }
      var account = PerpetualAccount([
        PerpetualContract(
          venue: .binance, rules: InstrumentRules(symbol: "BTCUSDT", lot: lot, tick: tick),
          tiers: .bitcoin(.binance), fees: .standard(.binance),
          funding: FundingTerms(interval: .hours(8)))
      ])
      _ = try account.deposit(deposit, at: Timestamp(millisecondsSinceEpoch: 0))
      guard let id = account.contract("BTCUSDT") else {
        preconditionFailure("the account was made with the contract")
      }
      var session = TradingSession(
        CrossTrader(fast: 20, slow: 100, lots: 1000), account: account,
        matcher: Matcher(id, of: account, settings: MatchSettings(slippage: slippage)))
      var fills: UInt64 = 0
      let seconds = Benchmark.seconds {
        session.replay(series, funding: payments[...]) { session in
          for report in session.matcher.reports where report.price != nil { fills += 1 }
        }
      }
      best = min(best, seconds)
      trades = fills
      equity = session.account.equity ?? .zero
    }
    Benchmark.answer([
      ("bars", "\(series.count)"), ("fills", "\(trades)"), ("equity", "\(equity)"),
      ("bars_per_second", "\(Double(series.count) / best)"),
    ])
  }
}
