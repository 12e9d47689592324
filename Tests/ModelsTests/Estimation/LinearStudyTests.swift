import Essentials
import Mathematics
import Testing

@testable import Models

@Suite("Studies of linear weights")
struct LinearStudyTests {
  private static let names = ["ofi", "vpin", "mu_kf", "mlofi"]

  /// Features of quite different units, the last one missing, and moves of the first and third.
  private static func rows(
    _ count: Int, seed: UInt64, strength: Double
  ) throws -> [LabeledRow] {
    var chance = Chance(seed: seed)
    return try (0..<count).map { minute in
      let values = [
        chance.normal(), minute % 50 == 7 ? .nan : 0.01 * chance.normal(), 50 * chance.normal(),
        .nan,
      ]
      let told = strength * (3e-4 * values[0] - 4e-6 * values[2])
      return try LabeledMarket.row(minute, move: told + 1e-3 * chance.normal(), values: values)
    }
  }

  private static func settings(resamples: Int = 200) throws -> LinearStudy.Settings {
    LinearStudy.Settings(
      penalty: 1e-6,
      common: StudySettings(
        splits: try #require(LabelSplits(embargo: .minutes(5))), samplesMin: 300),
      rules: LinearScore.Rules(cost: 1e-4, resamples: resamples))
  }

  @Test("weights are recovered within four standard errors, and explain returns out of sample")
  func recovery() throws {
    let study = try LinearStudy(
      Self.rows(2000, seed: 261, strength: 1), featureNames: Self.names, settings: Self.settings())
    #expect(study.names == ["ofi", "vpin", "mu_kf"])
    #expect(study.rows == 1960 && study.incomplete == 40)
    let errors = study.regression.standardErrors
    let found = study.regression.coefficients
    #expect(abs(found[0] - 3e-4) < 4 * errors[0])
    #expect(abs(found[1]) < 4 * errors[1])
    #expect(abs(found[2] + 4e-6) < 4 * errors[2])
    #expect(study.causalWeights.weights.map(\.feature) == ["mu_kf", "ofi", "vpin"])
    let score = study.outOfSample
    #expect(score.count == 392 && score.independentCount == 392)
    // 9 + 4 parts of 113.
    #expect(abs(score.explained - 0.115) < 0.08)
    #expect(try #require(score.explainedInterval).lowerBound > 0)
    #expect(score.hits.interval().lowerBound > 0.5)
    #expect(score.expectancy > 0 && score.coverage > 0.5)
  }

  @Test("noise explains nothing out of sample and loses its costs")
  func noise() throws {
    let study = try LinearStudy(
      Self.rows(2000, seed: 262, strength: 0), featureNames: Self.names, settings: Self.settings())
    let score = study.outOfSample
    #expect(score.explained < 0.01)
    #expect(try #require(score.explainedInterval).lowerBound < 0)
    #expect(score.hits.interval(confidence: 0.99).contains(0.5))
    #expect(study.inSample.explained >= 0)
    #expect(try #require(score.expectancyInterval).lowerBound <= 0)
  }

  @Test("too little is said to be too little, and features that are never there have no weight")
  func shortfalls() throws {
    #expect(throws: StudyShortfall.tooFewSamples(have: 157, needed: 300)) {
      try LinearStudy(
        Self.rows(200, seed: 1, strength: 1), featureNames: Self.names, settings: Self.settings())
    }
    #expect(throws: StudyShortfall.tooFewSamples(have: 0, needed: 300)) {
      try LinearStudy([], featureNames: ["ofi"], settings: Self.settings())
    }
    let blind = try (0..<600).map {
      try LabeledMarket.row($0, move: 1e-3, values: [0, .nan])
    }
    #expect(throws: StudyShortfall.noFit) {
      try LinearStudy(blind, featureNames: ["ofi", "vpin"], settings: Self.settings())
    }
  }

  @Test("what lies within the embargo is not learned from")
  func embargo() throws {
    let rows = try Self.rows(1000, seed: 263, strength: 1)
    let near = try LinearStudy(rows, featureNames: Self.names, settings: Self.settings())
    var settings = try Self.settings()
    settings.common.holdoutShare = 0.3
    let far = try LinearStudy(rows, featureNames: Self.names, settings: settings)
    #expect(near.regression == far.regression && near.outOfSample.count < far.outOfSample.count)
  }

  @Test("a score says by hand what it says")
  func byHand() throws {
    let rows = [
      try LabeledMarket.row(0, move: 2e-3), try LabeledMarket.row(1, move: -1e-3),
      try LabeledMarket.row(2, move: 0), try LabeledMarket.row(3, move: 1e-3),
    ]
    let score = LinearScore(
      of: [1e-3, 5e-4, 2e-3, 5e-5], on: rows, by: LinearScore.Rules(cost: 1e-4, resamples: 0))
    // Squares left: 1, 2.25, 4, 0.9025 of 4, 1, 0, 1 in millionths.
    #expect(abs(score.explained - (1 - 8.1525 / 6)) < 1e-12)
    #expect(score.hits == Proportion(2, of: 3))
    #expect(score.acted == 3 && score.coverage == 0.75)
    // 20 - 1, -10 - 1 and -1 basis points over four rows.
    #expect(abs(score.expectancy - 7.0 / 4) < 1e-9)
    #expect(score.expectancyInterval == nil && score.explainedInterval == nil)
  }
}
