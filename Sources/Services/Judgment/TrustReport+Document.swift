package import Backtesting
package import Essentials

extension TrustReport {
  /// The report as a JSON object.
  ///
  /// Figures that are not known are `null`, and `unknown` says for each of them why. Sharpe ratios are
  /// annual, probabilities and shares are fractions.
  package var json: JSONValue {
    var reasons: [JSONValue.Member] = []
    func figure(_ name: String, _ finding: Finding<Double>) -> JSONValue.Member {
      if let reason = finding.reason { reasons.append(.init(name, .string(reason))) }
      return .init(name, .optional(finding.value))
    }
    var members: [JSONValue.Member] = [
      .init("verdict", .string(verdict.rawValue)),
      .init(
        "objections",
        .array(
          objections.map {
            ["refutes": .bool($0.refutes), "message": .string($0.description)]
          })),
      .init("rows", .integer(rows)),
      .init("missingRows", .integer(missingRows)),
      .init("years", .number(years)),
      figure("missingDataShare", missingDataShare),
      .init("lookAhead", .string(lookAheadWord)),
      figure("sharpe", sharpe),
      .init("sharpeInterval", sharpeInterval.value.map(\.json) ?? .null),
      figure("probabilisticSharpe", probabilisticSharpe),
      .init("trials", .integer(trials)),
      figure("luckySharpe", luckySharpe),
      figure("deflatedSharpe", deflatedSharpe),
      figure("minimumTrackRecordYears", minimumTrackRecordYears),
      figure("minimumBacktestYears", minimumBacktestYears),
      figure("overfittingProbability", overfitting.map(\.probability)),
      figure("walkForwardEfficiency", walkForwardEfficiency),
      figure("purgedFoldDispersion", purgedFoldDispersion),
    ]
    if let reason = sharpeInterval.reason {
      reasons.append(.init("sharpeInterval", .string(reason)))
    }
    members.append(.init("unknown", .object(reasons)))
    return .object(members)
  }

  private var lookAheadWord: String {
    switch lookAhead {
    case .known(.clean): "clean"
    case .known(.leaks): "leaks"
    case .known(.notExamined), .unknown: "notExamined"
    }
  }
}

extension ConfidenceInterval {
  /// The ends and the confidence as a JSON object.
  package var json: JSONValue {
    [
      "lower": .number(lower), "upper": .number(upper), "confidence": .number(confidence),
    ]
  }
}
