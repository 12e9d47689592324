package import Essentials
import Mathematics

/// One drift and one volatility for a market, with what each source contributed.
///
/// The drift is the sum of the contributions of its sources, and the volatility of those of its own,
/// added from first to last: to the bit, because the sums are how both are made. A rule that damps or
/// lifts the whole does so to every contribution alike.
package struct Belief: Hashable, Sendable {
  /// A step of the combination with what it came to.
  package struct Stage: Hashable, Sendable {
    /// The steps in their order.
    package enum Name: String, CaseIterable, Hashable, Sendable {
      case base, mixture, persistence, toxicity, hawkes, garch
      case hiddenState = "hmm"
      case direction
      case makerFill = "maker_fill"
      case cap, season, market
    }

    package let name: Name
    package let annualDrift: Double
    package let annualVolatility: Double
  }

  /// By ``DriftSource``, in the order of its cases; a drift of a year each.
  package private(set) var driftParts = [Double](repeating: 0, count: DriftSource.allCases.count)
  /// By ``VolatilitySource``, in the order of its cases.
  package private(set) var volatilityParts =
    [Double](repeating: 0, count: VolatilitySource.allCases.count)
  /// What each step came to, in order.
  package private(set) var stages: [Stage] = []

  /// The drift of a year: `mu_adjusted`.
  package var annualDrift: Double { driftParts.reduce(0, +) }
  /// The volatility of a year: `sigma_sim`.
  package var annualVolatility: Double { volatilityParts.reduce(0, +) }

  /// What a source contributed to the drift.
  package subscript(source: DriftSource) -> Double { driftParts[Self.place(of: source)] }
  /// What a source contributed to the volatility.
  package subscript(source: VolatilitySource) -> Double { volatilityParts[Self.place(of: source)] }

  private static let driftPlaces = places(DriftSource.self)
  private static let volatilityPlaces = places(VolatilitySource.self)

  private static func places<Source: CaseIterable & Hashable>(_ type: Source.Type) -> [Source: Int]
  {
    Dictionary(uniqueKeysWithValues: zip(Source.allCases, 0...))
  }

  private static func place(of source: DriftSource) -> Int { driftPlaces[source] ?? 0 }
  private static func place(of source: VolatilitySource) -> Int { volatilityPlaces[source] ?? 0 }

  // MARK: - Combination

  /// Combines signals by stated rules; a number that is not finite counts as unknown. Cost: a few dozen steps.
  package init(_ told: ModelSignals, _ settings: BeliefSettings = BeliefSettings()) {
    let signals = told.known
    set(.realized, signals.annualVolatility)
    takeBase(signals, settings)
    finish(.base)
    mix(signals, settings)
    finish(.mixture)
    weighPersistence(signals, settings.persistence)
    finish(.persistence)
    weighToxicity(signals, settings.toxicity)
    finish(.toxicity)
    addExcitement(signals, settings.excitement)
    finish(.hawkes)
    blendVolatility(signals, settings)
    finish(.garch)
    weighHiddenState(signals, settings)
    finish(.hiddenState)
    weighDirection(signals, settings.direction)
    finish(.direction)
    if let fill = signals.makerFill, settings.makerFillBoost != 0 {
      add(
        .makerFill,
        settings.makerFillBoost * annualDrift.magnitude * max(0, 2 * (fill - 0.5)))
    }
    finish(.makerFill)
    cap(signals, settings.cap)
    finish(.cap)
    if let factor = signals.seasonalFactor { liftVolatility(by: factor, because: .season) }
    finish(.season)
    if let market = signals.market {
      let before = annualDrift
      add(.market, before * (market.drift - 1))
      liftVolatility(by: market.volatility, because: .market)
    }
    finish(.market)
  }

  private mutating func takeBase(_ signals: ModelSignals, _ settings: BeliefSettings) {
    let momentum = signals.momentum.map { counted($0, signals, settings, isMomentum: true) }
    let flow = signals.orderFlow.map {
      Self.drift(of: min(1, max(-1, $0)), settings.flowScale, signals)
    }
    switch settings.base {
    case .sum:
      set(.momentum, momentum ?? 0)
      set(.orderFlow, flow ?? 0)
    case .shareByVolatility:
      guard let momentum, let flow else {
        set(.momentum, momentum ?? 0)
        set(.orderFlow, flow ?? 0)
        return
      }
      if momentum * flow < 0, flow.magnitude > 0.5 {
        if momentum.magnitude >= flow.magnitude {
          set(.momentum, 0.3 * momentum)
        } else {
          set(.orderFlow, 0.3 * flow)
        }
        return
      }
      let share = min(0.7, max(0.2, 0.5 * (signals.volatilityRatio ?? 1)))
      set(.momentum, (1 - share) * momentum)
      set(.orderFlow, share * flow)
    }
  }

  /// Models take their shares from the base; the share of one that says nothing stays with it.
  private mutating func mix(_ signals: ModelSignals, _ settings: BeliefSettings) {
    let weights = settings.weights
    var parts: [(source: DriftSource, weight: Double, drift: Double)] = []
    func offer(_ source: DriftSource, _ weight: Double, _ drift: Double?) {
      if let drift, weight > 0 { parts.append((source, weight, drift)) }
    }
    func estimate(_ estimate: DriftEstimate?) -> Double? {
      estimate.map { counted($0, signals, settings, isMomentum: false) }
    }
    offer(
      .multiLevelFlow, weights.multiLevelFlow,
      signals.multiLevelFlow.map { Self.drift(of: $0, settings.multiLevelFlowScale, signals) })
    offer(.kalman, weights.kalman, estimate(signals.kalman))
    offer(.particle, weights.particle, estimate(signals.particle))
    offer(.bayesian, weights.bayesian, estimate(signals.bayesian))
    offer(.autoregression, weights.autoregression, estimate(signals.autoregression))
    offer(.learned, weights.learned, estimate(signals.learned))
    offer(.causal, weights.causal, signals.causal)
    let total = parts.reduce(0) { $0 + $1.weight }
    scaleDrift(by: max(0, 1 - total))
    for part in parts { add(part.source, part.weight / max(1, total) * part.drift) }
  }

  private mutating func weighPersistence(
    _ signals: ModelSignals, _ rule: BeliefSettings.Persistence
  ) {
    switch signals.persistence {
    case .reverting:
      if let pull = signals.reversionDrift { move(rule.reversionShare, to: pull, .reversion) }
    case .persistent: scaleDrift(by: rule.persistentFactor)
    case .undecided: scaleDrift(by: rule.undecidedFactor)
    case nil: break
    }
  }

  private mutating func weighToxicity(_ signals: ModelSignals, _ rule: BeliefSettings.Toxicity) {
    guard let vpin = signals.vpin else { return }
    if let extreme = rule.extreme, vpin >= extreme, let pull = signals.reversionDrift {
      move(rule.extremeReversionShare, to: pull, .reversion)
    }
    let excess = min(1, max(0, (vpin - rule.ordinary) / (1 - rule.ordinary)))
    scaleDrift(by: max(rule.driftFactorMin, 1 - rule.driftLoss * excess))
    liftVolatility(
      by: min(rule.volatilityFactorMax, 1 + rule.volatilityGain * excess), because: .toxicity)
  }

  private mutating func addExcitement(
    _ signals: ModelSignals, _ rule: BeliefSettings.Excitement
  ) {
    guard let hawkes = signals.hawkes else { return }
    switch rule {
    case .imbalance(let scale): add(.hawkes, Self.drift(of: hawkes.imbalance, scale, signals))
    case .annualPerRate(let factor): add(.hawkes, factor * hawkes.excess)
    }
  }

  private mutating func blendVolatility(_ signals: ModelSignals, _ settings: BeliefSettings) {
    guard let garch = signals.garchVolatility, garch > 0, garch.isFinite else { return }
    let weight = settings.garchWeight
    switch settings.blend {
    case .deviations:
      scaleVolatility(by: 1 - weight)
      set(.garch, weight * garch)
    case .variances:
      // A variance is shared out in proportion, and its root in the same one.
      let own = (1 - weight) * annualVolatility * annualVolatility
      let other = weight * garch * garch
      let joint = (own + other).squareRoot()
      scaleVolatility(by: own / joint / annualVolatility)
      set(.garch, other / joint)
    }
  }

  private mutating func weighHiddenState(_ signals: ModelSignals, _ settings: BeliefSettings) {
    guard let state = signals.hiddenState, state != 0 else { return }
    let rule = settings.hiddenState
    let share = min(1, rule.share * state.magnitude)
    switch rule.target {
    case .ownSize:
      move(share, to: state < 0 ? -annualDrift.magnitude : annualDrift.magnitude, .hiddenState)
    case .stateDrift:
      guard let drift = signals.hiddenDrift else { return }
      move(share, to: counted(drift, signals, settings, isMomentum: false), .hiddenState)
    }
  }

  private mutating func weighDirection(_ signals: ModelSignals, _ rule: BeliefSettings.Direction) {
    guard let probability = signals.probabilityUp, probability >= 0, probability <= 1 else {
      return
    }
    let confidence = max(probability, 1 - probability)
    guard confidence >= rule.confidenceMin else { return }
    let edge = 2 * probability - 1
    let share = min(1, rule.strength * confidence)
    switch rule.target {
    case .ownSize:
      move(share, to: edge < 0 ? -annualDrift.magnitude : annualDrift.magnitude, .direction)
    case .impliedDrift:
      let years = signals.horizonSeconds / Annual.seconds
      let meanMove = annualVolatility * (2 * years / Double.pi).squareRoot()
      move(share, to: edge * meanMove / years, .direction)
    }
  }

  private mutating func cap(_ signals: ModelSignals, _ cap: BeliefSettings.Cap?) {
    let limit: Double
    switch cap {
    case .stepDeviations(let deviations):
      limit = Self.drift(of: 1, .stepDeviations(deviations), signals)
    case .annual(let drift): limit = drift
    case nil: return
    }
    let size = annualDrift.magnitude
    if size > limit { scaleDrift(by: limit / size) }
  }

  /// What Bayes' rule leaves of an estimate.
  private func counted(
    _ estimate: DriftEstimate, _ signals: ModelSignals, _ settings: BeliefSettings,
    isMomentum: Bool
  ) -> Double {
    switch settings.shrinkage {
    case .prior(let volatilities):
      let prior = volatilities * signals.annualVolatility
      let error = estimate.annualDeviation
      return estimate.annualDrift * (prior * prior / (prior * prior + error * error))
    case .none(let momentumFactor):
      return estimate.annualDrift * (isMomentum ? momentumFactor : 1)
    }
  }

  private static func drift(
    of flow: Double, _ scale: BeliefSettings.FlowScale, _ signals: ModelSignals
  ) -> Double {
    switch scale {
    case .annual(let drift): return flow * drift
    case .stepDeviations(let deviations):
      let variance = Annual.stepVariance(
        volatility: signals.annualVolatility, of: signals.stepSeconds)
      return Annual.drift(
        perStep: flow * deviations * variance.squareRoot(), of: signals.stepSeconds)
    }
  }

  // MARK: - Parts

  private mutating func set(_ source: DriftSource, _ value: Double) {
    driftParts[Self.place(of: source)] = value
  }

  private mutating func set(_ source: VolatilitySource, _ value: Double) {
    volatilityParts[Self.place(of: source)] = value
  }

  private mutating func add(_ source: DriftSource, _ value: Double) {
    driftParts[Self.place(of: source)] += value
  }

  private mutating func scaleDrift(by factor: Double) {
    for place in driftParts.indices { driftParts[place] *= factor }
  }

  private mutating func scaleVolatility(by factor: Double) {
    for place in volatilityParts.indices { volatilityParts[place] *= factor }
  }

  private mutating func liftVolatility(by factor: Double, because source: VolatilitySource) {
    volatilityParts[Self.place(of: source)] += annualVolatility * (factor - 1)
  }

  private mutating func move(_ share: Double, to drift: Double, _ source: DriftSource) {
    scaleDrift(by: 1 - share)
    add(source, share * drift)
  }

  private mutating func finish(_ name: Stage.Name) {
    stages.append(
      Stage(name: name, annualDrift: annualDrift, annualVolatility: annualVolatility))
  }

  // MARK: - Record

  /// Both numbers with their parts, for the record of a decision; sources that gave nothing are left
  /// out.
  package var json: JSONValue {
    func parts<Source: CaseIterable & RawRepresentable>(
      _ type: Source.Type, _ values: [Double]
    ) -> JSONValue where Source.RawValue == String {
      .object(
        zip(Source.allCases, values).filter { $0.1 != 0 }.map {
          JSONValue.Member($0.0.rawValue, .number($0.1))
        })
    }
    return [
      "mu_adjusted": .number(annualDrift), "sigma_sim": .number(annualVolatility),
      "mu_parts": parts(DriftSource.self, driftParts),
      "sigma_parts": parts(VolatilitySource.self, volatilityParts),
    ]
  }

  /// A belief with the given parts, in the order of the sources.
  init(driftParts: [Double], volatilityParts: [Double]) {
    self.driftParts = driftParts
    self.volatilityParts = volatilityParts
  }
}
