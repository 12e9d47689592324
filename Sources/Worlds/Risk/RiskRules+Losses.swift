extension RiskRules.Limits {
  /// Whether a loss is limited, so that what may be lost must be known.
  var limitsLosses: Bool { valueAtRisk99 != nil || expectedShortfall975 != nil }
}

extension WorldSnapshot.Instance {
  /// Whether it is known how much its returns vary.
  var isVolatilityKnown: Bool { volatility >= 0 && volatility.isFinite }
}
