import Essentials
import Tactics
import Testing

@Suite("Old positions with too much leverage")
struct LegacyDeleverageTests {
  @Test("the largest gaps are brought down first, a step at a time, and rarely")
  func steps() {
    func candidate(
      _ symbol: String, _ leverage: Double, _ wanted: Double, last: Int64? = nil
    ) -> LegacyDeleverage.Candidate {
      LegacyDeleverage.Candidate(
        symbol: symbol, leverage: leverage, wanted: wanted, lastStepAt: last.map { .seconds($0) })
    }
    let steps = LegacyDeleverage.steps(
      for: [
        candidate("small gap", 10, 9.81), candidate("just asked", 50, 2, last: 900),
        candidate("low", 4.8, 1), candidate("b", 10, 1), candidate("a", 10, 1),
        candidate("near", 10, 9.5), candidate("unknown", .nan, 1),
        candidate("most", 20, 3, last: 880),
      ], at: .seconds(1000), under: Profiles.shipped.leverage.legacy)
    #expect(steps.map(\.symbol) == ["most", "a"])
    #expect(steps.map(\.to) == [19, 9])
    let last = LegacyDeleverage.steps(
      for: [candidate("near", 10, 9.5)], at: .seconds(0), under: Profiles.shipped.leverage.legacy)
    #expect(last.map(\.to) == [9.5])
  }
}
