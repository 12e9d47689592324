import Essentials
import Mathematics
import Testing

@testable import Markets

/// Bars of a random walk, in whole ticks, with the payments of funding between them.
private struct Walk {
  var bars: [(open: Int64, high: Int64, low: Int64, close: Int64)] = []
  var funding: [FundingPayment] = []

  init(seed: UInt64, count: Int, from start: Int64 = 600_000) throws {
    var generator = SplitMix64(seed: seed)
    var last = start
    for place in 0..<count {
      let open = last + Int64.random(in: -20...20, using: &generator)
      let close = open + Int64.random(in: -300...300, using: &generator)
      let high = max(open, close) + Int64.random(in: 0...150, using: &generator)
      let low = min(open, close) - Int64.random(in: 0...150, using: &generator)
      bars.append((open, high, low, close))
      last = close
      if place % 8 == 3 {
        let rate = Int64.random(in: -50_000...50_000, using: &generator)
        funding.append(
          FundingPayment(
            instant: Timestamp(millisecondsSinceEpoch: Int64(place) * 60_000),
            rate: try #require(SignedRate(hundredMillionths: rate))))
      }
    }
  }

  /// The bars with prices of ticks that are so many tenths; turned over about a level of ticks.
  func series(tenths: Int64 = 1, mirroredAt level: Int64? = nil) -> BarSeries {
    var series = BarSeries(.minute, capacity: bars.count)
    for (place, bar) in bars.enumerated() {
      func price(_ ticks: Int64) -> Double {
        Double((level.map { 2 * $0 - ticks } ?? ticks) * tenths) / 10
      }
      series.append(
        Bar(
          openTime: Timestamp(millisecondsSinceEpoch: Int64(place) * 60_000),
          open: price(bar.open), high: price(level == nil ? bar.high : bar.low),
          low: price(level == nil ? bar.low : bar.high), close: price(bar.close),
          volume: 0.02 * Double(1 + place % 5)))
    }
    return series
  }
}

/// Holds so many lots, long while the mean of few closes is above that of many, else short.
private struct CrossTrader: Trader {
  let fast: Int
  let slow: Int
  let lots: Int64
  var closes: [Double] = []
  var number: UInt64 = 0

  mutating func observe(
    _ event: MarketEvent, account: PerpetualAccount,
    directives: inout ContiguousArray<TradeDirective>
  ) {
    guard case .bar(let bar, _) = event else { return }
    closes.append(bar.close)
    guard closes.count >= slow else { return }
    let few = closes.suffix(fast).reduce(0, +) / Double(fast)
    let many = closes.suffix(slow).reduce(0, +) / Double(slow)
    let target = few > many ? lots : -lots
    let held = account.position(of: ContractID(place: 0))?.quantity.lots ?? 0
    guard target != held else { return }
    number += 1
    directives.append(
      .submit(
        MarketOrder(
          OrderNumber(number), target > held ? .buy : .sell,
          Quantity(lots: abs(target - held)))))
  }
}

/// Sends orders of every kind at random, at distances in ticks from the close; turned over about a
/// level it sends the opposite ones.
private struct RandomTrader: Trader {
  var generator: SplitMix64
  /// Billionths in a tick.
  var tick: Int64
  /// Ticks; nil for a trader that is not turned over.
  var level: Int64?
  var number: UInt64 = 0
  var sent: [OrderNumber: MarketOrder] = [:]

  mutating func observe(
    _ event: MarketEvent, account: PerpetualAccount,
    directives: inout ContiguousArray<TradeDirective>
  ) {
    guard case .bar(let bar, _) = event, let close = Price(bar.close) else { return }
    if Int.random(in: 0..<10, using: &generator) == 0 { directives.append(.cancelAll) }
    guard Bool.random(using: &generator) else { return }
    let sign: Int64 = level == nil ? 1 : -1
    func price(_ distance: Int64) -> Price? {
      Price(nanos: close.nanos + sign * distance * tick)
    }
    let isUp = Bool.random(using: &generator) == (level == nil)
    let kind = Int.random(in: 0..<5, using: &generator)
    let distance = Int64.random(in: -300...300, using: &generator)
    let lots = Int64.random(in: 1...9, using: &generator)
    let validity = OrderValidity.allCases.randomElement(using: &generator)!
    let reduces = Bool.random(using: &generator)
    number += 1
    let isRising = (distance > 0) == (level == nil)
    let order = MarketOrder(
      OrderNumber(number), isUp ? .buy : .sell, Quantity(lots: lots),
      limit: kind >= 3 ? price(distance) : nil,
      validity: kind >= 3 ? validity : .untilCancelled,
      trigger: kind == 1 || kind == 2
        ? price(distance).map {
          OrderTrigger(kind == 1 ? .last : .mark, at: $0, isRising: isRising)
        } : nil,
      reducesOnly: reduces)
    sent[order.number] = order
    directives.append(.submit(order))
  }
}

private func session<Player: Trader>(
  _ trader: Player, _ settings: MatchSettings = MatchSettings(), tick: String = "0.1",
  deposit: String = "1000000", maker: String = "0.0002", taker: String = "0.0005"
) throws -> TradingSession<Player> {
  let contract = PerpetualContract(
    venue: .binance,
    rules: InstrumentRules(
      symbol: "BTCUSDT", lot: try #require(LotSize(text: "0.001")),
      tick: TickSize(text: tick)),
    tiers: try recordedTiers(),
    fees: FeeSchedule(
      maker: try #require(SignedRate(text: maker)), taker: try #require(SignedRate(text: taker))),
    funding: FundingTerms(interval: .hours(8)))
  var account = PerpetualAccount([contract])
  _ = try account.deposit(
    try #require(CoinAmount(text: deposit)), at: Timestamp(millisecondsSinceEpoch: 0))
  let id = try #require(account.contract("BTCUSDT"))
  return TradingSession(
    trader, account: account, matcher: Matcher(id, of: account, settings: settings))
}

@Suite("Replay of a trader")
struct TradingSessionTests {
  @Test("a cross of means is what a plain loop over the bars makes of it, to the atom")
  func naive() throws {
    let walk = try Walk(seed: 5, count: 400)
    var replay = try session(
      CrossTrader(fast: 3, slow: 9, lots: 4),
      MatchSettings(slippage: try #require(Rate(millionths: 37))))
    var fills: [String] = []
    var equities: [Int64] = []
    replay.replay(walk.series(), funding: walk.funding[...]) { session in
      for report in session.matcher.reports {
        if let price = report.price { fills.append("\(report.side) \(report.filled) \(price)") }
      }
      equities.append(session.account.equity?.atoms ?? 0)
    }

    // The same in whole numbers: a tick times a lot is ten thousand atoms.
    func halfAway(_ dividend: Int64, _ divisor: Int64) -> Int64 {
      let half = dividend < 0 ? -divisor / 2 : divisor / 2
      return (dividend + half) / divisor
    }
    var (cash, held, entry) = (Int64(100_000_000_000_000), Int64(0), Int64(0))
    var wanted: Int64?
    var naiveFills: [String] = []
    var naiveEquities: [Int64] = []
    var closes: [Double] = []
    var payments = walk.funding[...]
    for (place, bar) in walk.bars.enumerated() {
      while let payment = payments.first,
        payment.instant.millisecondsSinceEpoch <= Int64(place) * 60_000
      {
        payments = payments.dropFirst()
        guard held != 0 else { continue }
        let worth = -held * walk.bars[place - 1].close * 10_000
        cash += halfAway(worth / 10_000 * payment.rate.hundredMillionths, 10_000)
      }
      if let target = wanted {
        let side: OrderSide = target > held ? .buy : .sell
        // In millionths of a tick, then to the tick behind it.
        let slipped = bar.open * (1_000_000 + (side == .buy ? 37 : -37))
        let ticks = side == .buy ? (slipped + 999_999) / 1_000_000 : slipped / 1_000_000
        for lots in [abs(held), abs(target)] where lots > 0 {
          naiveFills.append("\(side) \(lots) \(try #require(Price(Double(ticks) / 10)))")
          cash -= halfAway(ticks * lots * 50_000, 10_000)
        }
        cash += held * (ticks - entry) * 10_000
        (held, entry, wanted) = (target, ticks, nil)
      }
      naiveEquities.append(cash + held * (bar.close - entry) * 10_000)
      closes.append(Double(bar.close) / 10)
      guard closes.count >= 9 else { continue }
      let few = closes.suffix(3).reduce(0, +) / 3
      let many = closes.suffix(9).reduce(0, +) / 9
      let target: Int64 = few > many ? 4 : -4
      if target != held { wanted = target }
    }
    #expect(naiveFills.count > 50)
    #expect(fills == naiveFills)
    #expect(equities == naiveEquities)
    #expect(replay.account.funding(of: replay.matcher.id) != .zero)
  }

  @Test("after every bar the books add up and equity is what went in and what was made of it")
  func books() throws {
    var liquidations = 0
    for seed in 0..<12 as Range<UInt64> {
      let walk = try Walk(seed: seed, count: 200, from: seed % 3 == 0 ? 60_000 : 600_000)
      // The poorer accounts are liquidated at times.
      var replay = try session(
        RandomTrader(generator: SplitMix64(seed: seed), tick: 100_000_000),
        MatchSettings(
          mode: seed % 2 == 0 ? .cross : .isolated, leverage: try #require(Leverage(100.0)),
          participation: Rate(basisPoints: 1000)),
        deposit: seed % 3 == 0 ? "1" : "1000000")
      var accounts: [PerpetualAccount] = []
      var reports: [ContiguousArray<OrderReport>] = []
      replay.replay(walk.series(), funding: walk.funding[...]) {
        accounts.append($0.account)
        reports.append($0.matcher.reports)
      }
      let id = replay.matcher.id
      var traded: Int64 = 0
      var filled: [OrderNumber: Int64] = [:]
      for (account, told) in zip(accounts, reports) {
        #expect(account.coinAccounts.map { account.balance(of: $0).atoms }.reduce(0, +) == 0)
        let position = account.position(of: id)
        let unrealized = try position.map {
          let mark = try #require(account.mark(of: id))
          return try #require($0.unrealized(at: mark, lot: replay.matcher.contract.rules.lot))
        }
        let made = account.realized(of: id) + (unrealized ?? .zero) - account.fees(of: id)
        let given = account.funding(of: id) - account.balance(of: .deposits)
        #expect(account.equity == made + given - account.balance(of: .insurance))
        for report in told {
          guard let price = report.price else { continue }
          let order = try #require(replay.trader.sent[report.number])
          traded += report.side.sign * report.filled.lots
          let sum = filled[report.number, default: 0] + report.filled.lots
          filled[report.number] = sum
          if let limit = order.limit {
            #expect(report.side == .buy ? price <= limit : price >= limit)
          }
          #expect(report.side == order.side && sum <= order.quantity.lots)
          #expect(sum + report.rest.lots == order.quantity.lots)
        }
        if replay.matcher.counts.liquidations == 0 {
          #expect(position?.quantity.lots ?? 0 == traded)
        }
      }
      #expect(!filled.isEmpty)
      #expect(replay.matcher.counts.refusedEntries == 0)
      liquidations += replay.matcher.counts.liquidations
    }
    #expect(liquidations > 0)
  }

  /// What a random trader's orders came to: number, side, state, lots, and price in ticks.
  private func story(
    seed: UInt64, tenths: Int64 = 1, mirroredAt level: Int64? = nil
  ) throws -> [[Int64]] {
    let walk = try Walk(seed: seed, count: 250)
    var trader = RandomTrader(generator: SplitMix64(seed: seed), tick: 100_000_000 * tenths)
    trader.level = level
    let tick = try #require(TickSize(nanos: 100_000_000 * tenths))
    var replay = try session(
      trader, MatchSettings(participation: Rate(basisPoints: 1000)),
      tick: tick.description, deposit: "1000000000", maker: "0", taker: "0")
    var told: [[Int64]] = []
    replay.replay(walk.series(tenths: tenths, mirroredAt: level)) { session in
      for report in session.matcher.reports {
        let ticks = report.price.flatMap { tick.ticks(of: $0) } ?? -1
        told.append([
          Int64(report.number.value), report.side.sign, Int64(report.state.rawValue),
          report.filled.lots, report.rest.lots, ticks,
        ])
      }
    }
    return told
  }

  @Test("long and short mirror each other: prices turned over turn every fill over")
  func mirror() throws {
    for seed in 20..<26 as Range<UInt64> {
      let plain = try story(seed: seed)
      let level: Int64 = 600_000
      let turned = try story(seed: seed, mirroredAt: level).map { row in
        [row[0], -row[1], row[2], row[3], row[4], row[5] < 0 ? -1 : 2 * level - row[5]]
      }
      #expect(plain == turned)
      #expect(plain.count > 100)
    }
  }

  @Test(
    "prices a thousand times as high, with their tick, change no decision; nothing is by chance")
  func scale() throws {
    for seed in 40..<44 as Range<UInt64> {
      let plain = try story(seed: seed)
      #expect(plain == (try story(seed: seed)))
      #expect(plain == (try story(seed: seed, tenths: 1000)))
    }
  }

  @Test("a trader is told of no bar that was refused")
  func refused() throws {
    var replay = try session(CrossTrader(fast: 1, slow: 2, lots: 1))
    let bar = Bar(
      openTime: Timestamp(millisecondsSinceEpoch: 0), open: 1, high: 1, low: 1, close: 1, volume: 1)
    var negative = bar
    negative.low = -1
    let accepted = [negative, bar, bar].map { replay.receive(.bar($0, span: .minute)) }
    #expect(accepted == [false, true, false])
    #expect(replay.trader.closes == [1])
  }
}
