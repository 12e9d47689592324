/// Where a part of the drift comes from, in the order in which parts are added up.
package enum DriftSource: String, CaseIterable, Hashable, Sendable {
  case momentum
  case orderFlow = "order_flow"
  case multiLevelFlow = "mlofi"
  case kalman
  case particle
  case bayesian
  case autoregression
  case learned = "mu_ml"
  case causal
  case reversion
  case hawkes
  case hiddenState = "hmm"
  case direction
  case makerFill = "maker_fill"
  case market
}

/// Where a part of the volatility comes from, in the order in which parts are added up.
package enum VolatilitySource: String, CaseIterable, Hashable, Sendable {
  /// What returns of late have shown.
  case realized
  case garch
  case toxicity
  /// The hour of the day.
  case season
  case market
}
