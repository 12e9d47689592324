package import Backtesting

extension EffectiveTrials {
  /// With more alphas the correlations would take longer than their simulation.
  private static let alphasMax = 1000

  /// How many different ideas alphas hold, by how their profits move together; nil where there are
  /// too few or too many to say.
  package static func count(of alphas: [PricedAlpha]) -> Int? {
    guard (2...alphasMax).contains(alphas.count) else { return nil }
    let series = alphas.map(\.result.series.pnl)
    return (try? TrialReturns(series: series)).flatMap { try? EffectiveTrials(of: $0).count }
  }
}
