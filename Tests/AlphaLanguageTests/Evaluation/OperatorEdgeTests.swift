import AlphaLanguage
import Markets
import TestKit
import Testing

@Suite("Corners of single operators")
struct OperatorEdgeTests {
  private func values(
    _ formula: FormulaGraph, _ panel: Panel, universe: MembershipColumn? = nil,
    fillsMissing: Bool = false
  ) -> [Double] {
    Evaluator.values(
      of: [formula], on: panel, settings: EvaluationSettings(fillsMissing: fillsMissing),
      universe: universe)[0]
  }

  @Test("signed_power of zero to a negative power is missing, for no power is infinite")
  func signedPowerOfZero() {
    let panel = TinyPanel.make([("x", [[0, 0, -2]])])
    let result = values(.call(.signedPower, [.field("x"), .constant(-1)]), panel)
    #expect(result[0].isNaN)
    #expect(result[2] == -0.5)
  }

  @Test("a small regressor beside a huge one keeps its weight")
  func regressorsOfAllSizes() {
    let huge = [3.0, -1, 4, 1, -5, 9].map { $0 * 1e12 }
    let small = [2.0, 7, -1, 8, 2, -8].map { $0 * 1e-3 }
    let y = zip(huge, small).map { 1 + 2e-12 * $0 + 500 * $1 }
    let panel = TinyPanel.make([("y", [y]), ("huge", [huge]), ("small", [small])])
    let residuals = values(
      .call(.multiRegression, [.field("y"), .field("huge"), .field("small")]), panel)
    let largest = residuals.map { Swift.abs($0) }.max() ?? .nan
    #expect(largest < 1e-9, "\(residuals)")
  }

  @Test("a regressor that depends on others takes no weight from those after it")
  func dependentRegressor() {
    let x = [2.0, 7, -1, 8, 2, -8]
    let y = [1.0, 5, 2, 9, -3, 4]
    let panel = TinyPanel.make([("y", [y]), ("x", [x])])
    let inputs: [FormulaGraph] = [.field("y"), .constant(0.1), .field("x")]
    let withConstant = values(.call(.multiRegression, inputs), panel)
    let without = values(.call(.multiRegression, [.field("y"), .field("x")]), panel)
    #expect(zip(withConstant, without).filter { !agree($0, $1) }.isEmpty, "\(withConstant)")
  }

  @Test("the weight of ts_target_tvr_decay is that of the input, between its bounds")
  func targetDecay() {
    let panel = TinyPanel.series(["x": [1, 2]])
    let formula = FormulaGraph.call(
      .tsTargetTvrDecay, [.field("x")], [.number(0.2), .number(0.4), .number(0.01)])
    #expect(agree(values(formula, panel)[1], 1.2))
  }

  @Test("outside the universe an instrument has no class")
  func groupsArePasteurized() {
    let panel = TinyPanel.make([("x", [[1, 2, 3]])], groups: [("g", [0, 0, 0])])
    let universe = MembershipColumn(rows: 1, columns: 3, members: [1, 1, 0])
    let count = values(
      .call(.groupCount, [.field("x"), .field("g")]), panel, universe: universe)
    #expect(count[0] == 2)
    #expect(count[2].isNaN)
    let mean = values(
      .call(.groupMean, [.field("x"), .constant(1), .field("g")]), panel, universe: universe,
      fillsMissing: true)
    #expect(mean[1] == 1.5)
    #expect(mean[2].isNaN)
  }

  @Test("an infinite event is a missing one")
  func infiniteEvents() {
    let panel = TinyPanel.make([], vectors: [("v", [[[1, .infinity, 3], [.infinity]]])])
    let mean = values(.call(.vecAvg, [.field("v")]), panel)
    #expect(mean[0] == 2)
    #expect(mean[1].isNaN)
  }

  @Test("a distance too large for a number is missing")
  func infiniteDistance() {
    let panel = TinyPanel.series(["x": [1.5e308, -1.5e308]])
    #expect(values(.call(.tsMaxDiff, [.field("x")], [.number(2)]), panel)[1].isNaN)
  }
}
