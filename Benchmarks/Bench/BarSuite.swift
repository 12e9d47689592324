import Backtesting
import Essentials
import Markets
import Services
import Storage
import Tactics

/// A trader that crosses two means of closes, replayed on recorded minutes of perpetual contracts with
/// full matchers and exact books: market orders that fill at the next open, fees, slippage, funding,
/// margin and liquidation. What is measured begins where the bars are in columns.
///
/// Three ways: a session that is told one contract's bars in a loop, the timeline of one contract, and
/// the timeline of all contracts on one account.
struct BarSuite {
  private let markets: [RecordedMarket]
  private let rounds = 5
  private let fast = 20
  private let slow = 100

  /// `FOLDER`: as `athanor replay` reads it.
  init(arguments: [String]) throws {
    var request = ReplayRequest(paths: arguments, configuration: TacticsConfiguration())
    request.venue = .binance
    request.warmUp = .zero
    markets = try ReplayMaterial(for: request).markets
  }

  func run() throws {
    let bars = markets.reduce(0) { $0 + $1.series.count }
    var figures: [(String, String)] = [("symbols", "\(markets.count)"), ("bars", "\(bars)")]
    for (name, way) in [
      ("session", sessions), ("timeline", timelines), ("portfolio", portfolio),
    ] {
      var times: [Double] = []
      var outcome = Outcome()
      for _ in 0..<rounds {
        let (seconds, result) = try way()
        times.append(seconds)
        outcome = result
      }
      figures += [
        ("\(name)_bars_per_second", "\(Double(bars) / Benchmark.median(times))"),
        ("\(name)_fills", "\(outcome.fills)"), ("\(name)_result", "\(outcome.result)"),
        ("\(name)_fees", "\(outcome.fees)"), ("\(name)_funding", "\(outcome.funding)"),
      ]
    }
    if let counter = AllocationCounter() {
      let (allocations, events) = try allocations(counter)
      figures += [("allocations", "\(allocations)"), ("allocation_events", "\(events)")]
    }
    Benchmark.answer(figures)
  }

  /// What the timeline of each contract asks of memory behind its first bars, and over how many events.
  private func allocations(_ counter: AllocationCounter) throws -> (allocations: Int, events: Int) {
    var sum = (allocations: 0, events: 0)
    for market in markets {
      var replay = try replay([market])
      _ = replay.advance(events: Self.eventsBefore)
      sum.allocations += counter.allocations { _ = replay.advance() }
      sum.events += replay.events - Self.eventsBefore
    }
    return sum
  }

  /// Events in which buffers grow to their sizes.
  private static let eventsBefore = 4096

  /// What trading came to.
  private struct Outcome {
    var fills = 0
    var result = 0.0
    var fees = 0.0
    var funding = 0.0

    mutating func add(_ account: PerpetualAccount, fills count: Int) {
      fills += count
      result += (account.equity?.value ?? .nan) - Self.deposit.value
      for place in account.contracts.indices {
        fees += account.fees(of: ContractID(place: place)).value
        funding += account.funding(of: ContractID(place: place)).value
      }
    }

    static let deposit = CoinAmount(atoms: 1_000_000_000 * 100_000_000)
  }

  private func account(_ contracts: [PerpetualContract]) throws -> PerpetualAccount {
    var account = PerpetualAccount(contracts)
    _ = try account.deposit(Outcome.deposit, at: Timestamp(millisecondsSinceEpoch: 0))
    return account
  }

  private var settings: MatchSettings {
    guard let slippage = Rate(basisPoints: 1) else {
      preconditionFailure("a basis point is a rate")
    }
    return MatchSettings(slippage: slippage)
  }

  /// As many whole coins as cost 1,000 at first, at least one.
  private func quantity(_ market: RecordedMarket) -> Quantity {
    let coins = max(1, (1000 / market.series.close[0]).rounded(.down))
    guard let quantity = market.contract.rules.lot.lots(in: coins) else {
      preconditionFailure("\(coins) coins of \(market.symbol) are no number of lots")
    }
    return quantity
  }

  private func sessions() throws -> (Double, Outcome) {
    var outcome = Outcome()
    var seconds = 0.0
    for market in markets {
      let account = try account([market.contract])
      var session = TradingSession(
        SingleCross(MeanCross(fast: fast, slow: slow, quantity: quantity(market))),
        account: account,
        matcher: Matcher(ContractID(place: 0), of: account, settings: settings))
      var fills = 0
      seconds += Benchmark.seconds {
        session.replay(market.series, funding: market.payments[...]) { session in
          for report in session.matcher.reports where report.price != nil { fills += 1 }
        }
      }
      outcome.add(session.account, fills: fills)
    }
    return (seconds, outcome)
  }

  private func timelines() throws -> (Double, Outcome) {
    var outcome = Outcome()
    var seconds = 0.0
    for market in markets {
      var replay = try replay([market])
      seconds += Benchmark.seconds { _ = replay.advance() }
      outcome.add(replay.session.account, fills: replay.session.trader.fills)
    }
    return (seconds, outcome)
  }

  private func portfolio() throws -> (Double, Outcome) {
    var outcome = Outcome()
    var replay = try replay(markets)
    let seconds = Benchmark.seconds { _ = replay.advance() }
    outcome.add(replay.session.account, fills: replay.session.trader.fills)
    return (seconds, outcome)
  }

  private func replay(_ markets: [RecordedMarket]) throws -> Replay<ManyCrosses> {
    let session = PortfolioSession(
      ManyCrosses(
        crosses: ContiguousArray(
          markets.map { MeanCross(fast: fast, slow: slow, quantity: quantity($0)) })),
      account: try account(markets.map(\.contract)), settings: settings)
    return Replay(
      session,
      recordings: markets.map {
        ContractRecording(bars: $0.series, funding: ContiguousArray($0.payments))
      })
  }
}

/// Holds a quantity long while the mean of few closes is above that of many, else short; O(1) a bar.
private struct MeanCross {
  private let fast: Int
  private let slow: Int
  private let quantity: Quantity
  private var closes: ContiguousArray<Double>
  private var seen = 0
  private var few = 0.0
  private var many = 0.0
  private var target = Quantity(lots: 0)
  private var number: UInt64 = 0

  init(fast: Int, slow: Int, quantity: Quantity) {
    self.fast = fast
    self.slow = slow
    self.quantity = quantity
    closes = ContiguousArray(repeating: 0, count: slow)
  }

  /// Takes a close and says what to order.
  mutating func order(_ close: Double) -> MarketOrder? {
    let place = seen % slow
    many += close - closes[place]
    few += close
    if seen >= fast { few -= closes[(seen - fast) % slow] }
    closes[place] = close
    seen += 1
    guard seen >= slow else { return nil }
    let wanted = few * Double(slow) > many * Double(fast) ? quantity : -quantity
    guard wanted != target else { return nil }
    let change = wanted.lots - target.lots
    target = wanted
    number += 1
    return MarketOrder(
      OrderNumber(number), change > 0 ? .buy : .sell, Quantity(lots: abs(change)))
  }
}

private struct SingleCross: Trader {
  private var cross: MeanCross

  init(_ cross: MeanCross) { self.cross = cross }

  mutating func observe(
    _ event: MarketEvent, account: PerpetualAccount,
    directives: inout ContiguousArray<TradeDirective>
  ) {
    guard case .bar(let bar, _) = event, let order = cross.order(bar.close) else { return }
    directives.append(.submit(order))
  }
}

private struct ManyCrosses: PortfolioTrader {
  var crosses: ContiguousArray<MeanCross>
  var fills = 0
  private var waiting: ContiguousArray<ContractDirective> = []

  init(crosses: ContiguousArray<MeanCross>) { self.crosses = crosses }

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    guard case .bar(let bar, _) = event, let order = crosses[contract.place].order(bar.close)
    else { return }
    waiting.append(ContractDirective(contract, .submit(order)))
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {
    if report.price != nil { fills += 1 }
  }

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    guard !waiting.isEmpty else { return }
    directives.append(contentsOf: waiting)
    waiting.removeAll(keepingCapacity: true)
  }
}
