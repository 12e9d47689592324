import AlphaLanguage
import Markets
import Testing

@Suite("Panels at the edge of their shape")
struct EdgePanelTests {
  /// A formula around every operator, and each with ordinary options on fields alone.
  private static let formulas: [FormulaGraph] = {
    var random = RandomFormulas(seed: 31, longest: 9)
    return OperatorCode.allCases.flatMap { code in
      [random.formula(around: code, depth: 1), random.formula(around: code, depth: 3)]
    }
  }()

  @Test(
    "panels of one row or one instrument, and around the width of a register, agree with plain",
    arguments: [(1, 13), (12, 1), (1, 1), (5, 7), (5, 8), (5, 9)])
  func shapes(rows: Int, columns: Int) {
    let panel = RoughPanels.make(rows: rows, columns: columns, seed: UInt64(100 + columns))
    audit(Self.formulas, on: panel)
  }

  @Test("panels without any value agree with plain", arguments: [false, true])
  func nothingPresent(fillsMissing: Bool) {
    let empty = [[Double]](repeating: [nan, nan, nan], count: 4)
    let fields = RoughPanels.matrices.map { ($0, empty) }
    let panel = TinyPanel.make(
      fields, groups: RoughPanels.groups.map { ($0, [0, 1, -1]) },
      vectors: RoughPanels.vectors.map {
        ($0, [[[Double]]](repeating: [[], [nan], []], count: 4))
      })
    audit(Self.formulas, on: panel, EvaluationSettings(fillsMissing: fillsMissing))
  }

  @Test("an empty universe agrees with plain")
  func emptyUniverse() {
    let panel = RoughPanels.make(rows: 5, columns: 9, seed: 33)
    let universe = MembershipColumn(
      rows: 5, columns: 9, members: [UInt8](repeating: 0, count: 45))
    audit(Self.formulas, on: panel, EvaluationSettings(fillsMissing: true), universe)
  }

  @Test("a formula may be a field, a constant, or a part of another formula")
  func roots() {
    let panel = RoughPanels.make(rows: 6, columns: 9, seed: 34)
    let close = FormulaGraph.field("close")
    let mean = FormulaGraph.call(.tsMean, [close], [.number(3)])
    let formulas: [FormulaGraph] = [
      close, .constant(0.1), mean, .call(.add, [mean, .constant(0.1)]), close,
      .call(.tsDelta, [mean], [.number(2)]), .call(.add, [.constant(1), .constant(2)]),
    ]
    let together = Evaluator.values(of: formulas, on: panel)
    let oracle = PlainEvaluator(panel: panel)
    for (formula, values) in zip(formulas, together) {
      let expected = oracle.values(of: formula).flatMap { $0 }
      let isEqual = zip(values, expected).filter { isSameBits($0, $1) }.count == expected.count
      #expect(isEqual || formula.rootCode != nil, "\(describe(formula))")
      let alone = Evaluator.values(of: [formula], on: panel)[0]
      #expect(zip(values, alone).filter { !isSameBits($0, $1) }.isEmpty, "\(describe(formula))")
    }
  }

  private func audit(
    _ formulas: [FormulaGraph], on panel: Panel,
    _ settings: EvaluationSettings = EvaluationSettings(), _ universe: MembershipColumn? = nil
  ) {
    for formula in formulas {
      let disagreement = FormulaAudit(
        formula: formula, panel: panel, settings: settings, universe: universe
      ).disagreement
      #expect(disagreement == nil, "\(disagreement ?? "")")
    }
  }
}
