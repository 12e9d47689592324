import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Backtesting

/// Opens on the side that a coin says every twenty minutes and leaves ten minutes later.
private struct CoinTosser: PortfolioTrader {
  var generator: SplitMix64
  private var number: UInt64 = 0
  private var minutes = 0

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    if case .bar = event { minutes += 1 }
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {}

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    guard minutes % 10 == 0 else { return }
    minutes += 1
    let contract = ContractID(place: 0)
    number += 1
    if let held = account.position(of: contract) {
      let order = MarketOrder(
        OrderNumber(number), held.quantity.lots > 0 ? .sell : .buy, held.quantity.magnitude,
        reducesOnly: true)
      directives.append(ContractDirective(contract, .submit(order)))
    } else {
      let order = MarketOrder(
        OrderNumber(number), generator.next() & 1 == 0 ? .buy : .sell, Quantity(lots: 100))
      directives.append(ContractDirective(contract, .submit(order)))
    }
  }
}

@Suite("Replayed coin tosses")
struct ReplayedTossesTests {
  @Test(
    "a coin that is replayed earns minus its costs on both sides, and chance pays the same costs")
  func tossed() throws {
    let recording = try randomRecording(seed: 5, minutes: 4000)
    let account = try replayAccount([replayContract()])
    let slippage = try #require(Rate(basisPoints: 2))
    var replay = Replay(
      PortfolioSession(
        CoinTosser(seed: 3), account: account, settings: MatchSettings(slippage: slippage)),
      recordings: [recording])
    replay.advance()
    let record = replay.record
    let trips = record.roundTrips
    #expect(trips.count > 150)
    for side in PositionSide.allCases {
      let gross = trips.filter { $0.side == side }.map {
        $0.gross.value / $0.worth.value + 0.0002 * (1 + $0.exitPrice / $0.entryPrice)
      }
      let moments = Moments(of: gross)
      let error = moments.sampleDeviation / Double(gross.count).squareRoot()
      #expect(gross.count > 50 && moments.mean.magnitude < 4 * error, "\(side) \(moments.mean)")
    }
    for trip in trips {
      #expect(agree(trip.fees.value / trip.worth.value, 0.001, relative: 0.02))
      #expect(trip.net == trip.gross - trip.fees + trip.funding)
    }
    var settings = NullBaselineTests.settings(draws: 199, slippage: 0.0002)
    settings.resamples = 400
    let trust = ReplayTrust(
      of: trips,
      on: [
        ContractID(place: 0): ReplayMarket(
          bars: try #require(recording.bars), funding: Array(recording.funding))
      ],
      equity: EquityCurve(
        instants: record.equity.map(\.instant), equity: record.equity.map(\.equity.value)),
      settings: settings)
    #expect(trust.verdict == .loses, "\(trust.grounds)")
    let instants = try #require(trust.randomInstants.value)
    // Fills at the next open lie within a few ticks of the bar's end, so what is left of the gap is
    // small beside the cost of a trade.
    let cost = trips.reduce(0) { $0 + $1.worth.value } / Double(trips.count) * 0.0014
    #expect(instants.executionGap.magnitude < 0.05 * cost, "\(instants.executionGap) of \(cost)")
    #expect(agree(instants.comparison.expected, -cost, relative: 0.1), "\(instants.comparison)")
    let sides = try #require(trust.randomSides.value)
    #expect(agree(sides.comparison.expected, -cost, relative: 0.1), "\(sides.comparison)")
    #expect(agree(trust.net, trips.reduce(0) { $0 + $1.net.value }))
    let last = try #require(record.equity.last)
    #expect(agree(trust.net, last.equity.value - 1_000_000, absolute: 1e-6))
  }
}
