import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("MarketCircle")
struct MarketCircleTests {
  @Test("moves, funding and deviations over any stretch are those of a walk from step to step")
  func walk() throws {
    let closes = Noise.normal(12, seed: 3, mean: 100, deviation: 2)
    let payments = try [(0, 0.0001), (3, -0.0002), (7, 0.0005), (10, 0.0001)].map { minute, rate in
      FundingPayment(
        instant: TradedNoise.begin + .minutes(minute + 1) + TimeSpan(milliseconds: 5),
        rate: try #require(SignedRate(rate)))
    }
    let gaps: Set = [4, 5, 9]
    let circle = try #require(
      MarketCircle(
        ContractID(place: 0),
        ReplayMarket(bars: TradedNoise.bars(closes, leavingOut: gaps), funding: payments),
        from: TradedNoise.begin, through: TradedNoise.begin + .minutes(12)))
    #expect(circle.steps == 11)
    var known = closes
    for minute in closes.indices where gaps.contains(minute) { known[minute] = known[minute - 1] }
    let rates = [0: 0.0001, 3: -0.0002, 7: 0.0005, 10: 0.0001]
    for place in 0..<11 {
      for steps in 1...30 {
        var growth = 1.0
        var paid = 0.0
        var squares = 0.0
        for step in 0..<steps {
          let at = (place + step) % 11
          let move = known[at + 1] / known[at]
          growth *= move
          squares += (move - 1) * (move - 1)
          // A payment shortly behind the end of a bar falls into the step that follows.
          paid += rates[at] ?? 0
        }
        #expect(agree(circle.growth(from: place, steps: steps), growth))
        #expect(agree(circle.fundingPaid(from: place, steps: steps), paid))
        #expect(
          agree(
            circle.deviation(from: place, steps: steps), (squares / Double(steps)).squareRoot()))
      }
    }
  }

  @Test("an instant is at the last end of a bar that is not behind it, and a length in whole steps")
  func places() throws {
    let circle = try #require(
      MarketCircle(
        ContractID(place: 0), ReplayMarket(bars: TradedNoise.bars([1, 2, 3, 4, 5])),
        from: TradedNoise.begin + .minutes(2), through: TradedNoise.begin + .minutes(5)))
    #expect(circle.steps == 3)
    #expect(circle.growth(from: 0, steps: 1) == 1.5)
    for (seconds, place) in [(0, 0), (120, 0), (179, 0), (180, 1), (299, 2), (900, 2)]
      as [(Int64, Int)]
    {
      #expect(circle.place(of: TradedNoise.begin + .seconds(seconds)) == place)
    }
    for (seconds, steps) in [(0, 1), (29, 1), (89, 1), (90, 2), (600, 10)] as [(Int64, Int)] {
      #expect(circle.steps(in: .seconds(seconds)) == steps)
    }
    let none = MarketCircle(
      ContractID(place: 0), ReplayMarket(bars: TradedNoise.bars([1, 2])),
      from: TradedNoise.begin + .hours(1), through: TradedNoise.begin + .hours(2))
    #expect(none == nil)
  }
}
