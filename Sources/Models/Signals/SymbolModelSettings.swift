package import Essentials
package import Markets

/// What all models of a symbol are made with.
///
/// The defaults of every model are for the length of the bars that are told.
package struct SymbolModelSettings: Hashable, Sendable {
  /// Whose prices are the ticks.
  package enum TickSource: String, CaseIterable, Hashable, Sendable {
    /// Every trade is a tick. Trades bounce between bid and ask.
    case trades
    /// The middle of the best prices of every book is a tick.
    case mids
  }

  /// The bars that models step by; bars of another length are refused.
  package let span: BarSpan
  /// Names the chance of the particles, mixed with the symbol.
  package var seed: UInt64
  /// The step between prices of books; books are refused without it.
  package var tick: TickSize?
  /// What quantities of books count.
  package var lot = LotSize.one
  package var ticks = TickSource.trades
  package var belief = BeliefSettings()
  /// How readings are averaged over time; nil takes each as it is.
  package var smoothing: SmoothedBelief.Settings?
  /// Whether the rules of thumb of ``MarketFactors`` count.
  package var usesMarketFactors = false

  /// One-step returns before anything is read.
  package var warmUp = 120
  /// Returns after which a squared return weighs half in the volatility of late.
  package var volatilityHalfLife = 120.0
  /// The same for the volatility that GARCH returns to where it was not fitted.
  package var meanVolatilityHalfLife = 2880.0
  /// How many returns all that was seen before counts for when the volatility has changed.
  package var returnsKeptAtChange = 20
  /// Bars after which a turnover weighs half.
  package var turnoverHalfLife = 240.0
  /// How long after the last bar something is still read.
  package var silenceMax: TimeSpan
  /// How long a book is one.
  package var bookAgeMax = TimeSpan.seconds(10)
  /// How far hidden states follow the market until they are fitted.
  package var stateLearningRate = 0.02

  /// What a learned drift must have shown before it is listened to.
  package var learnedEvidence = LearnedDriftDocument.Evidence.earning

  package var momentum: Momentum.Settings
  package var kalman: KalmanDrift.Settings
  package var particle: ParticleDrift.Settings
  package var bayesian: BayesianDrift.Settings
  package var autoregression: Autoregression.Settings
  package var hurst = HurstExponent.Settings()
  package var reversion: ReversionGauge.Settings
  package var vpin = VPIN.Settings()
  package var flow = OrderFlowImbalance.Settings()
  package var season = SeasonalVolatility.Settings()
  package var change = ChangeDetector.Settings()
  package var trend = MovingAverageRegime.Settings()
  package var motion = TickMotion.Settings()
  package var fills: MakerFill.Settings
  package var track = DirectionTrack.Settings()

  package init(span: BarSpan = .minute, seed: UInt64 = 0) {
    self.span = span
    self.seed = seed
    let seconds = span.length.seconds
    silenceMax = TimeSpan(milliseconds: 10 * span.length.milliseconds)
    momentum = Momentum.Settings(stepSeconds: seconds)
    kalman = KalmanDrift.Settings(stepSeconds: seconds)
    particle = ParticleDrift.Settings(seed: seed, stepSeconds: seconds)
    bayesian = BayesianDrift.Settings(stepSeconds: seconds)
    autoregression = Autoregression.Settings(stepSeconds: seconds)
    reversion = ReversionGauge.Settings(stepSeconds: seconds)
    fills = MakerFill.Settings(stepSeconds: seconds)
  }
}
