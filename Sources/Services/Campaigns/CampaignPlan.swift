package import Backtesting
package import Research

/// What a campaign is asked for: with the journal's answers, a panel and this, a campaign is the same
/// in every life.
package struct CampaignPlan: Sendable {
  package var ideas: [IdeaSpec]
  /// Where all chance begins.
  package var seed: UInt64 = 1
  /// How the simulations are run; candidates vary decay, truncation and neutralization.
  package var settings: SimulationSettings
  package var limits: CheckLimits
  /// Formulas asked for in one call for an idea.
  package var proposals = 12
  /// How many times the best and the failed are mutated.
  package var generations = 1
  /// Children of an idea in a generation.
  package var children = 12
  package var policy = JudgingPolicy()
  package var validation = ValidationMachine.Policy()
  package var trust = TrustSettings()
  /// The most tokens that an answer may have, before the budget's own ceiling.
  package var maxOutputTokens = 2_200
  package var threads = 1

  /// Candidates of an idea from which children are made.
  package static let parentsMax = 4

  package init(ideas: [IdeaSpec], settings: SimulationSettings, limits: CheckLimits) {
    self.ideas = ideas
    self.settings = settings
    self.limits = limits
  }
}
