import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Paired replays")
struct PairedVerdictTests {
  /// A track of hours whose profits are shares of a capital of 10,000.
  private func track(_ profits: [Double], orders: String, traded: Double = 0) -> ReplayTrack {
    let slices = profits.map { profit in
      var slice = ReplayTrack.Slice()
      slice.profit = profit * 10_000
      slice.traded = traded
      slice.entries = 1
      return slice
    }
    let instant = Timestamp(millisecondsSinceEpoch: 0)
    return ReplayTrack(
      every: .hours(1), slices: slices, total: ReplayTrack.Slice(), capital: 10_000,
      record: ReplayRecord(
        roundTrips: [], equity: [], counts: [], bars: [], books: [],
        orderHash: Fingerprint(of: orders), events: 0, warmUpEvents: 0, start: instant,
        end: instant))
  }

  private let market = Noise.normal(600, seed: 40, deviation: 0.001)

  private static let settings: PairedReplay.Settings = {
    var settings = PairedReplay.Settings()
    settings.resamples = 199
    return settings
  }()

  private func verdict(
    _ own: [Double], orders: String = "other", beside: Int = 0
  ) throws -> PairedVerdict {
    let base = track(market, orders: "base")
    let pair = try #require(
      PairedReplay(track(own, orders: orders), against: base, settings: Self.settings))
    let rest = try (0..<beside).map { place in
      let noise = Noise.normal(600, seed: 700 + UInt64(place), deviation: 0.001)
      return try #require(
        PairedReplay(track(noise, orders: "\(place)"), against: base, settings: Self.settings))
    }
    return PairedVerdict.verdicts(of: [pair] + rest, settings: Self.settings)[0]
  }

  @Test("what earns a thousandth a day more is better, whatever both lose to the market")
  func better() throws {
    let noise = Noise.normal(600, seed: 41, deviation: 0.0001)
    let found = try verdict(zip(market, noise).map { $0 + $1 + 0.001 / 24 })
    #expect(found.finding == .better, "\(found)")
    let lost = try verdict(zip(market, noise).map { $0 + $1 - 0.001 / 24 })
    #expect(lost.finding == .worse, "\(lost)")
    #expect(lost.reason.english.hasPrefix("It earns less"))
  }

  @Test("what is worse by less than the margin is at least as good, and says so where it is sure")
  func margin() throws {
    let found = try verdict(market.map { $0 - 0.0001 / 24 })
    #expect(found.finding == .atLeastAsGood && found.reason.english.contains("surely earns less"))
    let noise = Noise.normal(600, seed: 42, deviation: 0.00005)
    let open = try verdict(zip(market, noise).map { $0 + $1 })
    #expect(open.finding == .atLeastAsGood && open.reason.english.hasPrefix("If it is worse"))
  }

  @Test("rare losses of a percent are worse at the worst times, though the mean is the same")
  func tail() throws {
    var own = market
    for place in stride(from: 3, to: 600, by: 18) {
      own[place] -= 0.01
      for other in 1..<18 where place + other < 600 { own[place + other] += 0.01 / 17 }
    }
    let found = try verdict(own)
    #expect(found.finding == .worse && found.reason.english.contains("worst times"), "\(found)")
  }

  @Test("what moves on its own cannot be told apart, and the days that would tell are named")
  func open() throws {
    let own = Noise.normal(600, seed: 43, deviation: 0.001)
    let found = try verdict(own)
    #expect(found.finding == .cannotBeTold, "\(found)")
    let orders = try verdict(market, orders: "base")
    #expect(orders.finding == .atLeastAsGood && orders.reason.english.contains("very same orders"))
  }

  @Test("among many variants one must be surer")
  func many() throws {
    let noise = Noise.normal(600, seed: 44, deviation: 0.0004)
    let own = zip(market, noise).map { $0 + $1 + 0.0011 / 24 }
    let alone = try verdict(own)
    let among = try verdict(own, beside: 4)
    #expect(alone.netProbability < among.netProbability)
    #expect(among.netProbability >= 3 * alone.netProbability)
  }

  @Test("turnover and entries are counted by the day, and few slices compare nothing")
  func counted() throws {
    let first = track(market, orders: "a", traded: 500)
    let second = track(market, orders: "b", traded: 100)
    let pair = try #require(PairedReplay(first, against: second, settings: Self.settings))
    #expect(agree(pair.turnover.interval.estimate, 0.04 * 24))
    #expect(pair.entries.interval.estimate == 0 && pair.slices == 600)
    let few = track(Array(market[..<7]), orders: "a")
    #expect(PairedReplay(few, against: few) == nil)
  }
}
