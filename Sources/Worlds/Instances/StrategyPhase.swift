/// Where an instance stands on its way from a formula to money.
package enum StrategyPhase: String, Hashable, Sendable, CaseIterable {
  /// Entered, and not looked at yet.
  case submitted
  /// Replayed over history; it cannot order anything.
  case backtest
  /// Traded on paper with advancing data.
  case dryrun
  /// Traded with money, as far as its gate lets it.
  case live
  /// Taken back; it may be tried on paper again after a while.
  case inactive
  /// Its history could not be replayed.
  case failed
  /// Given up for ever.
  case retired

  /// Whether the evidence of one that stands here is judged in every cycle.
  package var isJudged: Bool { self == .dryrun || self == .live }
}
