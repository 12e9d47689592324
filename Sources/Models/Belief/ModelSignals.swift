/// What models say about one market at one instant. What is nil is unknown or not believed, and
/// counts for nothing.
package struct ModelSignals: Hashable, Sendable {
  /// The length of a step in seconds, for what is told per step.
  package var stepSeconds: Double
  /// How far ahead the belief is for, in seconds.
  package var horizonSeconds: Double
  /// The volatility that returns of late have shown; above zero.
  package var annualVolatility: Double
  /// The volatility over the horizon by GARCH.
  package var garchVolatility: Double?
  package var momentum: DriftEstimate?
  /// The deviation of short over long returns, ``Momentum/volatilityRatio``.
  package var volatilityRatio: Double?
  /// The imbalance of the best levels in [−1, 1].
  package var orderFlow: Double?
  /// The weighted flow of all levels as a multiple of the mean depth.
  package var multiLevelFlow: Double?
  package var kalman: DriftEstimate?
  package var particle: DriftEstimate?
  package var bayesian: DriftEstimate?
  package var autoregression: DriftEstimate?
  /// What learned trees expect: `mu_ml`.
  package var learned: DriftEstimate?
  /// The drift of a year by ``CausalWeights``.
  package var causal: Double?
  package var persistence: HurstExponent.Verdict?
  /// The drift of a year to the level that the price is drawn to, where a pull is believed.
  package var reversionDrift: Double?
  package var vpin: Double?
  package var hawkes: HawkesFlow?
  /// The confidence of the hidden state, positive for a rising one and negative for a falling one; zero
  /// where it is neither.
  package var hiddenState: Double?
  /// The drift that the hidden states expect over the horizon by their own means.
  package var hiddenDrift: DriftEstimate?
  /// The calibrated probability that the price is higher at the horizon.
  package var probabilityUp: Double?
  /// The probability that a resting order is filled.
  package var makerFill: Double?
  /// ``SeasonalVolatility/factor(at:)`` for the horizon.
  package var seasonalFactor: Double?
  /// What a table says of the market's trend and the hour.
  package var market: MarketFactors?

  /// Nil where the volatility is not above zero: of a market that does not move nothing can be
  /// believed.
  package init?(stepSeconds: Double = 60, horizonSeconds: Double, annualVolatility: Double) {
    precondition(stepSeconds > 0 && horizonSeconds > 0, "a belief for no time")
    guard annualVolatility > 0, annualVolatility.isFinite else { return nil }
    self.stepSeconds = stepSeconds
    self.horizonSeconds = horizonSeconds
    self.annualVolatility = annualVolatility
  }

  /// The same with every number that is not finite taken for unknown.
  var known: ModelSignals {
    var signals = self
    func keep(_ path: WritableKeyPath<ModelSignals, Double?>) {
      if let value = signals[keyPath: path], !value.isFinite { signals[keyPath: path] = nil }
    }
    func keep(_ path: WritableKeyPath<ModelSignals, DriftEstimate?>) {
      if let estimate = signals[keyPath: path],
        !estimate.annualDrift.isFinite || !estimate.annualDeviation.isFinite
      {
        signals[keyPath: path] = nil
      }
    }
    keep(\.garchVolatility)
    keep(\.momentum)
    keep(\.volatilityRatio)
    keep(\.orderFlow)
    keep(\.multiLevelFlow)
    keep(\.kalman)
    keep(\.particle)
    keep(\.bayesian)
    keep(\.autoregression)
    keep(\.learned)
    keep(\.causal)
    keep(\.hiddenState)
    keep(\.hiddenDrift)
    keep(\.reversionDrift)
    keep(\.vpin)
    keep(\.probabilityUp)
    keep(\.makerFill)
    keep(\.seasonalFactor)
    return signals
  }
}
