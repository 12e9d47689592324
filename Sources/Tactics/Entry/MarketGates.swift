/// The gates that look at the market alone.
enum MarketGates {
  /// The spread is no wider than its regime allows.
  static func spread(_ entry: EntryCircumstances, _ settings: EntrySettings) -> TacticVerdict {
    let reason = EntryGate.spread.rawValue
    let spread = entry.market.spread
    guard spread.isFinite else { return .notApplicable(reason) }
    let cap = settings.market.spreadMax.value(in: entry.market.regime)
    return .passing(if: spread <= cap, reason, [.init("spread", spread, limit: cap)])
  }

  /// There is enough liquidity.
  static func liquidity(_ entry: EntryCircumstances, _ settings: EntrySettings) -> TacticVerdict {
    atLeast(
      entry.market.liquidity, settings.market.liquidityMin, .liquidity, named: "liquidity_score")
  }

  /// Ticks move enough to trade.
  static func tickVolatility(
    _ entry: EntryCircumstances, _ settings: EntrySettings
  ) -> TacticVerdict {
    atLeast(
      entry.market.tickVolatility, settings.market.tickVolatilityMin, .tickVolatility,
      named: "tick_volatility")
  }

  private static func atLeast(
    _ value: Double, _ limit: Double, _ gate: EntryGate, named name: String
  ) -> TacticVerdict {
    guard value.isFinite else { return .notApplicable(gate.rawValue) }
    return .passing(if: value >= limit, gate.rawValue, [.init(name, value, limit: limit)])
  }
}
