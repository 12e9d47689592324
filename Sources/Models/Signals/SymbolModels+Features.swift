import Essentials
package import Markets
import Mathematics

/// What direction models and causal weights may learn from, by the names that documents use.
package enum ModelFeature: String, CaseIterable, Hashable, Sendable {
  /// The imbalance of the best levels of the book, in [−1, 1].
  case orderFlow = "ofi"
  /// The weighted flow of the last bar as a multiple of the mean depth.
  case multiLevelFlow = "mlofi"
  case vpin
  /// Drifts of a year, as far ahead as the next bar.
  case kalman = "mu_kf"
  case hurst
  case bayesian = "mu_bayes"
  case autoregression = "mu_ar"
  case particle = "mu_pf"
  /// Zero where no pull can be told from a random walk.
  case reversion = "mu_ou"
  /// Events per second that the past adds upward less downward.
  case hawkes = "hawkes_boost"
  /// The volatility of a year.
  case garch = "sigma_garch"
}

extension SymbolModels: FeatureSource {
  package var featureNames: [String] { Self.featureNames }

  /// ``ModelFeature`` in its order.
  package static let featureNames = ModelFeature.allCases.map(\.rawValue)

  /// The features as of the end of the last bar.
  package var features: [Double] {
    guard let barEnd else { return ModelFeature.allCases.map { _ in .nan } }
    return features(at: barEnd)
  }

  /// The state of the market by toxicity and persistence; nil while neither is known.
  package var regime: RegimeTag? {
    hurst.estimate == nil && vpin.value == nil
      ? nil : RegimeTag(vpin: vpin.value, persistence: hurst.estimate?.verdict)
  }

  /// Takes a bar of the models' own length.
  package mutating func observe(_ bar: Bar) {
    observe(bar, span: settings.span)
  }

  /// Returns what is known at an instant, NaN for what is not.
  func features(at instant: Timestamp) -> [Double] {
    ModelFeature.allCases.map { feature($0, at: instant) ?? .nan }
  }

  private func feature(_ feature: ModelFeature, at instant: Timestamp) -> Double? {
    switch feature {
    case .orderFlow: freshQuotes(at: instant)?.imbalance
    case .multiLevelFlow: multiLevelFlow
    case .vpin: vpin.value
    case .kalman: kalman.estimate?.annualDrift
    case .hurst: hurst.estimate?.exponent
    case .bayesian: bayesian.estimate?.annualDrift
    case .autoregression: autoregression.estimate(over: 1)?.annualDrift
    case .particle: particle.estimate?.annualDrift
    case .reversion: reversionDrift(over: stepSeconds) ?? (reversion.statistic == nil ? nil : 0)
    case .hawkes: excitement(at: instant)?.excess
    case .garch: garch?.annualVolatility(over: 1, stepSeconds: stepSeconds)
    }
  }

  /// The latest quotes, unless they are too old.
  func freshQuotes(at instant: Timestamp) -> Quotes? {
    quotes.flatMap { instant - $0.instant <= settings.bookAgeMax ? $0 : nil }
  }

  var multiLevelFlow: Double? { hasFlowsOfBar ? flowWeights.average(of: flowsOfBar) : nil }

  func reversionDrift(over seconds: Double) -> Double? {
    guard let logPrice = reversion.logPrice else { return nil }
    return reversion.reversion?.annualDrift(from: logPrice, over: seconds)
  }

  /// The rates at an instant, without letting time pass for the model itself.
  func excitement(at instant: Timestamp) -> HawkesFlow? {
    guard var hawkes else { return nil }
    hawkes.pass(to: instant)
    return hawkes
  }
}
