import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Reference vectors of evidence")
struct EvidenceVectorsTests {
  /// A series of `count` returns whose ratio, skewness and kurtosis are given closely enough is not
  /// needed: the inference takes them as numbers.
  struct Deflation: Sendable, CustomTestStringConvertible {
    var sharpe: Double
    var rows: Int
    var skewness = 0.0
    var kurtosis = 3.0
    var trials: Int
    var variance: Double
    var threshold: Double
    var probability: Double

    var testDescription: String { "SR \(sharpe), T \(rows), N \(trials), kurtosis \(kurtosis)" }
  }

  @Test(
    "the deflated Sharpe ratio agrees with the published table to six digits",
    arguments: [
      Deflation(
        sharpe: 0.1, rows: 252, trials: 1, variance: 1.0 / 251, threshold: 0,
        probability: 0.942987),
      Deflation(
        sharpe: 0.1, rows: 252, trials: 100, variance: 1.0 / 251, threshold: 0.159730,
        probability: 0.172598),
      Deflation(
        sharpe: 0.1, rows: 252, skewness: -0.5, kurtosis: 5, trials: 100, variance: 1.0 / 251,
        threshold: 0.159730, probability: 0.179013),
      Deflation(
        sharpe: 0.2, rows: 252, trials: 100, variance: 1.0 / 251, threshold: 0.159730,
        probability: 0.736211),
      Deflation(
        sharpe: 0.1, rows: 1000, trials: 1000, variance: 1.0 / 999, threshold: 0.102987,
        probability: 0.462479),
    ])
  func deflation(_ row: Deflation) throws {
    let inference = SharpeInference(
      sharpe: row.sharpe, observations: row.rows, skewness: row.skewness, kurtosis: row.kurtosis)
    let threshold = SharpeInference.expectedMaximum(of: row.trials, variance: row.variance)
    let probability = try #require(
      inference.deflated(trials: row.trials, trialVariance: row.variance))
    #expect(agree(threshold, row.threshold, absolute: 5e-7))
    #expect(agree(probability, row.probability, absolute: 5e-7))
  }

  @Test("the inverse normal keeps its sign in the tails")
  func quantiles() {
    #expect(agree(StandardNormal.quantile(0.999), 3.090232, absolute: 5e-7))
    #expect(agree(StandardNormal.quantile(0.01), -2.326348, absolute: 5e-7))
  }

  @Test("the deflated Sharpe ratio of any series falls, or stays, as the number of trials grows")
  func monotone() throws {
    for seed in 0..<20 as Range<UInt64> {
      let series = try EvidenceBench.rough(
        40 + 17 * Int(seed), seed: seed,
        EvidenceBench.Roughness(drift: 0.002 * Double(seed % 5) - 0.003))
      var last = 1.0
      for trials in [1, 2, 3, 5, 10, 15, 16, 41, 42, 100, 1000, 100_000] {
        var settings = EvidenceSettings()
        settings.trials = trials
        let value = EvidenceBench.value(.deflatedSharpe, series, settings)
        #expect(value <= last && value >= 0, "\(trials) trials, seed \(seed)")
        last = value
      }
    }
  }

  @Test("one trial is judged like none: the probability that the ratio is above zero")
  func oneTrial() throws {
    let series = try EvidenceBench.rough(200, seed: 3)
    #expect(
      EvidenceBench.value(.deflatedSharpe, series)
        == EvidenceBench.value(.probabilisticSharpe, series))
  }

  @Test("probabilistic and deflated ratios do not depend on how many periods a year has")
  func perPeriod() throws {
    let series = try EvidenceBench.rough(200, seed: 4)
    for metric in [EvidenceMetric.probabilisticSharpe, .deflatedSharpe, .sharpeT] {
      let daily = EvidenceBench.value(metric, series, EvidenceSettings(annualise: 252))
      let hourly = EvidenceBench.value(metric, series, EvidenceSettings(annualise: 8760))
      #expect(daily == hourly, "\(metric)")
    }
  }

  @Test("equity of 100, 110, 99, 105, 90, 120 falls by 20 of 110 and has an ulcer of 0.0867217")
  func drawdownByHand() throws {
    let series = try EvidenceBench.daily(
      EvidenceBench.returns(of: [100, 110, 99, 105, 90, 120]))
    #expect(agree(EvidenceBench.value(.maxDrawdown, series), 20.0 / 110))
    #expect(agree(EvidenceBench.value(.maxDrawdown, series), 0.1818182, absolute: 5e-8))
    #expect(agree(EvidenceBench.value(.ulcer, series), 0.0867217, absolute: 5e-8))
    #expect(agree(EvidenceBench.value(.returns, series), 0.2))
  }

  @Test("the first loss counts")
  func firstLoss() throws {
    let equity = try EvidenceBench.daily(EvidenceBench.returns(of: [100, 50, 55, 60.5]))
    #expect(agree(EvidenceBench.value(.maxDrawdown, equity), 0.5))
    // Drawdowns of summed returns that begin behind the first point would call this one 0.
    let early = try EvidenceBench.daily([-0.5, 0.1, 0.1])
    #expect(agree(EvidenceBench.value(.maxDrawdown, early), 0.5))
  }

  @Test("six folds of 600 rows with a horizon of 5 and 1 % embargo: the third learns from the rest")
  func purgedFolds() throws {
    var folds = EvidenceFolds()
    folds.count = 6
    folds.labelHorizon = 5
    folds.embargoShare = 0.01
    let splits = try folds.plan(rows: 600).splits(rows: 600)
    #expect(splits.count == 6)
    #expect(splits[2] == RowSplit(train: [0..<195, 306..<600], test: 200..<300))
  }

  @Test("365 days make 8 test windows of 30 days after 120, the last one ending at 360")
  func walkForward() {
    let ends = (0..<365).map { EvidenceBench.instant($0) }
    let walk = EvidenceWalk(train: .days(120), test: .days(30), step: .days(30))
    let tests = walk.tests(ends: ends, interval: .days(1))
    #expect(tests.map(\.lowerBound) == Array(stride(from: 120, through: 330, by: 30)))
    #expect(tests.allSatisfy { $0.count == 30 })
    #expect(tests.last?.upperBound == 360)
  }
}
