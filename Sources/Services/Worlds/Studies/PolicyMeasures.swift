import Backtesting
import Essentials
import Worlds

/// What a policy asks for, as requests to a record of returns.
struct PolicyMeasures: Sendable {
  /// A measure and how it is had.
  struct Measure: Sendable {
    var name: MetricName
    /// The place among ``requests``; nil for what a record does not know.
    var request: Int?
    /// Whether it is computed from all rows of its window each time.
    var isSlow: Bool
  }

  /// In the order of the names.
  let measures: [Measure]
  let requests: [EvidenceRequest]
  /// The deviation of a day, which is asked for in any case.
  let volatilityRequest: Int
  let settings: EvidenceSettings
  /// Names of measures that no record of returns knows.
  let unknown: [MetricName]
  /// Whether measures may be computed only where they can still change a verdict.
  let isSparing: Bool

  init(_ policy: WorldPolicy, trials: Int) {
    var measures: [Measure] = []
    var requests: [EvidenceRequest] = []
    var unknown: [MetricName] = []
    for name in policy.measures {
      guard let metric = EvidenceMetric(rawValue: name.base) else {
        // The age of data is known, and that of a phase is no matter of evidence.
        if !["data_age", "phase_age"].contains(name.base) { unknown.append(name) }
        measures.append(Measure(name: name, request: nil, isSlow: false))
        continue
      }
      measures.append(
        Measure(
          name: name, request: requests.count, isSlow: Self.slowMetrics.contains(metric)))
      requests.append(EvidenceRequest(metric, over: policy.metrics.evidenceWindow(name.window)))
    }
    volatilityRequest = requests.count
    requests.append(EvidenceRequest(.volatility, over: .days(InstanceBench.volatilityDays)))
    self.measures = measures
    self.requests = requests
    self.unknown = unknown
    isSparing = measures.contains(where: \.isSlow) && policy.isMonotoneInKnowledge
    var settings = EvidenceSettings(
      annualise: policy.metrics.annualise, interval: policy.interval)
    settings.trials = max(1, trials)
    if case .fixed(let count) = policy.robustness.trials { settings.trials = count }
    if let rule = policy.robustness.purgedFolds {
      settings.folds.count = rule.folds
      settings.folds.embargoShare = rule.embargo
    }
    if let rule = policy.robustness.walkForward {
      settings.walk = EvidenceWalk(train: rule.train, test: rule.test, step: rule.step)
    }
    self.settings = settings
  }

  private static let slowMetrics: Set<EvidenceMetric> = [
    .sortino, .profitFactor, .skew, .kurt, .equitySlopeT, .valueAtRisk99,
    .expectedShortfall975, .deflatedSharpe, .probabilisticSharpe, .foldSharpeMean,
    .foldSharpeDeviation, .walkForwardPositive, .paperMaxDrawdown,
  ]
}
