/// How signals become one drift and one volatility: weights and rules, each stated.
///
/// The defaults are those that can be derived; where another rule is in use elsewhere it is a named
/// option of the same step, and ``conventional`` takes all of these together.
package struct BeliefSettings: Hashable, Sendable {
  /// The shares of the drift that go to each model; the rest is the base's.
  package struct Weights: Hashable, Sendable {
    package var multiLevelFlow = 0.20
    package var kalman = 0.20
    package var particle = 0.10
    package var bayesian = 0.10
    package var autoregression = 0.10
    package var learned = 0.15
    package var causal = 0.05

    package init() {}
  }

  /// What an estimate with an error counts for.
  package enum Shrinkage: Hashable, Sendable {
    /// Drifts of a year are taken to scatter about zero with so many volatilities of a year before
    /// anything is seen, and an estimate is what Bayes' rule leaves of it: τ² / (τ² + error²).
    case prior(volatilities: Double)
    /// Estimates are taken at face value, whatever their error, times a factor for momentum.
    case none(momentumFactor: Double)
  }

  /// How a flow without unit becomes a drift.
  package enum FlowScale: Hashable, Sendable {
    /// A flow of one moves the log price of a step by so many of its deviations.
    case stepDeviations(Double)
    /// A flow of one is a drift of so much a year, whatever the instrument.
    case annual(Double)
  }

  /// How momentum and the flow at the best levels make the base.
  package enum Base: Hashable, Sendable {
    /// They are added: they say different things.
    case sum
    /// The flow's share is half the ratio of short to long volatility, within 0.2 and 0.7; where both
    /// are strong and disagree, 0.3 of the larger counts.
    case shareByVolatility
  }

  /// What persistence does to the drift.
  package struct Persistence: Hashable, Sendable {
    /// The share that goes to the pull where moves come back and a pull is known.
    package var reversionShare = 0.7
    /// Factors on the drift where moves go on, and where that is undecided.
    package var persistentFactor = 1.0
    package var undecidedFactor = 1.0

    package init() {}
  }

  /// What one-sided flow does to drift and volatility.
  package struct Toxicity: Hashable, Sendable {
    /// The VPIN of ordinary trading; what lies above it counts, as a share of the room to one.
    package var ordinary = 0.5
    /// What full toxicity takes from the drift, and the least that it leaves.
    package var driftLoss = 0.6
    package var driftFactorMin = 0.10
    /// What full toxicity adds to the volatility as a share of it, and the largest factor.
    package var volatilityGain = 0.8
    package var volatilityFactorMax = 2.5
    /// The VPIN from which on the drift goes to the pull, and the share of it; nil for none:
    /// one-sided flow is a sign of news, which does not come back.
    package var extreme: Double?
    package var extremeReversionShare = 0.85

    package init() {}
  }

  /// How the excitement of ticks becomes a drift.
  package enum Excitement: Hashable, Sendable {
    /// By the share of the rates that is in excess on one side, like a flow.
    case imbalance(FlowScale)
    /// So much a year for every event per second of excess.
    case annualPerRate(Double)
  }

  /// How two volatilities are joined.
  package enum Blend: Hashable, Sendable {
    /// By their squares, which is right for two halves of a time or of a doubt.
    case variances
    case deviations
  }

  /// What a hidden state that rises or falls does to the drift.
  package struct HiddenState: Hashable, Sendable {
    /// To what a share of the drift moves.
    package enum Target: Hashable, Sendable {
      /// To the drift that the states' own means say, as far as they are known; nothing where no
      /// states were fitted.
      case stateDrift
      /// To the drift's own size with the state's sign: nothing where the drift is zero.
      case ownSize
    }

    package var target = Target.stateDrift
    /// The share that moves, times the confidence in the state.
    package var share = 0.10

    package init() {}
  }

  /// What the probability of a rise does to the drift.
  package struct Direction: Hashable, Sendable {
    /// To what a share of the drift moves.
    package enum Target: Hashable, Sendable {
      /// To the drift that the probability implies: the edge 2p − 1 times the mean move over the
      /// horizon, σ √(2h/π) for a normal one.
      case impliedDrift
      /// To the drift's own size with the edge's sign: nothing where the drift is zero.
      case ownSize
    }

    package var target = Target.impliedDrift
    /// The probability of the likelier side from which on it counts.
    package var confidenceMin = 0.55
    /// The share that moves, times that probability.
    package var strength = 0.6

    package init() {}
  }

  /// The largest drift.
  package enum Cap: Hashable, Sendable {
    /// So many deviations of a step in each step.
    case stepDeviations(Double)
    case annual(Double)
  }

  package var weights = Weights()
  package var shrinkage = Shrinkage.prior(volatilities: 10)
  package var base = Base.sum
  package var flowScale = FlowScale.stepDeviations(0.02)
  package var multiLevelFlowScale = FlowScale.stepDeviations(0.02)
  package var persistence = Persistence()
  package var toxicity = Toxicity()
  package var excitement = Excitement.imbalance(.stepDeviations(0.02))
  package var garchWeight = 0.5
  package var blend = Blend.variances
  package var hiddenState = HiddenState()
  package var direction = Direction()
  /// What a sure fill adds to the size of the drift. It makes a falling market fall less and a rising
  /// one rise more, so it is zero unless asked for.
  package var makerFillBoost = 0.0
  package var cap: Cap? = .stepDeviations(0.1)

  package init() {}

  /// The rules and numbers that desks of this kind ship: estimates at face value, flows in annual
  /// units, fixed reactions to persistence and toxicity, a cap of 5 a year.
  package static let conventional: BeliefSettings = {
    var settings = BeliefSettings()
    settings.shrinkage = .none(momentumFactor: 10)
    settings.base = .shareByVolatility
    settings.flowScale = .annual(8)
    settings.multiLevelFlowScale = .annual(8)
    settings.persistence.persistentFactor = 1.15
    settings.persistence.undecidedFactor = 0.25
    settings.toxicity.ordinary = 0
    settings.toxicity.extreme = 0.90
    settings.excitement = .annualPerRate(0.3)
    settings.blend = .deviations
    settings.hiddenState.target = .ownSize
    settings.direction.target = .ownSize
    settings.makerFillBoost = 0.15
    settings.cap = .annual(5)
    return settings
  }()
}
