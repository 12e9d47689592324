import AlphaLanguage
package import Markets
package import Worlds

/// What worlds compute on one panel.
package struct WorldSharing: Sendable {
  /// The name of the panel.
  package let panel: String
  package let computation: SharedComputation

  /// Checks the formulas of all instances that count on a panel; refused where one may not run there.
  package init(panel: Panel, worlds: [WorldState]) throws {
    self.panel = panel.name
    let checker = FormulaChecker(schema: panel.schema)
    var formulas: [WorldFormula] = []
    var rules: [String: SharingRules] = [:]
    for state in worlds {
      let records = state.records.filter {
        $0.phase.isRoot && $0.submission.panelName == panel.name
      }
      guard !records.isEmpty else { continue }
      rules[state.world] = state.rules.sharing
      for record in records {
        formulas.append(try record.submission.formula(in: state.world, checkedBy: checker))
      }
    }
    computation = try SharedComputation(formulas, rules: rules, panel: panel)
  }
}
