import Essentials
import Markets
import Mathematics
import Testing

@testable import Backtesting

@Suite("Round trips")
struct RoundTripBookTests {
  @Test("round trips add up to what the books have of every contract, to the hundred-millionth")
  func law() throws {
    var ends: [RoundTrip.End: Int] = [:]
    for seed in 0..<16 as Range<UInt64> {
      let recordings = try (0..<2 as Range<UInt64>).map {
        try randomRecording(seed: 100 * seed + $0, minutes: 150, step: 3000)
      }
      let account = try replayAccount(
        try ["A", "B"].map { try replayContract($0) }, coins: seed % 4 == 0 ? "5" : "1000000")
      var replay = Replay(
        PortfolioSession(
          RandomTrader(seed: seed), account: account,
          settings: MatchSettings(
            mode: seed % 2 == 0 ? .cross : .isolated, leverage: try #require(Leverage(100.0)))),
        recordings: recordings)
      while replay.advance(events: 40) { try expectAgreement(replay) }
      try expectAgreement(replay)
      for trip in replay.record.roundTrips { ends[trip.end, default: 0] += 1 }
    }
    #expect(RoundTrip.End.allCases.allSatisfy { ends[$0, default: 0] > 3 })
  }

  @Test("the same holds for books and trades")
  func books() throws {
    var trips = 0
    for seed in 0..<4 as Range<UInt64> {
      let account = try replayAccount(
        try ["A", "B"].map { try replayContract($0) }, coins: seed == 0 ? "5" : "1000000")
      var replay = Replay(
        PortfolioSession(
          RandomTrader(seed: seed), account: account,
          settings: MatchSettings(
            leverage: try #require(Leverage(100.0)), orderDelay: .constant(.seconds(1)))),
        recordings: [
          randomBook(seed: 2 * seed, messages: 120), randomBook(seed: 2 * seed + 1, messages: 120),
        ])
      while replay.advance(events: 60) { try expectAgreement(replay) }
      try expectAgreement(replay)
      trips += replay.record.roundTrips.count
      #expect(replay.record.books.allSatisfy { $0.applied == 120 })
    }
    #expect(trips > 20)
  }

  @Test(
    "the same holds where the venue reduces positions tier by tier", arguments: MarginMode.allCases)
  func tiers(_ mode: MarginMode) throws {
    let leverage = try #require(Leverage(50.0))
    let tiers = try MarginTiers(
      try [("60", "0.004"), ("150", "0.010"), ("1000000", "0.018")].map { cap, rate in
        (
          cap: try #require(CoinAmount(text: cap)), rate: try #require(SignedRate(text: rate)),
          leverage: leverage
        )
      })
    var reductions = 0
    var liquidations = 0
    for seed in 0..<12 as Range<UInt64> {
      let recordings = try (0..<2 as Range<UInt64>).map {
        try randomRecording(seed: 100 * seed + $0, minutes: 150, step: 3000)
      }
      let account = try replayAccount(
        try ["A", "B"].map { try replayContract($0, venue: .bybit, tiers: tiers) },
        coins: mode == .cross ? "20" : "1000000")
      var replay = Replay(
        PortfolioSession(
          RandomTrader(seed: seed), account: account,
          settings: MatchSettings(mode: mode, leverage: leverage)), recordings: recordings)
      while replay.advance(events: 40) { try expectAgreement(replay) }
      try expectAgreement(replay)
      reductions += replay.record.counts.reduce(0) { $0 + $1.tierReductions }
      liquidations += replay.record.counts.reduce(0) { $0 + $1.liquidations }
    }
    // Where a reduction is enough, nothing else is liquidated.
    #expect(reductions > 3 && (mode == .cross || liquidations > 3))
  }

  private func expectAgreement(_ replay: Replay<RandomTrader>) throws {
    let account = replay.session.account
    let record = replay.record
    for place in account.contracts.indices {
      let id = ContractID(place: place)
      let trips = record.roundTrips.filter { $0.contract == id }
      let lot = account.contracts[place].rules.lot
      let unrealized = account.position(of: id).flatMap { position in
        account.mark(of: id).flatMap { position.unrealized(at: $0, lot: lot) }
      }
      let gross = trips.map(\.gross.atoms).reduce(0, +) - (unrealized?.atoms ?? 0)
      #expect(gross == account.realized(of: id).atoms)
      #expect(trips.map(\.fees.atoms).reduce(0, +) == account.fees(of: id).atoms)
      #expect(trips.map(\.funding.atoms).reduce(0, +) == account.funding(of: id).atoms)
      #expect(trips.filter { $0.end == .open }.count == (account.position(of: id) == nil ? 0 : 1))
      for trip in trips {
        #expect(trip.openedAt <= trip.closedAt && trip.quantity > .zero && trip.worth > .zero)
        #expect(trip.bestReturn >= 0 && trip.worstReturn <= 0)
        #expect((trip.exitOrder == nil) == (trip.end != .order))
      }
    }
    let net = record.roundTrips.map(\.net.atoms).reduce(0, +)
    #expect(
      account.equity?.atoms == net - account.balance(of: .deposits).atoms
        - account.balance(of: .insurance).atoms)
  }

  /// Market orders at the opens of flat minutes, as price and lots, and the round trips that they made:
  /// side, most lots, entry and exit, profit, end, first and last order.
  struct Story: Sendable {
    let fills: [(price: Double, lots: Int64)]
    let trips: [String]

    init(_ trips: String..., fills: (price: Double, lots: Int64)...) {
      self.fills = fills
      self.trips = trips
    }
  }

  static let stories: [Story] = [
    Story("long 4 105 112.5 0.03 order 1 4", fills: (100, 2), (110, 2), (120, -3), (90, -1)),
    // One order turns the position; what it opened is held at the end.
    Story(
      "long 2 100 110 0.02 order 1 2", "short 3 110 100 0.03 open 2 0",
      fills: (100, 2), (110, -5), (100, 0)),
    // A part is closed and the rest left: realized and unrealized together.
    Story("short 4 100 80 0.07 open 1 0", fills: (100, -4), (90, 1), (80, 0)),
    Story(
      "long 1 100 100 0 order 1 2", "long 1 100 50 -0.05 order 3 4",
      fills: (100, 1), (100, -1), (100, 1), (50, -1)),
  ]

  @Test("adding, closing parts and turning make the round trips that a plain count makes")
  func table() throws {
    for story in Self.stories { try expect(story.trips, from: story.fills) }
  }

  private func expect(
    _ expected: [String], from fills: [(price: Double, lots: Int64)]
  ) throws {
    let account = try replayAccount([try replayContract()])
    var script: [Int64: [ContractDirective]] = [:]
    var bars = [(fills[0].price, fills[0].price, fills[0].price, fills[0].price)]
    for (place, fill) in fills.enumerated() {
      bars.append((fill.price, fill.price, fill.price, fill.price))
      if fill.lots != 0 {
        script[Int64(place) + 1] = [.market(UInt64(place) + 1, fill.lots)]
      }
    }
    var replay = Replay(
      PortfolioSession(ScriptedTrader(script), account: account, settings: MatchSettings()),
      recordings: [ContractRecording(bars: minuteSeries(bars))])
    replay.advance()
    #expect(
      replay.record.roundTrips.map { trip in
        func text(_ price: Double) -> String { Price(price)?.description ?? "" }
        return "\(trip.side) \(trip.quantity) \(text(trip.entryPrice)) \(text(trip.exitPrice)) "
          + "\(trip.gross) \(trip.end.rawValue) \(trip.entryOrder.value) "
          + "\(trip.exitOrder?.value ?? 0)"
      } == expected)
  }

  @Test(
    "a bar shows its range to what was held when it began, and its close to what it opened within")
  func excursions() throws {
    let account = try replayAccount([try replayContract()])
    let limit = MarketOrder(
      OrderNumber(1), .buy, Quantity(lots: 1), limit: Price(95.0))
    let stop = MarketOrder.stop(
      OrderNumber(2), .sell, Quantity(lots: 1), at: try #require(Price(90.0)))
    var replay = Replay(
      PortfolioSession(
        ScriptedTrader([1: [.order(limit)], 2: [.order(stop)]]), account: account,
        settings: MatchSettings()),
      recordings: [
        ContractRecording(
          bars: minuteSeries([
            (100, 101, 99, 100), (100, 120, 93, 96), (96, 104.5, 91.2, 100), (100, 150, 80, 85),
          ]))
      ])
    replay.advance()
    let trip = try #require(replay.record.roundTrips.first)
    #expect(trip.bestReturn == 104.5 / 95 - 1)
    #expect(trip.worstReturn == 90.0 / 95 - 1)
    #expect(trip.openedAt == minute(2) && trip.closedAt == minute(4))
    #expect(trip.fills == 2 && trip.held == .minutes(2))
  }
}
