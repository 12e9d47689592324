package import AlphaLanguage
import Essentials

/// Changes formulas by editing their trees.
///
/// Every result was checked: it is a valid formula of the space's panel, differs from its parent, is
/// no larger than BRAIN accepts, and joins no more units that do not agree than the parent did.
package struct FormulaMutation: Sendable {
  /// A formula that an edit made.
  package struct Edit: Sendable {
    package let formula: CheckedFormula
    /// What was changed, as a clause such as `ts_mean window 20 to 30`.
    package let description: String
  }

  package let space: MutationSpace

  package init(space: MutationSpace) {
    self.space = space
  }

  /// Draws that are made before an operator is given up as not applicable.
  private static let attempts = 12

  /// Returns a changed formula, or nil where the operator has nothing to change.
  ///
  /// - Parameters:
  ///   - partner: the other parent of a crossover; without one a crossover is not applicable.
  ///   - lane: fields of the explore lane are preferred in it.
  package func apply(
    _ operation: MutationOperator, to parent: CheckedFormula, partner: CheckedFormula? = nil,
    lane: Lane = .exploit, using generator: inout some RandomNumberGenerator
  ) -> Edit? {
    guard let tree = FormulaTree(parent.graph, catalog: catalog) else { return nil }
    let other = partner.flatMap { FormulaTree($0.graph, catalog: catalog) }
    for _ in 0..<Self.attempts {
      guard
        let draft = draft(operation, tree, partner: other, lane: lane, using: &generator)
      else { return nil }
      if let formula = accepted(draft.tree, instead: parent) {
        return Edit(formula: formula, description: draft.description)
      }
    }
    return nil
  }

  var catalog: OperatorCatalog { space.checker.catalog }

  /// An edit that was not checked yet.
  typealias Draft = (tree: FormulaTree, description: String)

  private func accepted(_ tree: FormulaTree, instead parent: CheckedFormula) -> CheckedFormula? {
    guard let text = tree.text(catalog: catalog),
      let formula = try? space.checker.check(text), formula.fingerprint != parent.fingerprint,
      formula.complexity.operators <= FormulaLimits.operatorsOnBRAIN,
      formula.warnings.count(where: Self.isOfUnits)
        <= parent.warnings.count(where: Self.isOfUnits)
    else { return nil }
    return formula
  }

  private static func isOfUnits(_ warning: Diagnostic) -> Bool {
    warning.code == "incompatible_unit"
  }

  private func draft(
    _ operation: MutationOperator, _ tree: FormulaTree, partner: FormulaTree?, lane: Lane,
    using generator: inout some RandomNumberGenerator
  ) -> Draft? {
    switch operation {
    case .windowStep: windowStep(tree, &generator)
    case .constantStep: constantStep(tree, &generator)
    case .operatorSwap: operatorSwap(tree, &generator)
    case .fieldSwap: fieldSwap(tree, lane, &generator)
    case .normalize: normalize(tree, &generator)
    case .unwrap: unwrap(tree, &generator)
    case .smooth: smooth(tree, &generator)
    case .groupNeutralize: neutralize(tree, &generator)
    case .signFlip: signFlip(tree)
    case .gate: gate(tree, &generator)
    case .crossover: partner.flatMap { crossover(tree, $0, &generator) }
    case .simplify: simplify(tree, &generator)
    case .settings: nil
    }
  }
}
