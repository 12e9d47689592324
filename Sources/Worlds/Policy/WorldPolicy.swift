package import Essentials

/// What a world demands before a strategy may trade, how much it may trade, and who may say so: the
/// document `world.yml`, read and checked.
///
/// Fractions are fractions, never percent. The initializers give the defaults that a document has
/// where it is silent. A policy that was read is consistent; the rules it keeps are those of its
/// reader.
package struct WorldPolicy: Hashable, Sendable {
  package var world: String
  /// Counted by whoever publishes.
  package var version = 1
  /// The state that the document asks for when it is applied.
  package var state = DeclaredState.active
  /// Whether anything in this world may ever trade money.
  package var allowsLive = false
  /// The length of an evaluation cycle and of a bar.
  package var interval = TimeSpan.days(1)
  package var currency = CurrencyRules()
  package var evaluation = EvaluationRules()
  package var metrics = MetricRules()
  package var robustness = RobustnessRules()
  package var selection = SelectionRules()
  package var risk = RiskRules()
  package var cutover = CutoverRules()
  package var sharing = SharingRules()
  package var objectives = ServiceObjectives()
  package var alerts: [AlertRule] = []
  package var roles = RoleRules()
  package var audit = AuditRules()
  package var instances: [InstanceDeclaration] = []

  package init(world: String) {
    self.world = world
  }
}

/// What the people of a world want of it.
package enum DeclaredState: String, Hashable, Sendable, CaseIterable {
  case active
  /// Evidence is judged and nobody moves.
  case evalOnly = "eval_only"
  /// Nothing is judged, and every gate is closed.
  case paused
}

/// Instances that the document itself submits.
package struct InstanceDeclaration: Hashable, Sendable {
  /// The name of the strategy, or the id of an alpha of a research run.
  package var strategy: String
  package var params: [JSONValue.Member] = []
  package var side: TradingSide
  /// Empty for the whole universe of the strategy.
  package var symbols: [String] = []
  package var sector: String?
  package var venue: String?
  package var broker: String?

  package init(strategy: String, side: TradingSide) {
    self.strategy = strategy
    self.side = side
  }
}
