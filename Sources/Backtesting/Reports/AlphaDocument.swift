package import Essentials

extension SimulationResult {
  /// How much of the result a document carries.
  package enum Detail: Hashable, Sendable {
    /// Metrics, checks and years.
    case metrics
    /// The numbers of every row as well.
    case series
  }

  /// The result in the shape of BRAIN's `GET /alphas/{id}`, followed by what BRAIN does not tell:
  /// canonical text, panel, years, warnings, series and the fingerprint of the result.
  ///
  /// Fractions stay fractions (a turnover of 0.35, not 35). What is not defined is `null`. The same
  /// result always gives the same document.
  package func document(_ detail: Detail) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("id", .string(identifier)),
      .init("type", "REGULAR"),
      .init("settings", resolvedSettings),
      .init(
        "regular",
        [
          "code": .string(alpha.text), "description": .null,
          "operatorCount": .integer(alpha.operatorCount),
        ]),
      .init("grade", .string(grade.rawValue)),
      .init("stage", "IS"),
      .init("status", "UNSUBMITTED"),
      .init("is", inSampleDocument),
      .init("os", .null),
      .init("train", train?.json ?? .null),
      .init("test", test?.json ?? .null),
      .init("prod", .null),
      .init("canonicalCode", .string(alpha.canonicalText)),
      .init("formula", .string(alpha.fingerprint.hexadecimal)),
      .init(
        "panel",
        [
          "name": .string(panelName), "fingerprint": .string(panelFingerprint.hexadecimal),
          "rowsPerYear": .number(scale.rowsPerYear),
        ]),
      .init("subUniverseSharpe", .optional(smallerUniverseSharpe)),
      .init("yearly", .array(yearly.map(\.json))),
      .init(
        "warnings",
        .array(warnings.map { ["code": .string($0.code), "message": .string($0.message)] })),
    ]
    if detail == .series { members.append(.init("series", seriesDocument)) }
    members.append(.init("result", .string(fingerprint.hexadecimal)))
    return .object(members)
  }

  /// The settings with the dates of the sample in place of open ends.
  private var resolvedSettings: JSONValue {
    var settings = settings
    settings.startDate = inSample.firstStamp.date
    settings.endDate = inSample.lastStamp.date
    return settings.json
  }

  private var inSampleDocument: JSONValue {
    guard case .object(var members) = inSample.json else {
      preconditionFailure("metrics are not an object")
    }
    members.append(.init("checks", .array(checks.map(\.json))))
    return .object(members)
  }

  private var seriesDocument: JSONValue {
    var members: [JSONValue.Member] = [
      .init("date", .strings(series.stamps.map(\.description)))
    ]
    for column in series.columns { members.append(.init(column.name, .numbers(column.values))) }
    members.append(.init("cumulativePnl", .numbers(series.cumulativePnL)))
    if let sectorExposure {
      let count = sectorExposure.labels.count
      let sectors = sectorExposure.labels.enumerated().map { index, label in
        JSONValue.Member(
          label,
          .numbers(
            stride(from: index, to: sectorExposure.values.count, by: count).map {
              sectorExposure.values[$0]
            }))
      }
      members.append(.init("netExposureBySector", .object(sectors)))
    }
    return .object(members)
  }
}

extension AlphaMetrics {
  /// The metrics with BRAIN's names; `margin` is a fraction, counts are rounded.
  package var json: JSONValue {
    [
      "pnl": .number(pnl),
      "bookSize": .number(bookSize),
      "longCount": .integer(Int(longCount.rounded())),
      "shortCount": .integer(Int(shortCount.rounded())),
      "turnover": .number(turnover),
      "returns": .number(returns),
      "drawdown": .number(drawdown),
      "margin": .number(margin),
      "sharpe": .number(sharpe),
      "fitness": .number(fitness),
      "coverage": .number(coverage),
      "startDate": .string(firstStamp.description),
      "endDate": .string(lastStamp.description),
    ]
  }
}

extension YearlyMetrics {
  fileprivate var json: JSONValue {
    guard case .object(let members) = metrics.json else {
      preconditionFailure("metrics are not an object")
    }
    return .object(
      [.init("year", .integer(year)), .init("stage", .string(stage.rawValue))] + members)
  }
}

extension SimulationCheck {
  /// The check as BRAIN shows it: `limit`, `value` and `note` only where there are any.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name.rawValue)), .init("result", .string(verdict.rawValue)),
    ]
    if let limit { members.append(.init("limit", .number(limit))) }
    if let value { members.append(.init("value", .number(value))) }
    if let note { members.append(.init("note", .string(note))) }
    return .object(members)
  }
}
