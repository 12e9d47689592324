import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Paired differences")
struct PairedDifferenceTests {
  private func bootstrap(_ block: Double = 4, _ resamples: Int = 400, seed: UInt64 = 3)
    -> BlockBootstrap
  {
    BlockBootstrap(meanBlockLength: block, resamples: resamples, seed: seed)
  }

  @Test("a difference of means is that of the differences, and what moves both cancels")
  func means() throws {
    let market = Noise.normal(300, seed: 1, deviation: 1)
    let own = Noise.normal(300, seed: 2, deviation: 0.01)
    let first = zip(market, own).map { $0 + $1 + 0.005 }
    let difference = try #require(
      PairedDifference(of: first, over: market, .mean, margin: 0.001, by: bootstrap()))
    let alone = try #require(
      bootstrap().interval(
        for: .mean, of: zip(first, market).map { $0 - $1 }, method: .percentile))
    #expect(difference.interval == alone)
    // A hundredth over √300 is 6e-4: eight of these lie between the two.
    #expect(difference.interval.lower > 0 && difference.probability < 0.01)
    #expect(difference.inferiorityProbability < 0.01)
    #expect(difference.deviation < 0.001)
  }

  @Test("a difference of tails is that of the means of the lowest rows")
  func tails() throws {
    let first = (1...100).map(Double.init)
    let second = first.map { $0 <= 10 ? $0 - 7 : $0 }
    let difference = try #require(
      PairedDifference(of: first, over: second, .tail(share: 0.05), margin: 1, by: bootstrap(1)))
    #expect(difference.interval.estimate == 7)
    #expect(difference.interval.lower > 0)
    let part = try #require(
      PairedDifference(
        of: first, over: first.map { _ in 0 }, .tail(share: 0.025), margin: 0, by: bootstrap(1)))
    // Two rows and a half: (1 + 2 + 3 / 2) / 2.5.
    #expect(agree(part.interval.estimate, 1.8))
  }

  @Test("without a difference a finding at 5 % is made about once in twenty times")
  func size() throws {
    var found = (mean: 0, tail: 0)
    let seeds: Range<UInt64> = 0..<60
    for seed in seeds {
      let first = Noise.normal(100, seed: 900 + 2 * seed, deviation: 1)
      let second = Noise.normal(100, seed: 901 + 2 * seed, deviation: 1)
      let draws = bootstrap(2, 99, seed: seed)
      let mean = try #require(
        PairedDifference(of: first, over: second, .mean, margin: 0, by: draws))
      let tail = try #require(
        PairedDifference(of: first, over: second, .tail(share: 0.1), margin: 0, by: draws))
      if mean.probability <= 0.05 { found.mean += 1 }
      if tail.probability <= 0.05 { found.tail += 1 }
    }
    // Three are expected of sixty; the bootstrap of a tail is a little bold.
    #expect(found.mean <= 8 && found.tail <= 10, "\(found)")
  }

  @Test("equal series differ by nothing, and are no worse by any margin")
  func same() throws {
    let values = Noise.normal(50, seed: 5, deviation: 1)
    for figure in [PairedDifference.Figure.mean, .tail(share: 0.1)] {
      let none = try #require(
        PairedDifference(of: values, over: values, figure, margin: 1e-9, by: bootstrap()))
      #expect(none.interval.estimate == 0 && none.interval.upper == 0)
      #expect(none.probability == 1 && none.inferiorityProbability < 0.01)
    }
    #expect(
      PairedDifference(of: [1], over: [2], .mean, margin: 0, by: bootstrap()) == nil)
    #expect(
      PairedDifference(of: [1, .nan], over: [2, 2], .mean, margin: 0, by: bootstrap()) == nil)
  }
}
