import Backtesting
import Mathematics
import Services
import TestKit
import Testing

@Suite("The difference of two Sharpe ratios")
struct SharpeDifferenceTests {
  /// Profits with a common part, an own part and a mean.
  private func series(
    rows: Int, mean: Double, common: [Double], seed: UInt64
  ) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return common.map {
      mean + $0 + 0.3 * Double.random(in: -1...1, using: &generator)
    }
  }

  private func noise(rows: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<rows).map { _ in Double.random(in: -1...1, using: &generator) }
  }

  @Test("what moves both cancels: the interval is narrower than for series of their own")
  func pairing() throws {
    let common = noise(rows: 500, seed: 1)
    let first = series(rows: 500, mean: 0.05, common: common, seed: 2)
    let alike = series(rows: 500, mean: 0, common: common, seed: 3)
    let apart = series(rows: 500, mean: 0, common: noise(rows: 500, seed: 9), seed: 3)
    let paired = try #require(
      SharpeDifference(of: first, and: alike, rowsPerYear: 252, resamples: 400))
    let unpaired = try #require(
      SharpeDifference(of: first, and: apart, rowsPerYear: 252, resamples: 400))
    func width(_ difference: SharpeDifference) -> Double {
      difference.interval.upper - difference.interval.lower
    }
    #expect(width(paired) < 0.6 * width(unpaired))
  }

  @Test("turning the two around turns every sign")
  func antisymmetry() throws {
    let first = noise(rows: 200, seed: 4)
    let second = noise(rows: 200, seed: 5)
    let one = try #require(
      SharpeDifference(of: first, and: second, rowsPerYear: 252, resamples: 200))
    let other = try #require(
      SharpeDifference(of: second, and: first, rowsPerYear: 252, resamples: 200))
    #expect(agree(one.interval.estimate, -other.interval.estimate))
    #expect(agree(one.interval.lower, -other.interval.upper))
    #expect(agree(one.probabilityFirstIsAhead, 1 - other.probabilityFirstIsAhead))
    #expect(one.pValue == other.pValue)
  }

  @Test("a clear difference is found, and none between draws without skill, most of the time")
  func power() throws {
    var found = 0
    var mistaken = 0
    for seed in 0..<40 as Range<UInt64> {
      let common = noise(rows: 250, seed: seed * 3 + 100)
      let good = series(rows: 250, mean: 0.15, common: common, seed: seed * 3 + 101)
      let idle = series(rows: 250, mean: 0, common: common, seed: seed * 3 + 102)
      let equal = series(rows: 250, mean: 0, common: common, seed: seed * 3 + 5000)
      func interval(_ one: [Double]) throws -> (lower: Double, upper: Double) {
        let difference = try #require(
          SharpeDifference(of: one, and: idle, rowsPerYear: 252, resamples: 200))
        return (difference.interval.lower, difference.interval.upper)
      }
      if try interval(good).lower > 0 { found += 1 }
      let level = try interval(equal)
      if level.lower > 0 || level.upper < 0 { mistaken += 1 }
    }
    #expect(found >= 36, "found \(found) of 40")
    // Five percent of 40 is 2; more than 7 would come about once in a thousand times.
    #expect(mistaken <= 7, "mistaken \(mistaken) of 40")
  }

  @Test("a series without variation or with a gap has no difference")
  func undefined() {
    let values = noise(rows: 50, seed: 6)
    let flat = [Double](repeating: 1, count: 50)
    #expect(SharpeDifference(of: values, and: flat, rowsPerYear: 252) == nil)
    #expect(
      SharpeDifference(of: values, and: [.nan] + values.dropFirst(), rowsPerYear: 252) == nil)
  }
}
