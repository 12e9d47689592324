import Essentials
import Markets
import TestKit
import Testing

@testable import Backtesting

@Suite("Exits compared on the same entries")
struct ExitComparisonTests {
  /// Entries every half hour, left by each policy after so many minutes.
  private func entries(_ holds: [Int], drift: Double, count: Int = 60) -> [ExitComparison.Entry] {
    var noise = TradedNoise(contracts: 1, minutes: 30 * count + 90, seed: 8, drift: drift)
    return (0..<count).map { number in
      noise.trips = []
      for hold in holds { noise.trade(0, .long, at: 5 + 30 * number, bars: hold) }
      return ExitComparison.Entry(
        trips: noise.trips, reason: number % 3 == 0 ? "stop" : "time", regime: "trend")
    }
  }

  private var settings: ReplayTrustSettings { NullBaselineTests.settings() }

  @Test("in a market that rises the longest hold is found to be best, in every cell")
  func planted() throws {
    let comparison = ExitComparison(
      of: entries([10, 2, 60], drift: 0.0004), policies: ["ten", "two", "sixty"],
      reference: "ten", settings: settings)
    let rows = comparison.rows
    #expect(rows.map(\.policy) == ["ten", "two", "sixty"] && rows[0].difference == nil)
    let longest = try #require(rows[2].difference)
    #expect(longest.interval.lower > 0 && (rows[2].probability ?? 1) <= 0.05)
    #expect((rows[1].difference?.interval.estimate ?? 0) < 0)
    #expect(rows.map(\.held) == [.minutes(10), .minutes(2), .minutes(60)])
    #expect(comparison.cells.map(\.trades) == [40, 20])
    for cell in comparison.cells {
      #expect(cell.best?.policy == "sixty" && (cell.best?.probability ?? 1) <= 0.05)
      #expect(cell.regret >= (cell.best?.gain.estimate ?? .infinity) - 1e-12)
    }
  }

  @Test("the figures are those of reckoning by hand, and the reference is compared with nothing")
  func byHand() throws {
    let entries = entries([10, 2], drift: 0)
    let comparison = ExitComparison(
      of: entries, policies: ["ten", "two"], reference: "nobody", settings: settings)
    #expect(comparison.reference == "ten")
    let returns = [0, 1].map { policy in entries.map { $0.trips[policy].netReturn } }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    #expect(agree(comparison.rows[1].mean?.estimate ?? 0, mean(returns[1])))
    let difference = mean(zip(returns[1], returns[0]).map { $0 - $1 })
    #expect(agree(comparison.rows[1].difference?.interval.estimate ?? 0, difference))
    let worst = returns[0].sorted().prefix(3)
    #expect(agree(comparison.rows[0].tail, mean(Array(worst))))
    let regrets = zip(returns[0], returns[1]).map { max($0, $1) - $0 }
    let cells = comparison.cells
    let weighted = cells.reduce(0) { $0 + $1.regret * Double($1.trades) }
    #expect(agree(weighted, regrets.reduce(0, +)))
  }

  @Test("few entries have counts and no intervals, and none have nothing")
  func few() {
    let few = ExitComparison(
      of: entries([10, 2], drift: 0, count: 5), policies: ["ten", "two"], reference: "ten",
      settings: settings)
    #expect(few.rows[1].difference == nil && few.cells.allSatisfy { $0.best == nil })
    let none = ExitComparison(of: [], policies: ["ten", "two"], reference: "ten")
    #expect(none.entries == 0 && none.cells.isEmpty && none.rows.allSatisfy { $0.mean == nil })
    #expect(!none.json.compactText.contains("nan"))
  }
}
