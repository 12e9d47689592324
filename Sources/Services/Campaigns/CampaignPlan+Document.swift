import Backtesting
package import Essentials
import Research

extension CampaignPlan {
  /// The plan as `run.started` says it: all but the number of threads, which changes nothing.
  package var members: [JSONValue.Member] {
    [
      .init("settings", settings.json), .init("seed", .string(String(seed))),
      .init("ideas", .array(ideas.map(\.json))), .init("proposals", .integer(proposals)),
      .init("generations", .integer(generations)), .init("children", .integer(children)),
      .init("judging", policy.json), .init("limits", limits.json), .init("trust", trust.json),
      .init("validation", validation.json), .init("max_output_tokens", .integer(maxOutputTokens)),
    ]
  }
}

extension CheckLimits {
  fileprivate var json: JSONValue {
    [
      "sharpe": .number(sharpe), "fitness": .number(fitness),
      "turnover_lowest": .number(turnoverLowest), "turnover_highest": .number(turnoverHighest),
      "largest_share": .number(largestShare), "invested_share": .number(investedShare),
      "smaller_universe_factor": .number(smallerUniverseFactor),
      "self_correlation": .number(selfCorrelation),
      "self_correlation_advantage": .number(selfCorrelationAdvantage),
      "two_year_sharpe": .optional(twoYearSharpe), "ladder": ladder?.json ?? .null,
      "grade_thresholds": .array(gradeThresholds.map(JSONValue.number)),
    ]
  }
}

extension SharpeLadder {
  fileprivate var json: JSONValue {
    [
      "fail_below": .number(failBelow), "pass_above": .array(passAbove.map(JSONValue.number)),
      "calm_turnover": .number(calmTurnover), "calm_factor": .number(calmFactor),
    ]
  }
}

extension TrustSettings {
  fileprivate var json: JSONValue {
    [
      "confidence": .number(confidence), "resamples": .integer(resamples),
      "seed": .string(String(seed)), "rows_min": .integer(rowsMin), "folds": .integer(folds),
      "fold_rows_min": .integer(foldRowsMin), "label_horizon": .integer(labelHorizon),
      "embargo": .integer(embargo), "blocks": .integer(blocks),
      "efficiency_min": .number(efficiencyMin), "overfitting_max": .number(overfittingMax),
      "missing_data_max": .number(missingDataMax),
    ]
  }
}

extension ValidationMachine.Policy {
  fileprivate var json: JSONValue {
    [
      "repairs_max": .integer(repairsMax), "repeats_max": .integer(repeatsMax),
      "stops_on_repeats": .bool(stopsOnRepeats), "expands_on_repeats": .bool(expandsOnRepeats),
    ]
  }
}
