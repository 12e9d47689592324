package import AlphaLanguage
package import Backtesting
import Essentials
package import Worlds

extension InstanceSubmission {
  /// The name of the panel that the instance is computed on, nil where none is named.
  package var panelName: String? {
    if case .string(let name)? = panel["name"] { name } else { nil }
  }

  /// How the instance is simulated; what is not said has its default.
  package var simulationSettings: SimulationSettings {
    get throws(SimulationRefusal) {
      try SimulationSettings(json: settings == .null ? [:] : settings)
    }
  }

  /// The instance as it is computed in a world; refused where its formula may not run on the panel of
  /// the checker, or its settings are none.
  package func formula(
    in world: String, checkedBy checker: FormulaChecker
  ) throws -> WorldFormula {
    WorldFormula(
      world: world, instance: id, formula: try checker.check(formula),
      settings: try simulationSettings, side: side)
  }
}
