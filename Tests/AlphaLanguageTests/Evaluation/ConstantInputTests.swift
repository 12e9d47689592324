import AlphaLanguage
import Testing

@Suite("Inputs that do not vary")
struct ConstantInputTests {
  // Three times 0.1 divided by three is not 0.1, so a deviation from that mean is not zero.
  private let panel = TinyPanel.make([
    ("flat", [[0.1, 0.1, 0.1], [0.1, 0.1, 0.1], [0.1, 0.1, 0.1]]),
    ("x", [[1, 2, 4], [2, 1, 3], [4, 3, 1]]), ("y", [[2, 1, 5], [1, 3, 2], [3, 3, 9]]),
  ])

  @Test("moments of a constant window are missing, not the ratio of two roundings")
  func windows() {
    let formulas: [FormulaGraph] = [
      .call(.tsSkewness, [.field("flat")], [.number(3)]),
      .call(.tsKurtosis, [.field("flat")], [.number(3)]),
      .call(.tsCoSkewness, [.field("x"), .field("flat")], [.number(3)]),
      .call(.tsCoKurtosis, [.field("flat"), .field("x")], [.number(3)]),
      .call(.tsTripleCorr, [.field("x"), .field("y"), .field("flat")], [.number(3)]),
      .call(.tsPartialCorr, [.field("x"), .field("y"), .field("flat")], [.number(3)]),
    ]
    for values in Evaluator.values(of: formulas, on: panel) {
      #expect(values.suffix(3).filter(\.isNaN).count == 3, "\(values)")
    }
  }

  @Test("a regression across the row on a constant is missing")
  func crossSection() {
    let formulas: [FormulaGraph] = [
      .call(.regressionNeut, [.field("x"), .field("flat")]),
      .call(.regressionProj, [.field("x"), .field("flat")]),
    ]
    for values in Evaluator.values(of: formulas, on: panel) {
      #expect(values.filter(\.isNaN).count == values.count, "\(values)")
    }
  }
}
