import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Null baselines")
struct NullBaselineTests {
  static func settings(draws: Int = 99, seed: UInt64 = 1, slippage: Double = 0)
    -> ReplayTrustSettings
  {
    var settings = ReplayTrustSettings()
    settings.draws = draws
    settings.resamples = 200
    settings.seed = seed
    settings.slippage = slippage
    return settings
  }

  /// Trades in all contracts at the same minutes, on sides that a coin or foresight chooses.
  static func traded(seed: UInt64, foresight: Double = 0.5) -> TradedNoise {
    var noise = TradedNoise(contracts: 3, minutes: 700, seed: seed)
    var generator = SplitMix64(seed: seed &+ 99)
    for minute in stride(from: 5, to: 680, by: 27) {
      let lean: PositionSide = generator.nextUniform() < 0.5 ? .long : .short
      for contract in 0..<3 {
        var side = lean
        if foresight > 0.5 {
          let rises = noise.close(contract, minute + 10) > noise.close(contract, minute)
          side = (generator.nextUniform() < foresight) == rises ? .long : .short
        }
        noise.trade(contract, side, at: minute, bars: 10)
      }
    }
    return noise
  }

  @Test("without foresight the probabilities of chance are uniform, though markets move together")
  func uniform() throws {
    var instants: [Double] = []
    var sides: [Double] = []
    for seed in 0..<150 as Range<UInt64> {
      let trust = Self.traded(seed: seed).trust(Self.settings(seed: seed))
      instants.append(try #require(trust.randomInstants.value).comparison.probability)
      sides.append(try #require(trust.randomSides.value).comparison.probability)
    }
    #expect(TradedNoise.unevenness(instants) < 1.63, "\(instants.sorted())")
    #expect(TradedNoise.unevenness(sides) < 1.63, "\(sides.sorted())")
  }

  @Test("planted foresight is found by both baselines")
  func power() throws {
    var found = 0
    for seed in 0..<20 as Range<UInt64> {
      let trust = Self.traded(seed: seed, foresight: 0.85).trust(Self.settings(seed: seed))
      let instants = try #require(trust.randomInstants.value).comparison
      let sides = try #require(trust.randomSides.value).comparison
      if instants.probability <= 0.05, sides.probability <= 0.05 { found += 1 }
      #expect(instants.difference.lower < instants.difference.estimate)
      #expect(instants.difference.estimate < instants.difference.upper)
    }
    #expect(found >= 18, "\(found) of 20")
  }

  @Test("a turn of all trades earns what trades made there would have earned, costs included")
  func turns() throws {
    var noise = TradedNoise(contracts: 2, minutes: 60, seed: 4)
    for minute in [3, 11, 20] {
      noise.trade(0, .long, at: minute, bars: 6, fee: 0.0006, slippage: 0.0002)
      noise.trade(1, .short, at: minute + 2, bars: 9, fee: 0.0006, slippage: 0.0002)
    }
    let through = TradedNoise.begin + .minutes(60)
    let circles = [0, 1].compactMap { place in
      noise.markets[ContractID(place: place)].flatMap {
        MarketCircle(ContractID(place: place), $0, from: TradedNoise.begin, through: through)
      }
    }
    let book = NullBook(noise.trips, on: circles)
    #expect(book.trades.count == 6)
    // Unturned, the trades are themselves.
    for trade in book.trades {
      let net = noise.trips[trade.row].net.value
      #expect(agree(book.net(trade, shifted: 0, slippage: 0.0002), net, absolute: 1e-7))
    }
    // Turned by 25 minutes they are those made 25 minutes later, apart from the fee of the exit,
    // which stays what it was.
    var later = TradedNoise(contracts: 2, minutes: 60, seed: 4)
    for minute in [28, 36, 45] {
      later.trade(0, .long, at: minute, bars: 6, slippage: 0.0002)
      later.trade(1, .short, at: minute + 2, bars: 9, slippage: 0.0002)
    }
    for trade in book.trades {
      let net = later.trips[trade.row].net.value - noise.trips[trade.row].fees.value
      #expect(
        agree(book.net(trade, shifted: 25 * 60_000, slippage: 0.0002), net, absolute: 1e-7))
    }
    #expect(book.turns(1000, seed: 1) == (1..<59).map { $0 * 60_000 })
    #expect(book.turns(10, seed: 1).count == 10)
    #expect(book.turns(10, seed: 1).allSatisfy { $0 > 0 && $0 < 59 * 60_000 })
    #expect(agree(book.room, 59 / 7.5))
  }

  @Test("the other side loses what was gained before costs, and pays the same costs")
  func otherSide() {
    var noise = TradedNoise(contracts: 1, minutes: 40, seed: 6)
    noise.trade(0, .long, at: 4, bars: 20, fee: 0.0005, slippage: 0.0003)
    noise.trade(0, .short, at: 4, bars: 20, fee: 0.0005, slippage: 0.0003)
    let (long, short) = (noise.trips[0], noise.trips[1])
    #expect(
      agree(
        RandomSides.netOfOtherSide(long, slippage: 0.0003), short.net.value, absolute: 1e-7))
    #expect(
      agree(
        RandomSides.netOfOtherSide(short, slippage: 0.0003), long.net.value, absolute: 1e-7))
  }

  @Test("trades opened within a mean holding time share a coin")
  func groups() {
    var noise = TradedNoise(contracts: 2, minutes: 100, seed: 6)
    for (contract, minute) in [(0, 1), (1, 5), (0, 11), (0, 12), (1, 22), (1, 23)] {
      noise.trade(contract, .long, at: minute, bars: 10)
    }
    #expect(RandomSides.groups(of: noise.trips) == [0..<3, 3..<5, 5..<6])
    #expect(RandomSides.groups(of: []).isEmpty)
  }

  @Test("positions too long for the data, or too few, have no comparison with chance")
  func tooLittle() {
    var noise = TradedNoise(contracts: 1, minutes: 100, seed: 6)
    noise.trade(0, .long, at: 10, bars: 20)
    let trust = noise.trust(Self.settings())
    #expect(trust.randomInstants.reason?.contains("room for 4 trades") == true)
    #expect(trust.randomSides.reason?.contains("1 separate times") == true)
  }

  @Test("holding the market earns its mean move less one buying, one selling and the funding")
  func held() throws {
    var noise = TradedNoise(contracts: 2, minutes: 121, seed: 8)
    let rate = try #require(SignedRate(0.0001))
    noise.markets[ContractID(place: 0)] = ReplayMarket(
      bars: try #require(noise.markets[ContractID(place: 0)]).bars,
      funding: [FundingPayment(instant: TradedNoise.begin + .minutes(60), rate: rate)])
    noise.trade(1, .long, at: 10, bars: 10, fee: 0.0005)
    var settings = Self.settings(slippage: 0.0002)
    settings.period = .minutes(10)
    let held = try #require(noise.trust(settings).heldMarket.value)
    let moves = [0, 1].map { noise.close($0, 120) / noise.close($0, 0) }
    let before = (moves[0] + moves[1] - 0.0001) / 2 - 0.0007
    #expect(agree(held.totalReturn, before * (1 - 0.0007) - 1, relative: 1e-6))
    #expect(held.contracts == 2)
    let net = try #require(noise.trips.first).net.value
    #expect(agree(held.accountReturn, net / 10_000))
    #expect(held.drawdown <= 0)
  }
}
