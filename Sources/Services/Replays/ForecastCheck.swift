package import Backtesting
package import Essentials
import Mathematics

/// Whether what was given a chance came that often.
package struct ForecastCheck: Hashable, Sendable {
  /// What was forecast.
  package let outcome: ReplayPageContent.Calibration.Outcome
  package let calibration: Calibration

  /// Compares chances with what came; nil without forecasts.
  init?(_ outcomes: ForecastBook.Outcomes, settings: ReplayTrustSettings) {
    guard
      let calibration = Calibration(
        of: outcomes.chances, came: outcomes.came, settings: settings)
    else { return nil }
    outcome = outcomes.outcome
    self.calibration = calibration
  }

  /// The check as a page shows it; nil where there is no bin.
  func page(confidence: Double) -> ReplayPageContent.Calibration? {
    guard !calibration.bins.isEmpty else { return nil }
    return ReplayPageContent.Calibration(
      outcome,
      bins: calibration.bins.map { bin in
        let interval = bin.came.interval(confidence: confidence)
        return ReplayPageContent.Calibration.Bin(
          forecast: bin.said, observed: bin.came.share, lower: interval.lowerBound,
          upper: interval.upperBound, count: bin.came.trials)
      }, brier: calibration.brier.value, brierOfBaseRate: calibration.brier.uncertainty,
      confidence: confidence)
  }

  package var json: JSONValue {
    [
      "outcome": .string(outcome.rawValue), "verdict": .string(calibration.verdict.rawValue),
      "forecasts": .integer(calibration.came.trials), "said": .number(calibration.said),
      "came": .number(calibration.came.share), "brier": .number(calibration.brier.value),
      "in_the_large": .optional(calibration.inTheLarge),
      "maximal_deviation": .number(calibration.maximalDeviation),
      "maximal_probability": .optional(calibration.maximalProbability),
      "bins": .array(
        calibration.bins.map {
          [
            "said": .number($0.said), "came": .number($0.came.share),
            "count": .integer($0.came.trials),
          ]
        }),
    ]
  }
}
