package import Mathematics

/// Weights of features that foretell the log return after them, fitted and judged.
///
/// The last part of the time is held out, purged and embargoed, and judges weights that were fitted
/// before it. The weights that are handed out are fitted in the same way on all rows. There is no
/// intercept: a market without features has no drift to it.
package struct LinearStudy: Hashable, Sendable {
  /// How the study is made.
  package struct Settings: Hashable, Sendable {
    /// ``RidgeRegression``.
    package var penalty: Double
    package var common: StudySettings
    package var rules: LinearScore.Rules

    package init(
      penalty: Double = 1e-3, common: StudySettings, rules: LinearScore.Rules = LinearScore.Rules()
    ) {
      precondition(penalty >= 0, "a penalty of \(penalty)")
      self.penalty = penalty
      self.common = common
      self.rules = rules
    }
  }

  package let settings: Settings
  /// The features that have a weight: those that are known in most rows and not zero throughout.
  package let names: [String]
  /// On all complete rows, one coefficient for each of ``names``.
  package let regression: RidgeRegression
  /// The rows in which all of ``names`` are known, and those in which one is not.
  package let rows: Int
  package let incomplete: Int
  /// The rows that were purged or embargoed before the held-out ones.
  package let purged: Int
  /// The score of weights on held-out rows that they never saw. This is what may be quoted.
  package let outOfSample: LinearScore
  /// The score of the handed-out weights on the rows that they were fitted on.
  package let inSample: LinearScore

  /// A feature that is missing in more of the rows has no weight.
  private static let missingShareMax = 0.5

  /// Studies rows that come by time, whose values are named.
  package init(
    _ labeled: [LabeledRow], featureNames: [String], settings: Settings
  ) throws(StudyShortfall) {
    precondition(
      labeled.allSatisfy { $0.values.count == featureNames.count }, "values without names")
    let places = featureNames.indices.filter { place in
      let known = labeled.count { $0.values[place].isFinite }
      return Double(labeled.count - known) <= Self.missingShareMax * Double(labeled.count)
        && labeled.contains { $0.values[place].isFinite && $0.values[place] != 0 }
    }
    let rows = labeled.filter { row in places.allSatisfy { row.values[$0].isFinite } }
    guard !rows.isEmpty else {
      throw .tooFewSamples(have: 0, needed: settings.common.samplesMin)
    }
    let holdout = try settings.common.holdout(of: rows)
    let before = holdout.train.map { rows[$0] }
    let after = holdout.test.map { rows[$0] }
    try settings.common.requireSamples(in: before)
    guard !places.isEmpty, let judged = Self.fit(before, places, settings),
      let whole = Self.fit(rows, places, settings)
    else { throw .noFit }
    self.settings = settings
    names = places.map { featureNames[$0] }
    regression = whole
    self.rows = rows.count
    incomplete = labeled.count - rows.count
    purged = holdout.purged
    outOfSample = LinearScore(
      of: Self.forecasts(judged, of: after, places), on: after, by: settings.rules)
    inSample = LinearScore(
      of: Self.forecasts(whole, of: rows, places), on: rows, by: settings.rules)
  }

  private static func fit(
    _ rows: [LabeledRow], _ places: [Int], _ settings: Settings
  ) -> RidgeRegression? {
    RidgeRegression(
      of: rows.map(\.move), on: places.map { place in rows.map { $0.values[place] } },
      penalty: settings.penalty)
  }

  private static func forecasts(
    _ regression: RidgeRegression, of rows: [LabeledRow], _ places: [Int]
  ) -> [Double] {
    rows.map { row in
      var sum = 0.0
      for (coefficient, place) in zip(regression.coefficients, places) {
        sum += coefficient * row.values[place]
      }
      return sum
    }
  }

  /// The weights as `causal_weights.json` holds them.
  package var causalWeights: CausalWeights {
    CausalWeights(
      zip(names, regression.coefficients).map { CausalWeights.Weight(feature: $0, value: $1) })
  }
}
