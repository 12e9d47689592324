import AlphaLanguage
import Markets
import TestKit
import Testing

@Suite("The pivots of rolling sums")
struct RollingPivotTests {
  @Test("a series far from zero whose first value is missing keeps the digits of its deviation")
  func keepsDigits() {
    let panel = TinyPanel.series(["x": [nan, 1e8 + 1, 1e8 + 2, 1e8 + 3, nan, 1e8 + 4]])
    let deviation = Evaluator.values(
      of: [.call(.tsStdDev, [.field("x")], [.number(10)])], on: panel)[0]
    #expect(agree(deviation[2], 0.5))
    #expect(agree(deviation[3], (2.0 / 3).squareRoot()))
    #expect(agree(deviation[5], 1.25.squareRoot()))
  }

  @Test("a pair whose first values are missing keeps the digits of its correlation and slope")
  func keepsDigitsOfPairs() {
    let panel = TinyPanel.series([
      "x": [nan, 1e8 + 1, 1e8 + 2, 1e8 + 4, 1e8 + 8], "y": [1, 2e8, 2e8 + 3, 2e8 + 6, 2e8 + 18],
    ])
    let inputs: [FormulaGraph] = [.field("y"), .field("x")]
    let values = Evaluator.values(
      of: [
        .call(.tsCorr, inputs, [.number(10)]),
        .call(.tsRegression, inputs, [.number(10), .number(0), .number(2)]),
      ], on: panel)
    #expect(agree(values[0][4], 0.9928502920692637))
    #expect(agree(values[1][4], 2.5304347826086957))
  }

  @Test(
    "an evaluation that begins with the window of a row gives that row's bits, wherever gaps lie",
    arguments: [OperatorCode.tsStdDev, .tsMean, .tsCorr, .tsCovariance])
  func windowDecides(code: OperatorCode) {
    let window = 7
    let panel = RoughPanels.make(rows: 40, columns: 9, seed: 21)
    let isPair = code == .tsCorr || code == .tsCovariance
    let formula = FormulaGraph.call(
      code, isPair ? [.field("late"), .field("close")] : [.field("late")],
      [.number(Double(window))])
    let whole = Evaluator.values(of: [formula], on: panel)[0]
    for row in (window - 1)..<panel.rows {
      let later = Evaluator(
        plan: EvaluationPlan([formula]), panel: panel, settings: EvaluationSettings(),
        firstRow: row - window + 1)
      later.advance(to: panel.rows, on: panel) { rows in
        for offset in Swift.max(0, row - rows.firstRow)..<rows.count {
          for column in 0..<panel.columns {
            let expected = whole[(rows.firstRow + offset) * panel.columns + column]
            #expect(
              isSameBits(rows[offset, column], expected), "from \(row), \(rows.firstRow + offset)")
          }
        }
      }
    }
  }
}

/// Whether two numbers are the same to the bit, or both missing.
func isSameBits(_ a: Double, _ b: Double) -> Bool {
  a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
}
