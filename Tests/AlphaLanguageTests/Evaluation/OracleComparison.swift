import AlphaLanguage
import Markets
import Mathematics

/// The values of a formula computed twice, by the kernels and the plain way.
///
/// Missing cells must be the same ones, and numbers agree to 1e-9 of their size. Looser bounds hold
/// where the last digits of a result are rounding by nature, whatever the algorithm:
/// - a result that is the small difference of terms in units of the input (a mean, a residual, a
///   distance) may differ by 1e-12 of the largest input of its instrument, or of its row for
///   operators across the row;
/// - standardized results (scores, correlations) are read against 1 and may differ by 1e-9;
/// - any result may differ by ten times what the plain value changes when each number of the inputs
///   is moved by up to 1e-13 of its size, equal numbers alike, so that ties remain.
struct OracleComparison {
  let node: FormulaGraph.Node
  let inputs: [PlainValue]
  let oracle: PlainEvaluator

  /// Where and how the fast values of the node differ from the plain ones, nil where they agree.
  func difference(_ fast: [Double]) -> String? {
    guard case .matrix(let plain) = oracle.value(of: node, given: inputs) else {
      return "the node is no matrix"
    }
    let columns = oracle.panel.columns
    if fast.count != plain.count * columns { return "\(fast.count) values" }
    let sizes = InputSizes(inputs, rows: plain.count, columns: columns)
    var moved: [[[Double]]] = []
    for (index, calculated) in fast.enumerated() {
      let (row, column) = (index / columns, index % columns)
      let expected = plain[row][column]
      if calculated.isNaN, expected.isNaN { continue }
      let difference = Swift.abs(calculated - expected)
      if difference <= 1e-9 * Swift.max(Swift.abs(calculated), Swift.abs(expected)) { continue }
      if difference <= rounding(sizes, row, column) { continue }
      if !difference.isNaN {
        if moved.isEmpty { moved = (1...3).map { valuesOfMovedInputs(seed: $0) } }
        if moved.contains(where: { difference <= 10 * Swift.abs($0[row][column] - expected) }) {
          continue
        }
      }
      return "row \(row), column \(column) is \(calculated) in place of \(expected)"
    }
    return nil
  }

  private func valuesOfMovedInputs(seed: UInt64) -> [[Double]] {
    func moved(_ value: Double) -> Double {
      var generator = SplitMix64(seed: value.bitPattern &* 31 &+ seed)
      return value * (1 + 1e-13 * (2 * generator.nextUniform() - 1))
    }
    let inputs = inputs.map { (input: PlainValue) -> PlainValue in
      guard case .matrix(let rows) = input else { return input }
      return .matrix(rows.map { $0.map(moved) })
    }
    guard case .matrix(let rows) = oracle.value(of: node, given: inputs) else { return [] }
    return rows
  }

  /// The difference that rounding may leave in a cell, whatever its value.
  private func rounding(_ sizes: InputSizes, _ row: Int, _ column: Int) -> Double {
    guard case .apply(let code) = node.operation else { return 0 }
    switch code {
    case .tsMean, .tsSum, .tsAvDiff, .tsStdDev, .tsDecayLinear, .tsDecayExpWindow, .tsMinMaxCps,
      .tsMinMaxDiff, .tsVectorNeut, .tsVectorProj, .filter, .tsRegression:
      return 1e-12 * sizes.ofColumn[column]
    case .hump, .tsTargetTvrDecay, .tsTargetTvrHump, .tsTargetTvrDeltaLimit, .normalize,
      .vectorNeut, .vectorProj, .regressionNeut, .regressionProj,
      .groupNeutralize, .groupSum, .groupMean, .groupExtra, .groupVectorNeut, .groupVectorProj,
      .winsorize, .groupBackfill:
      return 1e-12 * Swift.max(sizes.ofRow[row], sizes.ofColumn[column])
    case .multiRegression:
      // Nearly equal regressors have large weights that cancel.
      return 1e-11 * (sizes.ofRow.max() ?? 0)
    case .tsPolyRegression:
      // So do those of powers of numbers that lie in clusters.
      return 1e-10 * sizes.ofColumn[column]
    case .tsMoment:
      // Odd moments of symmetric values are zero but for rounding.
      guard case .number(let order) = node.options[1], Int(order) % 2 == 1 else { return 0 }
      return 1e-12 * Elementary.pow(sizes.ofColumn[column], order)
    case .tsZscore, .tsCorr, .tsPartialCorr, .tsTripleCorr, .tsCoSkewness, .tsCoKurtosis,
      .tsSkewness, .tsKurtosis, .zscore, .groupZscore, .vecSkewness, .vecKurtosis, .tsQuantile,
      .quantile, .tsRankGmeanAmeanDiff, .rankGmeanAmeanDiff:
      return 1e-9
    default:
      return 0
    }
  }
}

extension OracleComparison {
  /// Compares the fast and the plain values of a whole formula.
  static func disagreement(
    on formula: FormulaGraph, _ panel: Panel, _ settings: EvaluationSettings,
    _ universe: MembershipColumn? = nil
  ) -> String? {
    let fast = Evaluator.values(of: [formula], on: panel, settings: settings, universe: universe)
    let oracle = PlainEvaluator(panel: panel, settings: settings, universe: universe)
    let nodes = oracle.nodeValues(of: formula)
    let root = formula.nodes[formula.root]
    let comparison = OracleComparison(
      node: root, inputs: root.inputs.map { nodes[$0] }, oracle: oracle)
    return comparison.difference(fast[0]).map {
      "\(describe(formula)) on \(panel.name), \(settings)\(universe == nil ? "" : ", universe"): \($0)"
    }
  }
}

/// The largest numbers among the matrix inputs of a node.
private struct InputSizes {
  var ofRow: [Double]
  var ofColumn: [Double]

  init(_ inputs: [PlainValue], rows: Int, columns: Int) {
    ofRow = [Double](repeating: 0, count: rows)
    ofColumn = [Double](repeating: 0, count: columns)
    for case .matrix(let matrix) in inputs {
      for (row, values) in matrix.enumerated() {
        for (column, value) in values.enumerated() where !value.isNaN {
          ofRow[row] = Swift.max(ofRow[row], Swift.abs(value))
          ofColumn[column] = Swift.max(ofColumn[column], Swift.abs(value))
        }
      }
    }
  }
}

/// The formula as nested calls.
func describe(_ formula: FormulaGraph) -> String {
  func text(_ place: Int) -> String {
    let node = formula.nodes[place]
    switch node.operation {
    case .field(let name): return name
    case .constant(let number): return "\(number)"
    case .apply(let code):
      let options = node.options.map { option in
        switch option {
        case .number(let value): "\(value)"
        case .flag(let value): "\(value)"
        case .word(let value): value
        case .numbers(let values): "\(values)"
        case .absent: "_"
        }
      }
      return "\(code.rawValue)(\((node.inputs.map(text) + options).joined(separator: ", ")))"
    }
  }
  return text(formula.root)
}
