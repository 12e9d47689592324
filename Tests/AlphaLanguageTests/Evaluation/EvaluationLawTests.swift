import Essentials
import Markets
import Testing

@testable import AlphaLanguage

/// What must hold for every formula, to the bit, however its rows are fed.
@Suite("Laws of evaluation")
struct EvaluationLawTests {
  private static let rows = 18
  private static let panel = RoughPanels.make(rows: rows, columns: 9, seed: 7)
  private static let universe = RoughPanels.universe(of: panel, seed: 8)
  private static let settings = EvaluationSettings(fillsMissing: true)

  /// Four formulas around every operator, two to five operators deep.
  private static let formulas: [FormulaGraph] = {
    var random = RandomFormulas(seed: 9, longest: rows + 5)
    return OperatorCode.allCases.flatMap { code in
      (2...5).map { random.formula(around: code, depth: $0) }
    }
  }()

  /// All formulas together on the whole panel.
  private static let whole = values(formulas)

  private static func values(
    _ formulas: [FormulaGraph], on panel: Panel = panel, blockRows: Int? = nil
  ) -> [[Double]] {
    Evaluator.values(
      of: formulas, on: panel, settings: settings, universe: universe, blockRows: blockRows)
  }

  @Test("the size of a block changes no bit", arguments: [1, 3, 7, 64])
  func blockSize(blockRows: Int) {
    let values = Self.values(Self.formulas, blockRows: blockRows)
    expectSameBits(values, Self.whole, Self.formulas)
  }

  @Test("rows that come one at a time, on a panel that grows, give the bits of the whole panel")
  func oneRowAtATime() {
    let evaluator = Evaluator(
      plan: EvaluationPlan(Self.formulas), panel: Self.panel.truncated(to: 1),
      settings: Self.settings)
    var values = [[Double]](repeating: [], count: Self.formulas.count)
    for row in 0..<Self.rows {
      let panel = Self.panel.truncated(to: Swift.min(Self.rows, row + 1 + row % 3))
      evaluator.advance(to: row + 1, on: panel, universe: Self.universe) { rows in
        for offset in 0..<rows.count {
          for column in 0..<rows.columns { values[rows.formula].append(rows[offset, column]) }
        }
      }
    }
    expectSameBits(values, Self.whole, Self.formulas)
  }

  @Test("a formula among hundreds has the bits that it has alone")
  func alone() {
    for (formula, together) in zip(Self.formulas, Self.whole) {
      expectSameBits(Self.values([formula]), [together], [formula])
    }
  }

  @Test("the order of formulas changes no bit, though it changes which memory they share")
  func order() {
    let values = Self.values(Self.formulas.reversed())
    expectSameBits(values.reversed(), Self.whole, Self.formulas)
  }

  @Test("no operator sees the future", arguments: [1, 6, 11])
  func future(rows: Int) {
    let values = Self.values(Self.formulas, on: Self.panel.truncated(to: rows))
    let beginning = Self.whole.map { Array($0.prefix(rows * Self.panel.columns)) }
    expectSameBits(values, beginning, Self.formulas)
  }

  @Test("every node of a formula has its operator's plain value of what its inputs hold")
  func everyNode() {
    for formula in Self.formulas {
      let disagreement = FormulaAudit(
        formula: formula, panel: Self.panel, settings: Self.settings, universe: Self.universe
      ).disagreement
      #expect(disagreement == nil, "\(disagreement ?? "")")
    }
  }

  @Test("a formula read back from its canonical text has the same bits")
  func canonicalText() {
    var readBack = 0
    for (formula, expected) in zip(Self.formulas, Self.whole) {
      guard let checked = checkedAgain(formula, on: Self.panel) else { continue }
      readBack += 1
      expectSameBits(Self.values([checked.graph]), [expected], [formula])
    }
    #expect(readBack > Self.formulas.count / 2)
  }

  @Test("an evaluation that begins with a row's look-back gives its bits from that row on")
  func lateBeginning() {
    let panel = RoughPanels.make(rows: 42, columns: 9, seed: 10)
    var random = RandomFormulas(seed: 11, longest: 12)
    for code in OperatorCode.allCases {
      for row in [24, 33] {
        let formula = random.formula(around: code, depth: 1 + row % 2)
        guard let checked = checkedAgain(formula, on: panel),
          case .rows(let lookBack) = checked.lookBack, lookBack <= row
        else { continue }
        let whole = Evaluator.values(of: [checked.graph], on: panel)[0]
        let later = Evaluator(
          plan: EvaluationPlan([checked.graph]), panel: panel, settings: EvaluationSettings(),
          firstRow: row - lookBack)
        later.advance(to: row, on: panel) { _ in }
        var values: [Double] = []
        later.advance(to: panel.rows, on: panel) { rows in
          for offset in 0..<rows.count {
            for column in 0..<rows.columns { values.append(rows[offset, column]) }
          }
        }
        expectSameBits([values], [Array(whole.dropFirst(row * panel.columns))], [formula])
      }
    }
  }
}

/// Expects the values of each formula to be the same to the bit.
private func expectSameBits(
  _ calculated: [[Double]], _ expected: [[Double]], _ formulas: [FormulaGraph]
) {
  for (place, formula) in formulas.enumerated() {
    let isSameCount = calculated[place].count == expected[place].count
    #expect(isSameCount, "\(describe(formula)): \(calculated[place].count) values")
    let difference = calculated[place].indices.first { index in
      isSameCount && !isSameBits(calculated[place][index], expected[place][index])
    }
    if let difference {
      Issue.record(
        """
        \(describe(formula)): value \(difference) is \(calculated[place][difference]) in place of \
        \(expected[place][difference])
        """)
    }
  }
}

/// Reads a graph back from its canonical text; nil where it is a constant or calls an operator on
/// constants alone, which no formula may.
private func checkedAgain(_ formula: FormulaGraph, on panel: Panel) -> CheckedFormula? {
  guard let text = CanonicalText.of(formula, catalog: .fastexpr) else { return nil }
  do {
    return try FormulaChecker(schema: panel.schema).check(text)
  } catch {
    let codes = Set(error.errors.map(\.code))
    #expect(codes.isSubset(of: ["constant_input", "constant_formula"]), "\(text): \(codes)")
    return nil
  }
}
