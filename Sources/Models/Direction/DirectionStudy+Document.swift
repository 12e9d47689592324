package import Essentials
import Mathematics

extension DirectionScore {
  /// The score as a report says it, what cannot be told as `null`, shares with their intervals.
  package var json: JSONValue {
    func share(_ proportion: Proportion) -> JSONValue {
      let interval = proportion.interval(confidence: rules.confidence)
      return [
        "value": .number(proportion.share), "low": .number(interval.lowerBound),
        "high": .number(interval.upperBound), "count": .integer(proportion.trials),
      ]
    }
    return [
      "rows": .integer(count), "independent_rows": .integer(independentCount),
      "threshold": .number(rules.threshold), "cost": .number(rules.cost),
      "cost_rule": .string(rules.costRule.rawValue), "confidence": .number(rules.confidence),
      "expectancy_bps": .number(expectancy),
      "expectancy_bps_low": .optional(expectancyInterval?.lowerBound),
      "expectancy_bps_high": .optional(expectancyInterval?.upperBound),
      "coverage": .number(coverage), "hit": share(hits), "accuracy": share(accuracy),
      "balanced_accuracy": .optional(balancedAccuracy), "auc": .optional(areaUnderCurve),
      "log_loss": .optional(logLoss), "brier": .optional(brier?.value),
      "brier_reliability": .optional(brier?.reliability),
      "brier_resolution": .optional(brier?.resolution),
      "brier_uncertainty": .optional(brier?.uncertainty),
      "brier_within_bins": .optional(brier?.withinBins), "score": .number(selection),
    ]
  }
}

extension DirectionStudy {
  /// The trials that a report keeps.
  private static let trialsKept = 12

  /// The model with what its making left: `valid_metrics` are out of sample, `train_metrics` are not.
  ///
  /// - Parameters:
  ///   - rawSamples: the samples before any was dropped.
  ///   - trainedAt: when, as whoever has a clock says.
  package func document(rawSamples: Int, trainedAt: String?) -> DirectionDocument {
    let regimes = RegimeTag.allCases.compactMap { tag in
      model.byRegime[tag].map { JSONValue.Member(tag.rawValue, .integer($0.samples)) }
    }
    return DirectionDocument(
      model: model, rawSamples: rawSamples, wantsTrees: model.trees != nil, trainedAt: trainedAt,
      notes: [
        JSONValue.Member(
          "label_meta",
          [
            "source": .string(source.rawValue), "hindsight": .bool(source.usesHindsight),
            "overlap": .number(overlap), "rows": .integer(rows), "purged": .integer(purged),
            "embargo_ms": .integer(Int(settings.splits.embargo.milliseconds)),
          ]),
        JSONValue.Member(
          "tuned_params",
          [
            "chosen": learner.json, "threshold": .number(best.threshold),
            "tried": .integer(trials.count),
            "trials": .array(
              trials.prefix(Self.trialsKept).map {
                [
                  "chosen": $0.learner.json, "threshold": .number($0.threshold),
                  "score": $0.score.json,
                ]
              }),
          ]),
        JSONValue.Member("train_metrics", inSample.json),
        JSONValue.Member("valid_metrics", outOfSample.json),
        JSONValue.Member("regime_stats", .object(regimes)),
      ])
  }
}
