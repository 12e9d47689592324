package import Mathematics

/// Whether what was said to happen with some chance happened that often.
package struct Calibration: Hashable, Sendable {
  /// What the tests say.
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// Too little could have come otherwise for a test to say anything.
    case tooFewToSay
    /// What came does not contradict the chances.
    case notRefuted
    /// What came contradicts them.
    case refuted
  }

  package let verdict: Verdict
  /// The forecasts that came true, of all.
  package let came: Proportion
  /// The mean of the chances.
  package let said: Double
  /// Bins of about equal numbers by rising chance; ``Proportion/interval(confidence:)`` of what came
  /// gives each its interval.
  package let bins: [ForecastBin]
  /// The mean squared error and its parts.
  package let brier: BrierScore
  /// The share that came less the mean chance, resampled in blocks, so that forecasts whose outcomes
  /// overlap do not make it too sure; nil for fewer than two forecasts.
  package let gap: ConfidenceInterval?
  /// How likely perfect chances miss the share that came by as much as these: calibration in the
  /// large, D. Cox, "Two Further Applications of a Model for Binary Regression", Biometrika 45 (1958),
  /// with Σ (y - p) / √Σ p (1 - p) taken to be normal. Nil where every chance is 0 or 1.
  package let inTheLarge: Double?
  /// The largest sum of what came less what was said over all forecasts up to some chance, over their
  /// number: the deviation that no bins can hide (I. Arrieta-Ibarra et al., "Metrics of Calibration for
  /// Probabilistic Predictions", Journal of Machine Learning Research 23, 2022).
  package let maximalDeviation: Double
  /// The chance up to which the sum is the largest.
  package let deviatesUpTo: Double
  /// How likely perfect chances deviate as much somewhere: ``BrownianReach``. Nil where every chance
  /// is 0 or 1.
  package let maximalProbability: Double?

  /// Fewer forecasts that could have come otherwise, as the sum of p (1 - p) counts them, are not
  /// judged: the sums are not normal yet.
  static let surprisesMin = 5.0

  /// Compares chances, each in [0, 1] and in the order of time, with whether what they were given to
  /// came. Nil without forecasts. Cost: sorting, and resamples times forecasts.
  ///
  /// The two probabilities take outcomes to be independent; for positions that were open together
  /// they are too small. Both are asked, so each may refute with half of what the confidence leaves.
  package init?(
    of chances: [Double], came outcomes: [Bool], bins: Int = 10,
    settings: ReplayTrustSettings = ReplayTrustSettings()
  ) {
    precondition(chances.allSatisfy { $0 >= 0 && $0 <= 1 }, "a chance outside 0 and 1")
    guard let brier = BrierScore(chances: chances, came: outcomes, bins: bins) else { return nil }
    self.brier = brier
    self.bins = ForecastBin.bins(of: chances, came: outcomes, count: bins)
    came = Proportion(outcomes.count { $0 }, of: chances.count)
    let size = Double(chances.count)
    let gaps = zip(chances, outcomes).map { ($1 ? 1 : 0) - $0 }
    said = Moments(of: chances).mean
    let variance = chances.reduce(0) { $0 + $1 * (1 - $1) }
    let length = max(1, OptimalBlockLength(of: gaps)?.stationary ?? 1)
    let bootstrap = BlockBootstrap(
      meanBlockLength: length, resamples: settings.resamples, seed: settings.seed)
    gap = bootstrap.interval(
      for: .mean, of: gaps, confidence: settings.confidence, method: .percentile)

    let order = chances.indices.sorted { (chances[$0], $0) < (chances[$1], $1) }
    var sum = 0.0
    var largest = (sum: 0.0, chance: chances[order[0]])
    for (rank, place) in order.enumerated() {
      sum += gaps[place]
      // Equal chances have no order, so their sum counts when all are in it.
      let isLast = rank + 1 == order.count || chances[order[rank + 1]] > chances[place]
      if isLast, sum.magnitude > largest.sum { largest = (sum.magnitude, chances[place]) }
    }
    maximalDeviation = largest.sum / size
    deviatesUpTo = largest.chance
    let deviation = variance.squareRoot()
    inTheLarge = deviation > 0 ? 2 * StandardNormal.cumulative(-sum.magnitude / deviation) : nil
    maximalProbability = deviation > 0 ? BrownianReach.upperTail(largest.sum / deviation) : nil
    let allowed = (1 - settings.confidence) / 2
    if variance < Self.surprisesMin {
      verdict = .tooFewToSay
    } else {
      verdict =
        min(inTheLarge ?? 1, maximalProbability ?? 1) <= allowed ? .refuted : .notRefuted
    }
  }
}
