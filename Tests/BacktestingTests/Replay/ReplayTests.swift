import Essentials
import Markets
import Mathematics
import Testing

@testable import Backtesting

@Suite("Replay of a portfolio")
struct ReplayTests {
  @Test("events of one instant come as bars, marks, funding, trades, books, and by contract")
  func order() throws {
    let account = try replayAccount([try replayContract("A"), try replayContract("B")])
    let price = try #require(Price(101.0))
    let rate = try #require(SignedRate(text: "0.0001"))
    let flat = minuteSeries([(100, 101, 99, 100), (100, 102, 98, 101)])
    let tape = try twoSided(at: minute(1))
    let recording = ContractRecording(
      bars: flat,
      trades: [Trade(instant: minute(2), price: 100, units: 1, taker: .buy)],
      marks: [
        ReferencePrice(instant: minute(1), mark: price),
        ReferencePrice(instant: minute(1) + .seconds(30), mark: price),
      ],
      funding: [
        FundingPayment(instant: minute(1) + TimeSpan(milliseconds: 16), rate: rate),
        FundingPayment(instant: minute(1) + .seconds(30), rate: rate),
      ])
    var replay = Replay(
      PortfolioSession(ScriptedTrader(), account: account, settings: MatchSettings()),
      recordings: [recording, ContractRecording(bars: flat, books: tape)])
    let isUnfinished = replay.advance()
    #expect(!isUnfinished)
    #expect(
      replay.session.trader.told == [
        "0 bar 100.0", "1 bar 100.0", "0 mark 101", "0 funding 0.0001", "1 book 999 1001",
        "decide 60", "0 mark 101", "decide 90", "0 bar 101.0", "1 bar 101.0", "0 funding 0.0001",
        "0 trade 100.0", "decide 120",
      ])
    #expect(replay.events == replay.total)
    #expect(replay.record.counts.map(\.accepted) == [7, 3])
  }

  private func twoSided(at instant: Timestamp) throws -> BookTape {
    var tape = BookTape(.bybit)
    let bids: ContiguousArray = [BookLevel(ticks: 999, lots: 5)]
    let asks: ContiguousArray = [BookLevel(ticks: 1001, lots: 5)]
    tape.append(
      BookHeader(kind: .snapshot, sequence: BookSequence(1), instant: instant), bids: bids.span,
      asks: asks.span)
    return tape
  }

  @Test("one contract replays as the session of one trader does, to the last report")
  func session() throws {
    for seed in 0..<6 as Range<UInt64> {
      var recording = try randomRecording(seed: seed, minutes: 150)
      // A point of the equity is behind the funding of its instant.
      if seed % 2 == 1 { recording.funding = [] }
      let account = try replayAccount(
        [try replayContract()], coins: seed % 3 == 0 ? "2" : "1000000")
      let settings = MatchSettings(
        mode: seed % 2 == 0 ? .cross : .isolated, leverage: try #require(Leverage(50.0)))
      let id = ContractID(place: 0)
      var plain = TradingSession(
        RandomTrader(seed: seed), account: account,
        matcher: Matcher(id, of: account, settings: settings))
      var equity: [CoinAmount] = []
      plain.replay(
        try #require(recording.bars), funding: Array(recording.funding)[...],
        observe: { equity.append($0.account.equity ?? .zero) })
      var replay = Replay(
        PortfolioSession(RandomTrader(seed: seed), account: account, settings: settings),
        recordings: [recording])
      replay.advance()
      #expect(replay.session.trader.heard == plain.trader.heard)
      #expect(plain.trader.heard.count > 100)
      if seed % 2 == 1 { #expect(replay.record.equity.map(\.equity) == equity) }
      for place in replay.session.account.coinAccounts {
        #expect(replay.session.account.balance(of: place) == plain.account.balance(of: place))
      }
      #expect(replay.record.counts == [plain.matcher.counts])
    }
  }

  @Test("a replay in slices of any length comes to what one in one go comes to")
  func slices() throws {
    var recordings = try (0..<2 as Range<UInt64>).map {
      try randomRecording(seed: 70 + $0, minutes: 120)
    }
    recordings.append(randomBook(seed: 72, messages: 100))
    let account = try replayAccount(try ["A", "B", "C"].map { try replayContract($0) })
    let session = PortfolioSession(
      RandomTrader(seed: 3), account: account, settings: MatchSettings())
    var whole = Replay(session, recordings: recordings)
    whole.advance()
    var generator = SplitMix64(seed: 4)
    for _ in 0..<4 {
      var sliced = Replay(session, recordings: recordings)
      var moment: Int64 = 0
      var isOver = false
      while !isOver {
        if Bool.random(using: &generator) {
          isOver = !sliced.advance(events: Int.random(in: 1...50, using: &generator))
        } else {
          moment = max(moment, (sliced.now?.millisecondsSinceEpoch ?? 0) / 60_000)
          moment += Int64.random(in: 0...9, using: &generator)
          isOver = !sliced.advance(through: minute(moment))
        }
        _ = sliced.record
      }
      #expect(sliced.record == whole.record)
    }
    #expect(whole.record.roundTrips.count > 10)
    #expect(whole.record.equity.count > 120)
    #expect(whole.record.roundTrips.contains { $0.contract.place == 2 })
  }

  @Test(
    "before its first instant the trader is told and not asked; behind the last nothing is read")
  func warmUp() throws {
    let recording = try randomRecording(seed: 9, minutes: 60)
    let account = try replayAccount([try replayContract()])
    var script: [Int64: [ContractDirective]] = [:]
    for place in 1...60 as ClosedRange<Int64> { script[place] = [.market(UInt64(place), 1)] }
    var replay = Replay(
      PortfolioSession(ScriptedTrader(script), account: account, settings: MatchSettings()),
      recordings: [recording], settings: ReplaySettings(from: minute(20), to: minute(40)))
    replay.advance()
    let record = replay.record
    let told = replay.session.trader.told
    #expect(told.filter { $0.hasPrefix("decide") }.count == 21)
    #expect(told.firstIndex { $0.hasPrefix("decide") } == record.warmUpEvents + 1)
    #expect(record.warmUpEvents == 19 + recording.funding.filter { $0.instant < minute(20) }.count)
    #expect(record.start == minute(20) && record.end == minute(40))
    #expect(record.counts[0].accepted == record.events)
    #expect(record.events < replay.total)
    // The order of the last decision meets no bar.
    #expect(record.roundTrips.map(\.quantity) == [Quantity(lots: 20)])
    #expect(record.equity.first?.instant == minute(20))
    replay.advance()
    #expect(replay.record == record)
  }

  @Test("an order's reports come before the event that made them, and the decision behind all")
  func reports() throws {
    let account = try replayAccount([try replayContract()])
    var replay = Replay(
      PortfolioSession(
        ScriptedTrader([1: [.market(1, 5)], 2: [.market(2, -5)]]), account: account,
        settings: MatchSettings()),
      recordings: [
        ContractRecording(
          bars: minuteSeries([(100, 101, 99, 100), (101, 103, 98, 102), (104, 105, 103, 104)]))
      ], settings: ReplaySettings(keepsOrders: true))
    replay.advance()
    #expect(
      replay.session.trader.told == [
        "0 bar 100.0", "decide 60", "0 order 1 working", "0 order 1 5 at 101", "0 bar 102.0",
        "decide 120", "0 order 2 working", "0 order 2 5 at 104", "0 bar 104.0", "decide 180",
      ])
    #expect(
      replay.ledger.orders.lines == [
        "60000 0 submit 1 buy 5 market untilCancelled", "60000 0 report 1 buy working 0 5",
        "60000 0 report 1 buy filled 5 0 101000000000 taker 25250 0",
        "120000 0 submit 2 sell 5 market untilCancelled", "120000 0 report 2 sell working 0 5",
        "120000 0 report 2 sell filled 5 0 104000000000 taker 26000 1500000",
      ])
    let trip = try #require(replay.record.roundTrips.first)
    #expect(trip.gross.description == "0.015" && trip.fees.description == "0.0005125")
    #expect(trip.bestReturn == 104.0 / 101 - 1 && trip.worstReturn == 98.0 / 101 - 1)
  }

  @Test(
    "the liquidation of a cross account takes all positions and ends the orders of all contracts")
  func crossLiquidation() throws {
    let account = try replayAccount(
      try ["A", "B"].map { try replayContract($0) }, coins: "1")
    let stop = MarketOrder.stop(
      OrderNumber(3), .sell, Quantity(lots: 100), at: try #require(Price(50.0)))
    let steady = minuteSeries(Array(repeating: (100, 100, 100, 100), count: 4))
    let crashing = minuteSeries([
      (100, 100, 100, 100), (100, 100, 100, 100), (100, 100, 80, 100), (100, 100, 100, 100),
    ])
    var replay = Replay(
      PortfolioSession(
        ScriptedTrader([1: [.market(1, 100, of: 0), .market(2, 100, of: 1), .order(stop, 1)]]),
        account: account,
        settings: MatchSettings(leverage: try #require(Leverage(100.0)))),
      recordings: [ContractRecording(bars: crashing), ContractRecording(bars: steady)])
    replay.advance()
    let record = replay.record
    #expect(record.roundTrips.map(\.end) == [.liquidation, .liquidation])
    #expect(record.roundTrips.map(\.gross.description) == ["-2", "0"])
    #expect(record.roundTrips.map(\.exitPrice) == [80, 100])
    #expect(record.counts.map(\.liquidations) == [1, 0])
    #expect(replay.session.trader.told.contains("1 order 3 liquidation"))
    #expect(replay.session.account.wallet == .zero)
    #expect(record.equity.last?.equity == .zero)
    #expect(record.equity.last?.leverage.isNaN == true)
  }
}
