import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Services
import Worlds

/// What worlds compute on one panel.
struct WorldSharing: Sendable {
  let panel: String
  let computation: SharedComputation

  /// Checks the formulas of all instances that count on a panel.
  init(panel: Panel, worlds: [WorldState]) throws {
    self.panel = panel.name
    let checker = FormulaChecker(schema: panel.schema)
    var formulas: [WorldFormula] = []
    var rules: [String: SharingRules] = [:]
    for state in worlds {
      let records = state.records.filter { $0.phase.isRoot && $0.panelName == panel.name }
      guard !records.isEmpty else { continue }
      rules[state.world] = state.rules.sharing
      for record in records {
        formulas.append(
          WorldFormula(
            world: state.world, instance: record.id,
            formula: try checker.check(record.submission.formula),
            settings: try SimulationSettings(json: record.submission.settings),
            side: record.side))
      }
    }
    computation = try SharedComputation(formulas, rules: rules, panel: panel)
  }
}

extension InstanceRecord {
  /// The panel that the instance is computed on.
  var panelName: String? {
    if case .string(let name)? = submission.panel["name"] { name } else { nil }
  }
}
