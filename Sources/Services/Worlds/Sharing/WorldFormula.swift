package import AlphaLanguage
package import Backtesting
package import Worlds

/// An instance as it is computed: a checked formula under its settings, on a side, in a world.
package struct WorldFormula: Sendable {
  package let world: String
  /// The instance's name, unique in its world.
  package let instance: String
  package let formula: CheckedFormula
  package let settings: SimulationSettings
  package let side: TradingSide

  package init(
    world: String, instance: String, formula: CheckedFormula, settings: SimulationSettings,
    side: TradingSide
  ) {
    self.world = world
    self.instance = instance
    self.formula = formula
    self.settings = settings
    self.side = side
  }
}
