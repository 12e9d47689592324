import Essentials
import Mathematics
import Testing

@testable import Models

@Suite("Studies of the direction")
struct DirectionStudyTests {
  /// Moves that the first feature foretells in one regime and the second in the other.
  private static func rows(_ count: Int, seed: UInt64, strength: Double) throws -> LabeledRows {
    var chance = Chance(seed: seed)
    return LabeledMarket.rows(
      try (0..<count).map { minute in
        let values = [chance.normal(), chance.normal(), minute % 7 == 0 ? .nan : chance.normal()]
        let regime = minute % 2 == 0 ? RegimeTag.trend : .meanRevert
        let told = strength * (regime == .trend ? values[0] : -values[1])
        let move = 1e-3 * (told + chance.normal())
        return try LabeledMarket.row(minute, move: move, values: values, regime: regime)
      })
  }

  private static func settings(_ rules: DirectionScore.Rules) throws -> DirectionStudy.Settings {
    DirectionStudy.Settings(
      ridges: [1, 30], folds: 3,
      common: StudySettings(
        splits: try #require(LabelSplits(embargo: .minutes(1))), samplesMin: 200),
      regimeSamplesMin: 150, rules: rules)
  }

  @Test("What moves are made of is found, by regime, and earns out of sample")
  func recovery() throws {
    let rows = try Self.rows(900, seed: 6, strength: 1)
    let study = try DirectionStudy(
      rows, featureNames: ["x", "y", "z"],
      settings: Self.settings(DirectionScore.Rules(resamples: 200)))
    #expect(Set(study.model.byRegime.keys) == [.trend, .meanRevert])
    #expect(study.outOfSample.count == 180)
    #expect(study.outOfSample.accuracy.interval().lowerBound > 0.55)
    #expect(try #require(study.outOfSample.expectancyInterval).lowerBound > 0)
    let rising = try #require(study.model.forecast([2, 0, 0], regime: .trend))
    #expect(rising.speaker == .regime(.trend) && rising.edge > 0.5)
    #expect(rising.confidence == rising.chanceLong)
    let falling = try #require(study.model.forecast([0, 2, 0], regime: .meanRevert))
    #expect(falling.edge < -0.5 && falling.confidence == 1 - falling.chanceLong)
    // One missing of three counts as its mean; two are too many.
    #expect(study.model.forecast([2, 0, .nan], regime: .trend) != nil)
    #expect(study.model.forecast([2, .nan, .nan], regime: .trend) == nil)
    #expect(study.model.forecast(named: ["x": 2, "y": 0], regime: nil)?.speaker == .global)
    let again = try DirectionStudy(
      rows, featureNames: ["x", "y", "z"],
      settings: Self.settings(DirectionScore.Rules(resamples: 200)))
    #expect(again == study)
  }

  @Test("Noise earns nothing: its expectancy out of sample is not above zero, costs charged")
  func noise() throws {
    let study = try DirectionStudy(
      Self.rows(900, seed: 7, strength: 0), featureNames: ["x", "y", "z"],
      settings: Self.settings(DirectionScore.Rules(resamples: 200)))
    #expect(try #require(study.outOfSample.expectancyInterval).lowerBound <= 0)
    #expect(study.outOfSample.accuracy.interval(confidence: 0.99).contains(0.5))
  }

  @Test("Too little is said to be too little, overlapping labels counted once")
  func shortfalls() throws {
    let settings = try Self.settings(DirectionScore.Rules(resamples: 0))
    let overlapping = LabeledMarket.rows(
      try (0..<900).map { try LabeledMarket.row($0, bars: 30, move: $0 % 2 == 0 ? 1 : -1) })
    #expect(throws: StudyShortfall.tooFewSamples(have: 24, needed: 200)) {
      try DirectionStudy(overlapping, featureNames: ["x"], settings: settings)
    }
    let oneClass = LabeledMarket.rows(try (0..<400).map { try LabeledMarket.row($0, move: 1) })
    #expect(throws: StudyShortfall.noFit) {
      try DirectionStudy(oneClass, featureNames: ["x"], settings: settings)
    }
    #expect(throws: StudyShortfall.cannotSplit) {
      try DirectionStudy(LabeledMarket.rows([]), featureNames: ["x"], settings: settings)
    }
  }

  @Test("A model goes to its document and back to the bit, and a document names all its defects")
  func document() throws {
    let study = try DirectionStudy(
      Self.rows(900, seed: 6, strength: 1), featureNames: ["x", "y", "z"],
      settings: Self.settings(DirectionScore.Rules(resamples: 0)))
    var document = study.document(rawSamples: 901, trainedAt: "2026-01-01")
    document.wantsTrees = true
    document.treesPath = "model.txt"
    let text = document.json.indentedText
    let read = try DirectionDocument(text: text, document: "direction.json")
    #expect(read.model == document.model && read.trainedAt == document.trainedAt)
    #expect(read.wantsTrees && read.treesPath == "model.txt" && read.rawSamples == 901)
    #expect(read.json.indentedText == text)
    let quoted = try #require(read.json["valid_metrics"])
    #expect(quoted["accuracy"]?.number("value") == study.outOfSample.accuracy.share)
    #expect(quoted["rows"] == .integer(180) && quoted["expectancy_bps_low"] == .null)
    let failure = #expect(throws: DocumentFailure.self) {
      try DirectionDocument(
        text: """
          {"model_type": "tree", "feature_names": ["a", "b"], "weights": [1], "bias": 0,
           "mean": [0, 0], "std": [1, -1], "default_regime": "chopp",
           "by_regime": {"trend": {"weights": [1, 2], "bias": 0, "mean": [0, 0]}, "bull": {}}}
          """, document: "direction.json")
    }
    let explanation = try #require(failure).explanation
    for place in [
      "model_type", "weights", "std[1]", "default_regime", "by_regime.trend.std", "by_regime.bull",
    ] { #expect(explanation.contains(place), "\(place)") }
    // What the format had before it knew of calibration is read as uncalibrated.
    let plain = try DirectionDocument(
      text: """
        {"model_type": "logistic_v1", "feature_names": ["a"], "weights": [2], "bias": 1,
         "mean": [1], "std": [0.5], "train_samples": 9, "trained_at": "then", "other": 1}
        """, document: "direction.json")
    let chance = try #require(plain.model.forecast([1.5], regime: .volatile)).chanceLong
    #expect(abs(chance - 1 / (1 + Elementary.exp(-3))) < 1e-15)
  }
}
