package import Backtesting
package import Research

extension CandidateSettings {
  /// The settings of a simulation here in the words of a candidate.
  package init(_ settings: SimulationSettings) {
    self.init()
    instrumentType = settings.instrumentType
    region = settings.region
    universe = settings.universe
    delay = settings.delay
    decay = settings.decay
    neutralization = settings.neutralization.rawValue
    truncation = settings.truncation
    maxTrade = settings.maxTrade
    pasteurization = settings.pasteurization
    testPeriod = settings.testPeriod.description
    nanHandling = settings.nanHandling
    visualization = false
  }
}

extension SimulationSettings {
  /// These settings with those that a search varies taken from a candidate: decay, truncation and
  /// neutralization.
  package func varied(by candidate: CandidateSettings) throws(SimulationRefusal)
    -> SimulationSettings
  {
    var settings = self
    try settings.set("decay", to: "\(candidate.decay)")
    try settings.set("truncation", to: "\(candidate.truncation)")
    try settings.set("neutralization", to: candidate.neutralization)
    return settings
  }
}
