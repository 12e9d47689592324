import Backtesting
import Essentials
import Testing

@testable import Research

@Suite("Selections")
struct LowCorrelationSelectionTests {
  private static func entry(_ name: String, _ pnl: [Double], from day: Int = 0) -> PnLPool.Entry {
    PnLPool.Entry(
      name: name,
      stamps: pnl.indices.map {
        Timestamp(millisecondsSinceEpoch: Int64(day + $0) * 86_400_000)
      },
      pnl: pnl, sharpe: 1)
  }

  @Test("an alpha that goes along with a better one is dropped")
  func greedy() {
    let selection = LowCorrelationSelection(
      [
        Self.entry("a", [1, 2, 3, 4, 5]), Self.entry("b", [2, 4, 6, 8, 10.5]),
        Self.entry("c", [1, -1, 1, -1, 1]),
      ], rowsMin: 3)
    #expect(selection.kept == ["a", "c"])
    #expect(selection.dropped.map(\.name) == ["b"] && selection.dropped[0].resembles == "a")
  }

  @Test("rows that one series lacks are left out, not filled with zero")
  func missing() {
    let left = [1, .nan, 3, 4, .nan, 6.0]
    let right = [2, 100, 6, 8, -50, 12.0]
    #expect(abs((PairwiseCorrelation.of(left, right, rowsMin: 3) ?? 0) - 1) < 1e-12)
    #expect(PairwiseCorrelation.of(left, right, rowsMin: 5) == nil)
    #expect(PairwiseCorrelation.of([1, 1, 1], [1, 2, 3], rowsMin: 3) == nil)
  }

  @Test("series of different days are compared on the days they share")
  func stamps() {
    let left = Self.entry("a", [9, 1, 2, 3, 5], from: 0)
    let right = Self.entry("b", [-1, -2, -3, -5, 7], from: 1)
    #expect(abs((PairwiseCorrelation.of(left, right, rowsMin: 4) ?? 0) + 1) < 1e-12)
    // The opposite of a kept alpha is no new idea.
    #expect(LowCorrelationSelection([left, right], rowsMin: 4).kept == ["a"])
  }

  @Test("the nearest of a pool is the one with the largest correlation of either sign")
  func pool() {
    let series = Self.entry("x", (0..<30).map { Double($0 % 7) })
    let pool = PnLPool([
      Self.entry("x", (0..<30).map { Double($0 % 7) }),
      Self.entry("near", (0..<30).map { -Double($0 % 7) }),
      Self.entry("far", (0..<30).map { Double($0 % 4) }), Self.entry("short", [1, 2, 3]),
    ])
    let found = PoolCorrelation(of: series, with: pool)
    #expect(found.nearest == "near" && found.compared == 2 && found.incomparable == 1)
    #expect(abs((found.largest ?? 0) + 1) < 1e-12)
  }

  @Test("diversity adds a tenth at most")
  func diversity() {
    let spread = DiversityBonus(of: [
      ("USA", 0, "pv"), ("EUR", 1, "news"), ("USA", 1, "model"),
    ])
    #expect(abs(spread.value() - 0.0888889) < 1e-6)
    #expect(DiversityBonus(of: []).value() == 0)
  }
}
