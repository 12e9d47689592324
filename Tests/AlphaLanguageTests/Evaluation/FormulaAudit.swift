import AlphaLanguage
import Markets

/// Checks a formula node by node: what the kernels give for a node against the plain operator on
/// what the kernels give for its inputs.
///
/// So no difference is carried from one operator into the next, where a rank or a comparison would
/// turn the last digit into another class. Left out are nodes with an input of which a number's
/// square leaves the range of numbers: there the plain definition itself overflows.
struct FormulaAudit {
  let formula: FormulaGraph
  let panel: Panel
  let settings: EvaluationSettings
  let universe: MembershipColumn?

  /// The first node that disagrees, nil where none does.
  var disagreement: String? {
    let oracle = PlainEvaluator(panel: panel, settings: settings, universe: universe)
    let kinds = oracle.nodeValues(of: formula)
    let matrices = formula.nodes.indices.filter {
      if case .matrix = kinds[$0] { true } else { false }
    }
    let fast = Evaluator.values(
      of: matrices.map { FormulaGraph(nodes: formula.nodes, root: $0) }, on: panel,
      settings: settings, universe: universe)
    var known: [PlainValue] = []
    for (place, node) in formula.nodes.enumerated() {
      let inputs = node.inputs.map { known[$0] }
      guard let position = matrices.firstIndex(of: place) else {
        known.append(oracle.value(of: node, given: inputs))
        continue
      }
      let comparison = OracleComparison(node: node, inputs: inputs, oracle: oracle)
      if inputs.allSatisfy(\.isModerate), let difference = comparison.difference(fast[position]) {
        let subformula = FormulaGraph(nodes: formula.nodes, root: place)
        return "\(describe(subformula)): \(difference)"
      }
      known.append(
        .matrix(
          (0..<panel.rows).map { row in
            Array(fast[position][(row * panel.columns)..<((row + 1) * panel.columns)])
          }))
    }
    return nil
  }
}

extension PlainValue {
  /// Whether every number keeps its digits when it is squared a few times.
  fileprivate var isModerate: Bool {
    guard case .matrix(let rows) = self else { return true }
    return rows.allSatisfy { row in
      row.allSatisfy { $0.isNaN || $0 == 0 || (1e-30...1e30).contains(Swift.abs($0)) }
    }
  }
}
