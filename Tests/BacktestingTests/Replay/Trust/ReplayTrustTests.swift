import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("ReplayTrust")
struct ReplayTrustTests {
  @Test(
    "whoever foresees earns after costs, whoever pays for coins loses, whoever tosses them cannot tell"
  )
  func verdicts() throws {
    var seer = TradedNoise(contracts: 1, minutes: 3000, seed: 2)
    var payer = seer
    var tosser = seer
    var generator = SplitMix64(seed: 5)
    for minute in stride(from: 5, to: 2960, by: 30) {
      let rises = seer.close(0, minute + 20) > seer.close(0, minute)
      let coin: PositionSide = generator.nextUniform() < 0.5 ? .long : .short
      let foreseen = generator.nextUniform() < 0.8
      seer.trade(0, foreseen == rises ? .long : .short, at: minute, bars: 20, fee: 0.0002)
      payer.trade(0, coin, at: minute, bars: 20, fee: 0.002)
      tosser.trade(0, coin, at: minute, bars: 20)
    }
    var settings = NullBaselineTests.settings(draws: 199)
    settings.resamples = 500
    let earned = seer.trust(settings)
    #expect(earned.verdict == .earnsAfterCosts, "\(earned.grounds)")
    let asked = ReplayGround.Question.allCases.filter { $0 != .parameters }
    #expect(earned.grounds.map(\.question) == asked)
    #expect(try #require(earned.equity.value).period == .hours(1))
    let lost = payer.trust(settings)
    #expect(lost.verdict == .loses, "\(lost.grounds)")
    // Costs are those of chance as well, so chance does not tell who pays from who does not.
    let tossed = tosser.trust(settings)
    #expect(tossed.verdict == .cannotBeToldFromChance)
    let paid = try #require(lost.randomInstants.value)
    let free = try #require(tossed.randomInstants.value)
    #expect(paid.comparison.probability == free.comparison.probability)
    #expect(agree(paid.comparison.difference.estimate, free.comparison.difference.estimate))
    #expect(paid.executionGap.magnitude < 1e-6)
    // Trials make the same result less convincing.
    settings.trials = 1000
    let tried = try #require(seer.trust(settings).equity.value)
    let single = try #require(earned.equity.value)
    #expect(try #require(tried.deflated) < (try #require(single.deflated)))
    #expect(tried.trials == 1000 && single.annualLuckySharpe == 0)
    #expect(single.deflated == single.aboveZero)
  }

  @Test("who does not trade earns nothing, and nothing else is claimed")
  func noTrade() {
    let trust = TradedNoise(contracts: 1, minutes: 200, seed: 2).trust(NullBaselineTests.settings())
    #expect(trust.verdict == .didNotTrade)
    #expect(trust.grounds.isEmpty && trust.net == 0 && trust.trades == 0)
    #expect(trust.expectancy.reason == "There was no trade.")
    #expect(trust.randomInstants.value == nil && trust.randomSides.value == nil)
    #expect(trust.heldMarket.value != nil)
    let nothing = ReplayTrust(of: [], on: [:], equity: EquityCurve(instants: [], equity: []))
    #expect(nothing.verdict == .didNotTrade)
    #expect(nothing.heldMarket.value == nil && nothing.equity.value == nil)
  }

  @Test("a few trades decide nothing, however well they went")
  func few() {
    var noise = TradedNoise(contracts: 1, minutes: 900, seed: 3)
    for minute in stride(from: 5, to: 800, by: 60) {
      let rises = noise.close(0, minute + 20) > noise.close(0, minute)
      noise.trade(0, rises ? .long : .short, at: minute, bars: 20)
    }
    let trust = noise.trust(NullBaselineTests.settings())
    #expect(trust.wins == Proportion(14, of: 14))
    #expect(trust.verdict == .cannotBeToldFromChance)
    #expect(trust.breakEvenShare == nil && trust.losses == 0)
  }

  @Test("each verdict follows from its facts")
  func decision() {
    func ground(_ question: Int, _ bearing: ReplayGround.Bearing) -> ReplayGround {
      let interval = ConfidenceInterval(estimate: 1, lower: 0.5, upper: 2, confidence: 0.95)
      let facts: [ReplayGround.Fact] = [
        .trades(40, needed: 30), .expectancy(interval, coin: "USDT"),
        .deflatedSharpe(0.97, needed: 0.95, trials: 3),
        .randomInstants(probability: 0.01, allowed: 0.05),
        .randomSides(probability: 0.01, allowed: 0.05),
      ]
      return ReplayGround(fact: facts[question], bearing: bearing)
    }
    typealias Bearings = [ReplayGround.Bearing]
    let up = ReplayGround.Bearing.speaksForEarning
    let open = ReplayGround.Bearing.leavesOpen
    let down = ReplayGround.Bearing.speaksAgainstEarning
    let cases: [(Bearings, ReplayVerdict)] = [
      ([up, up, up, up, up], .earnsAfterCosts), ([up, up, up, up, open], .cannotBeToldFromChance),
      ([open, up, up, up, up], .cannotBeToldFromChance), ([up, down, down, down, down], .loses),
      ([up, down, open, open, open], .loses),
      ([open, down, down, down, down], .cannotBeToldFromChance),
      ([up, open, down, down, down], .cannotBeToldFromChance),
    ]
    for (bearings, verdict) in cases {
      let grounds = bearings.enumerated().map { ground($0.offset, $0.element) }
      #expect(ReplayTrust.verdict(trades: 40, grounds: grounds) == verdict, "\(bearings)")
    }
    #expect(ReplayTrust.verdict(trades: 0, grounds: []) == .didNotTrade)
  }

  @Test("parameters that knew what came, or may have, are no evidence of earning")
  func parameters() {
    let noise = {
      var noise = TradedNoise(contracts: 1, minutes: 900, seed: 3)
      for minute in stride(from: 5, to: 800, by: 60) {
        noise.trade(0, .long, at: minute, bars: 20)
      }
      return noise
    }()
    func instant(_ hours: Int64) -> Timestamp {
      Timestamp(millisecondsSinceEpoch: 0) + .hours(hours)
    }
    func ground(_ parameters: [FittedKnowledge]) -> ReplayGround? {
      var settings = NullBaselineTests.settings()
      settings.parameters = parameters
      return noise.trust(settings).grounds.first { $0.question == .parameters }
    }
    let fair = FittedKnowledge("garch", through: instant(5), from: instant(5))
    let dark = FittedKnowledge("hmm", through: nil, from: instant(5))
    let late = FittedKnowledge("drift", through: instant(9), from: instant(5))
    #expect(ground([]) == nil)
    #expect(ground([fair])?.bearing == .speaksForEarning)
    #expect(ground([fair, dark])?.fact == .parameters(dark))
    #expect(ground([fair, dark])?.bearing == .leavesOpen)
    #expect(ground([late, dark, fair])?.fact == .parameters(late))
    #expect(ground([late, dark, fair])?.bearing == .leavesOpen)
    let sentence = ground([late])?.sentence
    #expect(
      sentence?.english
        == "The parameters of drift were fitted on data through 1970-01-01T09:00:00Z and used "
        + "from 1970-01-01T05:00:00Z on: they knew what came.")
    #expect(sentence?.korean.contains("앞날") == true)
  }

  @Test("every fact is a sentence with its numbers in both languages")
  func sentences() {
    let interval = ConfidenceInterval(estimate: 1, lower: -0.5, upper: 2, confidence: 0.95)
    let cases: [(ReplayGround.Fact, String)] = [
      (.trades(1, needed: 30), "There is 1 trade, fewer than the 30 needed."),
      (
        .expectancy(interval, coin: "USDT"),
        "The 95.0 % interval of what a trade earns after all costs, -0.5000 to 2.00 USDT, holds zero."
      ),
      (
        .deflatedSharpe(0.94999, needed: 0.95, trials: 12),
        "The probability that the true Sharpe ratio is above the best of 12 trials by luck is "
          + "94.9 %; 95.0 % is needed."
      ),
      (
        .randomInstants(probability: 0.0004, allowed: 0.05),
        "The same trades at random times earn as much with a probability of less than 0.1 %; "
          + "at most 5.0 % is allowed."
      ),
      (
        .unknown(.randomSides, reason: "There was no trade."),
        "What random sides would earn cannot be known: There was no trade."
      ),
    ]
    for (fact, sentence) in cases {
      let ground = ReplayGround(fact: fact, bearing: .leavesOpen)
      #expect(ground.sentence.english == sentence)
      #expect(!ground.sentence.korean.isEmpty)
    }
    for verdict in ReplayVerdict.allCases { #expect(verdict.sentence.english.hasSuffix(".")) }
  }

  @Test(
    "the same evidence gives the same figures whatever the order of the trades; another seed others"
  )
  func repeatable() {
    let noise = NullBaselineTests.traded(seed: 11)
    var turned = noise
    turned.trips.reverse()
    let settings = NullBaselineTests.settings()
    let trust = noise.trust(settings)
    #expect(trust == turned.trust(settings))
    #expect(trust.randomInstants != noise.trust(NullBaselineTests.settings(seed: 2)).randomInstants)
  }

  @Test("the interval of what a trade earns holds the truth about as often as it promises")
  func coverage() throws {
    var held = 0
    for seed in 0..<120 as Range<UInt64> {
      let trust = NullBaselineTests.traded(seed: 1000 + seed).trust(NullBaselineTests.settings())
      let interval = try #require(trust.expectancy.value).coins
      if interval.lower <= 0, interval.upper >= 0 { held += 1 }
    }
    // Three quarters of a hundred independent trades; a bootstrap of so few falls short of 95 %.
    #expect(held >= 100, "\(held) of 120")
  }

  @Test("trades in company are counted as by comparing every pair")
  func company() {
    var noise = TradedNoise(contracts: 1, minutes: 200, seed: 3)
    var generator = SplitMix64(seed: 1)
    for minute in stride(from: 1, to: 150, by: 4) {
      noise.trade(0, .long, at: minute, bars: 1 + Int(generator.next() % 30))
    }
    var pairs = 0
    for (row, trip) in noise.trips.enumerated() {
      pairs += noise.trips[row...].count { $0.openedAt < trip.closedAt }
    }
    let mean = Double(pairs) / Double(noise.trips.count)
    #expect(agree(TradeExpectancy.company(of: noise.trips), mean))
  }

  @Test("equity is read at the ends of hours and days, and its returns end where nothing is left")
  func equity() {
    let start = Timestamp(millisecondsSinceEpoch: 1_699_999_200_000)
    let curve = EquityCurve(
      instants: [0, 30, 60, 61, 120, 300, 330].map { start + .minutes($0) },
      equity: [100, 90, 110, 120, 121, 0, 5])
    #expect(curve.places(every: .hours(1)) == [0, 2, 4, 5, 6])
    let returns = curve.returns(between: [0, 2, 4, 5, 6])
    #expect(returns.count == 3)
    #expect(agree(returns[0], 0.1) && agree(returns[1], 0.1) && returns[2] == -1)
    #expect(EquityCurve(instants: [], equity: []).places(every: .days(1)).isEmpty)
  }
}
