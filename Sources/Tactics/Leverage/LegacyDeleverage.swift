package import Essentials

/// Positions that carry more leverage than is wanted are brought down step by step.
package enum LegacyDeleverage {
  /// A position whose leverage may be too high.
  package struct Candidate: Hashable, Sendable {
    package var symbol: String
    package var leverage: Double
    /// What would be wanted for it now.
    package var wanted: Double
    /// When it was last brought down; nil where it never was.
    package var lastStepAt: Timestamp?

    package init(symbol: String, leverage: Double, wanted: Double, lastStepAt: Timestamp?) {
      self.symbol = symbol
      self.leverage = leverage
      self.wanted = wanted
      self.lastStepAt = lastStepAt
    }
  }

  /// A leverage that is to be set.
  package struct Step: Hashable, Sendable {
    package var symbol: String
    package var from: Double
    package var to: Double
  }

  /// Returns the steps of one cycle, the largest gap first, then by symbol. What is not known is
  /// left alone.
  package static func steps(
    for candidates: [Candidate], at now: Timestamp, under settings: LeverageSettings.Legacy
  ) -> [Step] {
    let due = candidates.compactMap { candidate -> (gap: Double, step: Step)? in
      guard candidate.leverage.isFinite, candidate.wanted.isFinite,
        candidate.leverage >= settings.leverageFrom
      else { return nil }
      if let last = candidate.lastStepAt, now - last < settings.interval { return nil }
      let desired = max(settings.leverageMin, min(candidate.leverage, candidate.wanted))
      let gap = candidate.leverage - desired
      guard gap > settings.tolerance else { return nil }
      return (
        gap,
        Step(
          symbol: candidate.symbol, from: candidate.leverage,
          to: max(desired, candidate.leverage - settings.stepMax))
      )
    }
    return
      due.sorted { ($1.gap, $0.step.symbol) < ($0.gap, $1.step.symbol) }
      .prefix(settings.symbolsPerCycle).map(\.step)
  }
}
