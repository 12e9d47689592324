import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Calibration")
struct CalibrationTests {
  /// Chances between 0.2 and 0.8, and outcomes that come with the chance that `truth` makes of them.
  static func forecasts(
    _ count: Int, seed: UInt64, truth: (Double) -> Double = { $0 }
  ) -> (chances: [Double], came: [Bool]) {
    var generator = SplitMix64(seed: seed)
    let chances = (0..<count).map { _ in 0.2 + 0.6 * generator.nextUniform() }
    return (chances, chances.map { generator.nextUniform() < truth($0) })
  }

  static func settings() -> ReplayTrustSettings {
    var settings = ReplayTrustSettings()
    settings.resamples = 100
    return settings
  }

  @Test("of perfect chances both probabilities are uniform, and few are refuted")
  func perfect() throws {
    var large: [Double] = []
    var maximal: [Double] = []
    var refuted = 0
    for seed in 0..<200 as Range<UInt64> {
      let (chances, came) = Self.forecasts(250, seed: seed)
      let calibration = try #require(
        Calibration(of: chances, came: came, settings: Self.settings()))
      large.append(try #require(calibration.inTheLarge))
      maximal.append(try #require(calibration.maximalProbability))
      if calibration.verdict == .refuted { refuted += 1 }
    }
    #expect(TradedNoise.unevenness(large) < 1.63)
    // Steps end before a continuous motion would have gone farthest, so these are a little too large.
    #expect(TradedNoise.unevenness(maximal) < 2.2)
    #expect(refuted <= 18, "\(refuted) of 200")
  }

  @Test("chances that are too high, too bold or too timid are refuted")
  func wrong() throws {
    let truths: [(name: String, truth: (Double) -> Double)] = [
      ("high", { $0 - 0.1 }), ("bold", { 0.5 + 0.4 * ($0 - 0.5) }),
      ("timid", { min(1, max(0, 0.5 + 1.7 * ($0 - 0.5))) }),
    ]
    for (name, truth) in truths {
      let (chances, came) = Self.forecasts(2000, seed: 3, truth: truth)
      let calibration = try #require(
        Calibration(of: chances, came: came, settings: Self.settings()))
      #expect(calibration.verdict == .refuted, "\(name)")
      if name == "high" {
        let gap = try #require(calibration.gap)
        #expect(gap.lower < -0.1 && gap.upper < 0 && gap.upper > -0.1)
        #expect(try #require(calibration.inTheLarge) < 1e-6)
      } else {
        // The mean is right, so only the deviation along the chances shows it.
        #expect(try #require(calibration.inTheLarge) > 0.01, "\(name)")
      }
    }
  }

  @Test("the deviation is the largest sum up to a chance, by hand, and ties count at once")
  func deviation() throws {
    let chances = [0.4, 0.2, 0.4, 0.7, 0.9]
    let came = [true, true, false, false, true]
    let calibration = try #require(
      Calibration(of: chances, came: came, bins: 2, settings: Self.settings()))
    // 0.8 up to 0.2; 0.8 + 0.6 - 0.4 = 1.0 up to 0.4; 0.3 up to 0.7; 0.4 up to 0.9.
    #expect(agree(calibration.maximalDeviation, 1.0 / 5))
    #expect(calibration.deviatesUpTo == 0.4)
    let variance = 0.16 + 2 * 0.24 + 0.21 + 0.09
    #expect(
      agree(
        try #require(calibration.maximalProbability),
        BrownianReach.upperTail(1 / variance.squareRoot())))
    #expect(
      agree(
        try #require(calibration.inTheLarge),
        2 * StandardNormal.cumulative(-0.4 / variance.squareRoot())))
    #expect(calibration.came == Proportion(3, of: 5))
    #expect(agree(calibration.said, 2.6 / 5))
    #expect(calibration.verdict == .tooFewToSay)
    #expect(calibration.bins.reduce(0) { $0 + $1.came.trials } == 5)
  }

  @Test("certain chances have no test, and none at all no calibration")
  func degenerate() throws {
    let certain = try #require(Calibration(of: [1, 1, 0], came: [true, false, false]))
    #expect(certain.inTheLarge == nil && certain.maximalProbability == nil)
    #expect(certain.verdict == .tooFewToSay)
    #expect(agree(certain.maximalDeviation, 1.0 / 3))
    #expect(Calibration(of: [], came: []) == nil)
  }

  @Test("a document has every bin with its counts and Wilson's interval")
  func document() throws {
    let json = try #require(Calibration(of: [0.5, 0.6, 0.7], came: [true, false, true], bins: 2))
      .json()
    #expect(json["verdict"] == "tooFewToSay")
    let interval = Proportion(1, of: 2).interval()
    let bin: JSONValue = [
      "lowest": .number(0.5), "highest": .number(0.6), "said": .number(0.55),
      "came": [
        "count": 1, "of": 2, "share": .number(0.5), "lower": .number(interval.lowerBound),
        "upper": .number(interval.upperBound),
      ],
    ]
    #expect(json["bins"]?.compactText.hasPrefix("[" + bin.compactText) == true)
  }
}
