package import Essentials
package import Mathematics

/// What forecasts of log returns are worth on rows, held against the forecast that says zero.
package struct LinearScore: Hashable, Sendable {
  /// By which rules it is made.
  package struct Rules: Hashable, Sendable {
    /// Of a trade both ways, as a decimal: who acts does so where the forecast is larger.
    package var cost: Double
    /// Of the intervals, between 0 and 1.
    package var confidence: Double
    /// How often means are resampled; zero for no intervals.
    package var resamples: Int
    package var seed: UInt64

    package init(
      cost: Double = LabelSettings.usualCost, confidence: Double = 0.95, resamples: Int = 1000,
      seed: UInt64 = 42
    ) {
      self.cost = cost
      self.confidence = confidence
      self.resamples = resamples
      self.seed = seed
    }
  }

  package let rules: Rules
  package let count: Int
  /// The rows whose labels do not overlap.
  package let independentCount: Int
  /// The share of the squared returns that forecasts explain: below zero where saying zero is better.
  package let explained: Double
  /// Nil for too few instants or where none was asked for.
  package let explainedInterval: ClosedRange<Double>?
  /// Of the rows that moved and for which a direction was foretold, those where it was right.
  package let hits: Proportion
  /// The rows whose forecast was larger than the costs.
  package let acted: Int
  /// The mean gain of a row in basis points, costs charged, doing nothing counting as zero.
  package let expectancy: Double
  package let expectancyInterval: ClosedRange<Double>?

  /// Scores one forecast for each row; rows come by time.
  package init(of forecasts: [Double], on rows: [LabeledRow], by rules: Rules = Rules()) {
    precondition(forecasts.count == rows.count, "forecasts that are not of the rows")
    self.rules = rules
    count = rows.count
    independentCount = LabeledRows.independentCount(of: rows)
    let meanSquare =
      rows.reduce(0) { $0 + $1.move * $1.move } / Double(max(1, rows.count))
    var shares: [Double] = []
    var gains: [Double] = []
    var hits = Proportion(0, of: 0)
    var acted = 0
    for (forecast, row) in zip(forecasts, rows) {
      let rest = row.move - forecast
      shares.append(meanSquare > 0 ? (row.move * row.move - rest * rest) / meanSquare : 0)
      if forecast != 0, row.move != 0 {
        hits.trials += 1
        if (forecast > 0) == (row.move > 0) { hits.successes += 1 }
      }
      let isActedOn = forecast.magnitude > rules.cost
      if isActedOn { acted += 1 }
      let direction = forecast > 0 ? 1.0 : -1.0
      gains.append(isActedOn ? 1e4 * (direction * row.move - rules.cost) : 0)
    }
    self.hits = hits
    self.acted = acted
    explained = Self.mean(shares)
    expectancy = Self.mean(gains)
    guard rules.resamples > 0 else {
      explainedInterval = nil
      expectancyInterval = nil
      return
    }
    let perLabel = Double(count) / Double(max(1, independentCount))
    let memory = Elementary.pow(Double(max(1, count)), 1.0 / 3)
    let bootstrap = TimeBlockBootstrap(
      blockLength: Int(max(perLabel, memory).rounded(.up)), resamples: rules.resamples,
      seed: rules.seed)
    let instants = rows.map(\.interval.start)
    explainedInterval = bootstrap.interval(of: shares, at: instants, confidence: rules.confidence)
    expectancyInterval = bootstrap.interval(of: gains, at: instants, confidence: rules.confidence)
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// The share of rows that were acted on.
  package var coverage: Double { count > 0 ? Double(acted) / Double(count) : 0 }
}

extension LinearScore {
  /// The score as a report says it, what cannot be told as `null`, with intervals.
  package var json: JSONValue {
    let hit = hits.interval(confidence: rules.confidence)
    return [
      "rows": .integer(count), "independent_rows": .integer(independentCount),
      "cost": .number(rules.cost), "confidence": .number(rules.confidence),
      "explained": .number(explained),
      "explained_low": .optional(explainedInterval?.lowerBound),
      "explained_high": .optional(explainedInterval?.upperBound),
      "hit": [
        "value": hits.trials > 0 ? .number(hits.share) : .null, "low": .number(hit.lowerBound),
        "high": .number(hit.upperBound), "count": .integer(hits.trials),
      ],
      "expectancy_bps": .number(expectancy),
      "expectancy_bps_low": .optional(expectancyInterval?.lowerBound),
      "expectancy_bps_high": .optional(expectancyInterval?.upperBound),
      "coverage": .number(coverage),
    ]
  }
}
