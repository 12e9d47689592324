import Essentials
import Foundation
import Markets
import TestKit
import Testing

@testable import Backtesting

/// Rows of a table of the shared data whose instants lie within a range of milliseconds.
private func rows(_ path: String, _ range: ClosedRange<Int64>) throws -> [[Double]] {
  let file = SharedMaterial.file("bench/\(path).csv.gz").path
  let run = try ShellRun(
    "sh", "-c",
    "gzip -dc '\(file)' | awk -F, '$1+0>=\(range.lowerBound) && $1+0<=\(range.upperBound)'")
  guard run.exitCode == 0 else { throw CocoaError(.fileReadCorruptFile) }
  return run.output.split(whereSeparator: \.isNewline).map { line in
    line.split(separator: ",").map { Double($0) ?? .nan }
  }
}

private func instant(_ milliseconds: Double) -> Timestamp {
  Timestamp(millisecondsSinceEpoch: Int64(milliseconds))
}

/// What a folder of the shared data has of a symbol: bars, funding, and the opens of mark bars.
private func recording(
  _ symbol: String, in folder: String, bars kind: String, marks: String, _ span: BarSpan,
  _ range: ClosedRange<Int64>
) throws -> ContractRecording {
  var series = BarSeries(span)
  for row in try rows("\(folder)/\(symbol)_\(kind)", range) {
    series.append(
      Bar(
        openTime: instant(row[0]), open: row[1], high: row[2], low: row[3], close: row[4],
        volume: row[5]))
  }
  return ContractRecording(
    bars: series,
    marks: ContiguousArray(
      try rows("\(folder)/\(symbol)_\(marks)", range).map {
        ReferencePrice(instant: instant($0[0]), mark: try #require(Price($0[1])))
      }),
    funding: ContiguousArray(
      try rows("\(folder)/\(symbol)_funding", range).map {
        FundingPayment(instant: instant($0[0]), rate: try #require(SignedRate($0[1])))
      }))
}

/// Crosses two means of each contract, and reckons in doubles what funding its positions should get.
private struct CrossingTrader: PortfolioTrader {
  let fast: Int
  let slow: Int
  /// Lots of each contract.
  let lots: [Int64]
  private var closes: [[Double]]
  private var targets: [Int64]
  private var number: UInt64 = 0
  private(set) var expectedFunding: [Double]
  private(set) var fills = 0

  init(fast: Int, slow: Int, lots: [Int64]) {
    self.fast = fast
    self.slow = slow
    self.lots = lots
    closes = lots.map { _ in [] }
    targets = lots.map { _ in 0 }
    expectedFunding = lots.map { _ in 0 }
  }

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    switch event {
    case .bar(let bar, _): closes[contract.place].append(bar.close)
    case .funding(let payment):
      guard let held = account.position(of: contract), let mark = account.mark(of: contract) else {
        return
      }
      let units = held.quantity.units(of: account.contracts[contract.place].rules.lot)
      expectedFunding[contract.place] -= units * mark.value * payment.rate.value
    case .trade, .mark: break
    }
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {
    if report.price != nil { fills += 1 }
  }

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    for place in closes.indices where closes[place].count >= slow {
      let few = closes[place].suffix(fast).reduce(0, +) / Double(fast)
      let many = closes[place].suffix(slow).reduce(0, +) / Double(slow)
      let target = few > many ? lots[place] : -lots[place]
      guard target != targets[place] else { continue }
      number += 1
      directives.append(.market(number, target - targets[place], of: place))
      targets[place] = target
    }
  }
}

/// What a recorded market makes of scripted orders, beside what a plain reckoning in doubles makes of it.
@Suite("Recorded markets")
struct RecordedMarketTests {
  private static let perMinute = "crypto_perp_1m_binance"
  private static let perFive = "crypto_perp_5m_binance"

  @Test(
    "three contracts replay by the minute without a defect, and funding is what positions owe",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func minutes() throws {
    // The day of 2025-05-05.
    let range: ClosedRange<Int64> = 1_746_403_200_000...1_746_489_599_999
    let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
    let recordings = try symbols.map {
      try recording($0, in: Self.perMinute, bars: "1m", marks: "mark8h", .minute, range)
    }
    let account = try replayAccount(
      try symbols.map { try replayContract($0, tick: "0.01") }, coins: "100000")
    var replay = Replay(
      PortfolioSession(
        CrossingTrader(fast: 20, slow: 60, lots: [10, 300, 5000]), account: account,
        settings: MatchSettings(slippage: try #require(Rate(basisPoints: 1)))),
      recordings: recordings)
    replay.advance()
    let record = replay.record
    #expect(record.counts.map(\.accepted) == [1446, 1446, 1446])
    for place in symbols.indices {
      var clean = MatchCounts()
      clean.accepted = 1446
      #expect(record.counts[place] == clean)
      #expect(record.bars[place].accepted == 1440 && record.bars[place].missing == 0)
      let id = ContractID(place: place)
      let paid = replay.session.account.funding(of: id).value
      #expect(paid != 0)
      #expect(agree(paid, replay.session.trader.expectedFunding[place], absolute: 1e-6))
    }
    #expect(record.events == 3 * 1446)
    #expect(record.equity.count == 1441)
    #expect(replay.session.trader.fills > 100)
    let net = record.roundTrips.map(\.net.atoms).reduce(0, +)
    #expect(record.equity.last?.equity.atoms == 10_000_000_000_000 + net)
    // Nobody earns by crossing means, and all of what is lost is explained by costs.
    #expect(net < 0)
  }

  @Test(
    "in the crash of 2025-10-10 leveraged longs are liquidated where their margin ends, and no more",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func crash() throws {
    let range: ClosedRange<Int64> = 1_760_000_100_000...1_760_200_000_000
    let symbols = ["BTCUSDT", "ORCAUSDT", "SOLUSDT", "ETHUSDT"]
    let recordings = try symbols.map {
      try recording($0, in: Self.perFive, bars: "5m", marks: "mark1h", .fiveMinutes, range)
    }
    let contracts = try symbols.map {
      try replayContract($0, tick: $0 == "ORCAUSDT" ? "0.001" : "0.01")
    }
    let first = (range.lowerBound + 300_000) / 60_000
    let stopPrice = try #require(Price(3900.0))
    let stop = MarketOrder.stop(OrderNumber(5), .sell, Quantity(lots: 2000), at: stopPrice)
    let orders: [ContractDirective] = [
      .market(1, 100, of: 0), .market(2, 4_000_000, of: 1), .market(3, -50_000, of: 2),
      .market(4, 2000, of: 3), .order(stop, 3),
    ]
    var replay = Replay(
      PortfolioSession(
        ScriptedTrader([first: orders]),
        account: try replayAccount(contracts, coins: "10000"),
        settings: MatchSettings(mode: .isolated, leverage: try #require(Leverage(10.0)))),
      recordings: recordings)
    replay.advance()
    let record = replay.record
    #expect(record.counts.map(\.liquidations) == [1, 1, 0, 0])
    #expect(record.roundTrips.count == 4)
    let trips = Dictionary(uniqueKeysWithValues: record.roundTrips.map { ($0.symbol, $0) })
    for symbol in ["BTCUSDT", "ORCAUSDT"] {
      let trip = try #require(trips[symbol])
      let bars = try #require(recordings[symbol == "BTCUSDT" ? 0 : 1].bars)
      #expect(trip.end == .liquidation)
      #expect(trip.entryPrice == bars.open[1])
      // The margin is a tenth, of which 0.4 % of the worth must remain; funding has used up a little.
      #expect(agree(trip.gross.value, -trip.worth.value / 10, relative: 0.01))
      let limit = trip.entryPrice * 0.9 / 0.996
      let place = try #require(bars.low.firstIndex { $0 <= limit })
      #expect(trip.closedAt == bars.span.end(from: bars[place].openTime))
    }
    // The short lives through it and earns.
    let short = try #require(trips["SOLUSDT"])
    #expect(short.end == .open && short.net > .zero && short.bestReturn > 0.2)
    // The protected one is out at its stop, or where the market jumped over it, hours before.
    let protected = try #require(trips["ETHUSDT"])
    #expect(protected.end == .order && protected.exitOrder == OrderNumber(5))
    #expect(protected.exitPrice <= stopPrice.value)
    let net = record.roundTrips.map(\.net.atoms).reduce(0, +)
    #expect(record.equity.last?.equity.atoms == 1_000_000_000_000 + net)
    #expect(record.equity.allSatisfy { $0.equity > .zero })
  }

  @Test(
    "intervals of funding that change are seen, and each payment is made once at its mark",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func intervals() throws {
    let range: ClosedRange<Int64> = 1_742_400_000_000...1_742_900_000_000
    let tape = try recording(
      "ORCAUSDT", in: Self.perFive, bars: "5m", marks: "mark1h", .fiveMinutes, range)
    var history = FundingHistory()
    for payment in tape.funding { history.append(payment) }
    #expect(history.intervals.map(\.length) == [.hours(4), .hours(2), .hours(4)])
    let first = (range.lowerBound + 300_000) / 60_000
    var replay = Replay(
      PortfolioSession(
        ScriptedTrader([first: [.market(1, -1_000_000)]]),
        account: try replayAccount(
          [try replayContract("ORCAUSDT", tick: "0.001")], coins: "100000"),
        settings: MatchSettings()),
      recordings: [tape])
    replay.advance()
    var expected = 0.0
    for payment in tape.funding.dropFirst() {
      let hour = payment.instant.millisecondsSinceEpoch / 3_600_000 * 3_600_000
      let mark = try #require(
        tape.marks.last { $0.instant.millisecondsSinceEpoch <= hour })
      expected += 1000 * mark.mark.value * payment.rate.value
    }
    let trip = try #require(replay.record.roundTrips.first)
    #expect(tape.funding.count > 40 && tape.funding.contains { $0.rate.value == -0.02 })
    #expect(agree(trip.funding.value, expected, relative: 1e-9))
    // Who is short pays the two percent of every two hours.
    #expect(trip.funding.value < -500)
  }

  @Test(
    "an outage fills nobody: who sent an order into it is filled when the venue trades again",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func outage() throws {
    let range: ClosedRange<Int64> = 1_738_113_000_000...1_738_116_000_000
    let tape = try recording(
      "BTCUSDT", in: Self.perFive, bars: "5m", marks: "mark1h", .fiveMinutes, range)
    // Behind the last bar with trades, while the two without begin.
    let send: Int64 = 1_738_113_900_000 / 60_000
    var replay = Replay(
      PortfolioSession(
        ScriptedTrader([send: [.market(1, 5)]]),
        account: try replayAccount([try replayContract()]), settings: MatchSettings()),
      recordings: [tape])
    replay.advance()
    let record = replay.record
    #expect(record.counts[0].silent == 2 && record.bars[0].silent == 2)
    #expect(record.roundTrips.map(\.entryPrice) == [101_520])
    #expect(record.roundTrips.map(\.openedAt.millisecondsSinceEpoch) == [1_738_114_500_000])
  }
}
