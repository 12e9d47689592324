package import Essentials
import Mathematics

extension Calibration {
  /// All figures and bins; the intervals of what came are Wilson's at a confidence.
  package func json(confidence: Double = 0.95) -> JSONValue {
    [
      "verdict": .string(verdict.rawValue), "came": Self.json(came, confidence),
      "said": .number(said), "gap": gap?.json ?? .null,
      "brier": .number(brier.value), "brier_reliability": .number(brier.reliability),
      "brier_resolution": .number(brier.resolution),
      "brier_uncertainty": .number(brier.uncertainty),
      "brier_within_bins": .number(brier.withinBins),
      "in_the_large": .optional(inTheLarge), "maximal_deviation": .number(maximalDeviation),
      "deviates_up_to": .number(deviatesUpTo),
      "maximal_probability": .optional(maximalProbability),
      "bins": .array(
        bins.map {
          [
            "lowest": .number($0.chances.lowerBound), "highest": .number($0.chances.upperBound),
            "said": .number($0.said), "came": Self.json($0.came, confidence),
          ]
        }),
    ]
  }

  private static func json(_ share: Proportion, _ confidence: Double) -> JSONValue {
    let interval = share.interval(confidence: confidence)
    return [
      "count": .integer(share.successes), "of": .integer(share.trials),
      "share": .number(share.share), "lower": .number(interval.lowerBound),
      "upper": .number(interval.upperBound),
    ]
  }
}

extension ConfidenceInterval {
  var json: JSONValue {
    [
      "estimate": .number(estimate), "lower": .number(lower), "upper": .number(upper),
      "confidence": .number(confidence),
    ]
  }
}
