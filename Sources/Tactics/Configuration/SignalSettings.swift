package import Markets
package import Models

/// How signals become a belief. The meaning, unit and range of each value stand in the table of keys;
/// see ``TacticsConfiguration/explain(_:)``.
package struct SignalSettings: Hashable, Sendable {
  package var rules = BeliefRules.derived
  package var weights = BeliefSettings.Weights()
  package var garchWeight = 0.5
  package var learnedEvidence = LearnedDriftDocument.Evidence.earning
  package var hiddenStateShare = 0.10
  package var directionConfidenceMin = 0.55
  package var directionStrength = 0.6
  package var usesMarketFactors = false
  package var warmUpBars = 120

  package init() {}

  /// The rules of the combination.
  package var belief: BeliefSettings {
    var settings: BeliefSettings
    switch rules {
    case .derived: settings = BeliefSettings()
    case .faceValue:
      settings = BeliefSettings()
      settings.shrinkage = .none(momentumFactor: 1)
    case .seed: settings = .conventional
    }
    settings.weights = weights
    settings.garchWeight = garchWeight
    settings.hiddenState.share = hiddenStateShare
    settings.direction.confidenceMin = directionConfidenceMin
    settings.direction.strength = directionStrength
    return settings
  }
}

extension SymbolModelSettings {
  /// The models of a contract as settings want them, for bars of a length.
  package init(
    for contract: PerpetualContract, span: BarSpan, seed: UInt64, under settings: SignalSettings
  ) {
    self.init(span: span, seed: seed)
    tick = contract.rules.tick
    lot = contract.rules.lot
    belief = settings.belief
    usesMarketFactors = settings.usesMarketFactors
    learnedEvidence = settings.learnedEvidence
    warmUp = settings.warmUpBars
  }
}
