import Backtesting
import Mathematics
import TestKit
import Testing

@Suite("SharpeInference")
struct SharpeInferenceTests {
  /// Returns whether a number rounds to a printed one.
  static func prints(_ calculated: Double?, _ printed: Double, decimals: Int) -> Bool {
    guard let calculated else { return false }
    return (calculated - printed).magnitude <= 0.5 * Elementary.pow(10, -Double(decimals)) + 1e-12
  }

  @Test("the worked example of The Deflated Sharpe Ratio (2014)")
  func deflatedExample() {
    let variance = 0.5 / 250
    let sharpe = 2.5 / 250.0.squareRoot()
    let skewed = SharpeInference(sharpe: sharpe, observations: 1250, skewness: -3, kurtosis: 10)
    #expect(
      Self.prints(
        SharpeInference.expectedMaximum(of: 100, variance: variance), 0.1132, decimals: 4))
    #expect(
      Self.prints(skewed.deflated(trials: 100, trialVariance: variance), 0.9004, decimals: 4))
    #expect(
      Self.prints(skewed.deflated(trials: 46, trialVariance: variance), 0.9505, decimals: 4))
    let gaussian = SharpeInference(sharpe: sharpe, observations: 1250)
    #expect(
      Self.prints(gaussian.deflated(trials: 88, trialVariance: variance), 0.9505, decimals: 4))
  }

  @Test("the worked examples of The Sharpe Ratio Efficient Frontier (2012)")
  func probabilisticExamples() {
    let gaussian = SharpeInference(sharpe: 0.458, observations: 24)
    #expect(Self.prints(gaussian.probability(above: 0), 0.982, decimals: 3))
    let skewed = SharpeInference(
      sharpe: 0.458, observations: 24, skewness: -2.448, kurtosis: 10.164)
    #expect(Self.prints(skewed.probability(above: 0), 0.913, decimals: 3))
  }

  @Test(
    "its minimum track record lengths",
    arguments: [
      (250.0, 0.0, 3.0, 2.73), (52, 0, 3, 2.83), (12, 0, 3, 3.24), (12, -0.72, 5.78, 4.99),
    ])
  func trackRecords(frequency: Double, skewness: Double, kurtosis: Double, years: Double) {
    let inference = SharpeInference(
      sharpe: 2 / frequency.squareRoot(), observations: 1000, skewness: skewness,
      kurtosis: kurtosis)
    let needed = inference.minimumTrackRecord(above: 1 / frequency.squareRoot(), confidence: 0.95)
    #expect(Self.prints(needed.map { $0 / frequency }, years, decimals: 2), "\(needed ?? .nan)")
  }

  @Test("five years bear no more than 45 trials (Pseudo-Mathematics, 2014)")
  func backtestLength() {
    #expect(SharpeInference.minimumBacktestYears(trials: 45, annualSharpe: 1) <= 5)
    #expect(SharpeInference.minimumBacktestYears(trials: 46, annualSharpe: 1) > 5)
  }

  @Test(
    "the deflated ratio of the best of forty real alphas",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func realAlphas() throws {
    let (names, trials) = GovernanceOracle.alphas
    let reference = GovernanceOracle.object("cscv_reference.json")
    let inferences = try (0..<trials.trials).map {
      try #require(SharpeInference(of: trials.series(of: $0)))
    }
    let best = try #require(
      inferences.indices.max { inferences[$0].sharpe < inferences[$1].sharpe })
    let variance = Moments(of: inferences.map(\.sharpe)).sampleVariance
    let inference = inferences[best]
    let pairs: [(String, Double?)] = [
      ("sr_best", inference.sharpe), ("sr_var", variance), ("skew", inference.skewness),
      ("kurt", inference.kurtosis),
      ("sr0", SharpeInference.expectedMaximum(of: trials.trials, variance: variance)),
      ("dsr", inference.deflated(trials: trials.trials, trialVariance: variance)),
    ]
    #expect(names[best] == reference["best_full"] as? String)
    for (name, calculated) in pairs {
      let expected = try #require(reference[name] as? Double)
      // The shared profits are printed with ten digits, the reference used all of them.
      #expect(agree(try #require(calculated), expected, relative: 2e-9), "\(name)")
    }
  }

  @Test("more trials never make a ratio more believable, and one trial deflates nothing")
  func monotone() throws {
    let inference = SharpeInference(sharpe: 0.1, observations: 500, skewness: -0.5, kurtosis: 5)
    #expect(inference.deflated(trials: 1, trialVariance: 0.01) == inference.probability(above: 0))
    var last = 1.0
    for trials in [1, 2, 3, 5, 10, 100, 10_000, 1_000_000_000] {
      let deflated = try #require(inference.deflated(trials: trials, trialVariance: 0.002))
      #expect(deflated < last || deflated == 0)
      last = deflated
    }
  }

  @Test("at the minimum track record the probability is the confidence")
  func trackRecordIsSharp() throws {
    let inference = SharpeInference(sharpe: 0.08, observations: 100, skewness: -1, kurtosis: 6)
    let needed = try #require(inference.minimumTrackRecord(above: 0.01, confidence: 0.95))
    func probability(_ observations: Double) -> Double? {
      SharpeInference(
        sharpe: 0.08, observations: Int(observations), skewness: -1, kurtosis: 6
      ).probability(above: 0.01)
    }
    #expect(try #require(probability(needed.rounded(.down))) < 0.95)
    #expect(try #require(probability(needed.rounded(.up))) >= 0.95)
  }

  @Test("the best of normal draws is where the expected maximum says")
  func expectedMaximum() {
    var generator = SplitMix64(seed: 11)
    var sum = 0.0
    for _ in 0..<2000 {
      var best = -Double.infinity
      for _ in 0..<20 { best = max(best, StandardNormal.quantile(generator.nextUniform())) }
      sum += best
    }
    let expected = SharpeInference.expectedMaximum(of: 20, variance: 1)
    #expect(agree(sum / 2000, expected, relative: 0.03))
  }

  @Test("what has no ratio has no inference")
  func nothing() {
    #expect(SharpeInference(of: [1, 1, 1]) == nil)
    #expect(SharpeInference(of: [1]) == nil)
    #expect(SharpeInference(of: [1, .nan, 2]) == nil)
    let one = SharpeInference(sharpe: 1, observations: 1)
    #expect(one.standardError == nil && one.probability(above: 0) == nil)
    let impossible = SharpeInference(sharpe: 1, observations: 9, skewness: 9, kurtosis: 3)
    #expect(impossible.standardError == nil)
    #expect(one.minimumTrackRecord(above: 1, confidence: 0.95) == nil)
  }
}
