package import Mathematics

/// What acting on forecasts of the direction would have brought, and how good the forecasts were.
///
/// Gains are judged over all rows, also those that turned out neutral; whether a forecast was right
/// only over rows with a class.
package struct DirectionScore: Hashable, Sendable {
  /// By which rules calls are made and charged.
  package struct Rules: Hashable, Sendable {
    /// The chance of a side from which somebody acts on it, at least 0.5.
    package var threshold: Double
    /// Of a trade both ways, as a decimal.
    package var cost: Double
    package var costRule: CostRule
    /// Of the intervals, between 0 and 1.
    package var confidence: Double
    /// How often the mean gain is resampled; zero for no interval.
    package var resamples: Int
    package var seed: UInt64

    package init(
      threshold: Double = 0.52, cost: Double = LabelSettings.usualCost,
      costRule: CostRule = .charged, confidence: Double = 0.95, resamples: Int = 1000,
      seed: UInt64 = 42
    ) {
      self.threshold = threshold
      self.cost = cost
      self.costRule = costRule
      self.confidence = confidence
      self.resamples = resamples
      self.seed = seed
    }

    /// 1 to buy, -1 to sell, 0 to do nothing.
    package func action(onChance chance: Double) -> Double {
      if chance >= threshold { return 1 }
      return chance <= 1 - threshold ? -1 : 0
    }
  }

  package let rules: Rules
  /// All rows.
  package let count: Int
  /// The rows whose labels do not overlap, ``LabeledRows/independentCount(of:)``.
  package let independentCount: Int
  /// The mean gain of a row in basis points, doing nothing counting as zero.
  package let expectancy: Double
  /// The interval of ``expectancy``; nil for too few instants or where none was asked for.
  package let expectancyInterval: ClosedRange<Double>?
  /// The rows that were acted on.
  package let acted: Int
  /// Of the rows acted on whose target is not zero, those whose call was right.
  package let hits: Proportion
  /// Of all rows with a class, those whose likelier side came.
  package let accuracy: Proportion
  /// The mean of the accuracies of both classes; nil without both.
  package let balancedAccuracy: Double?
  /// Nil without both classes.
  package let areaUnderCurve: Double?
  /// The mean of minus the log of the chance given to what came; nil without classes.
  package let logLoss: Double?
  package let brier: BrierScore?

  /// Scores one chance for each row; rows come by time.
  package init(of chances: [Double], on rows: [LabeledRow], by rules: Rules = Rules()) {
    precondition(chances.count == rows.count, "chances that are not of the rows")
    self.rules = rules
    count = rows.count
    independentCount = LabeledRows.independentCount(of: rows)
    var gains: [Double] = []
    var acted = 0
    var hits = Proportion(0, of: 0)
    var known: (chances: [Double], isUp: [Bool]) = ([], [])
    for (chance, row) in zip(chances, rows) {
      let action = rules.action(onChance: chance)
      gains.append(1e4 * rules.costRule.gain(of: action, on: row, cost: rules.cost))
      if action != 0 {
        acted += 1
        if row.target != 0 {
          hits.trials += 1
          if (row.target > 0) == (action > 0) { hits.successes += 1 }
        }
      }
      if let isUp = row.isUp {
        known.chances.append(chance)
        known.isUp.append(isUp)
      }
    }
    self.acted = acted
    self.hits = hits
    expectancy = gains.isEmpty ? 0 : gains.reduce(0, +) / Double(gains.count)
    let perLabel = Double(count) / Double(max(1, independentCount))
    let memory = Elementary.pow(Double(max(1, count)), 1.0 / 3)
    expectancyInterval =
      rules.resamples > 0
      ? TimeBlockBootstrap(
        blockLength: Int(max(perLabel, memory).rounded(.up)), resamples: rules.resamples,
        seed: rules.seed
      ).interval(of: gains, at: rows.map(\.interval.start), confidence: rules.confidence)
      : nil

    var right = (up: 0, down: 0)
    var loss = 0.0
    for (chance, isUp) in zip(known.chances, known.isUp) {
      // A tie says nothing and is right for neither.
      if isUp, chance > 0.5 { right.up += 1 }
      if !isUp, chance < 0.5 { right.down += 1 }
      loss -= Elementary.log(max(isUp ? chance : 1 - chance, Self.smallestChance))
    }
    let up = known.isUp.count { $0 }
    let down = known.isUp.count - up
    accuracy = Proportion(right.up + right.down, of: up + down)
    balancedAccuracy =
      up > 0 && down > 0
      ? (Double(right.up) / Double(up) + Double(right.down) / Double(down)) / 2 : nil
    areaUnderCurve = AreaUnderCurve.value(scores: known.chances, isUp: known.isUp)
    logLoss = up + down > 0 ? loss / Double(up + down) : nil
    brier = BrierScore(chances: known.chances, came: known.isUp)
  }

  /// So that one certain mistake does not cost infinitely much.
  private static let smallestChance = 1e-15

  /// The share of rows that were acted on.
  package var coverage: Double { count > 0 ? Double(acted) / Double(count) : 0 }

  /// What models are chosen by: expectancy first, the quality of the forecasts a little, and little
  /// coverage and large losses punished. What cannot be told counts as chance would have it.
  package var selection: Double {
    Self.selection(
      expectancy: expectancy, coverage: coverage, hit: hits.trials > 0 ? hits.share : 0.5,
      areaUnderCurve: areaUnderCurve ?? 0.5, balancedAccuracy: balancedAccuracy ?? 0.5,
      logLoss: logLoss ?? Elementary.log(2))
  }

  /// The formula of ``selection``; expectancy in basis points.
  static func selection(
    expectancy: Double, coverage: Double, hit: Double, areaUnderCurve: Double,
    balancedAccuracy: Double, logLoss: Double
  ) -> Double {
    let quality = 4 * (hit - 0.5) + 2 * (areaUnderCurve - 0.5) + 2 * (balancedAccuracy - 0.5)
    let idle = 8 * max(0, 0.35 - coverage) + 20 * max(0, 0.12 - coverage)
    return expectancy + quality - 0.04 * logLoss - idle - 3 * max(0, -2 - expectancy)
  }
}
