import Backtesting
import Mathematics
import TestKit
import Testing

@Suite("TrustReport")
struct TrustReportTests {
  static var settings: TrustSettings {
    var settings = TrustSettings()
    settings.resamples = 100
    return settings
  }

  /// Profits with a given annual Sharpe ratio, up to the luck of the seed.
  static func profits(sharpe: Double, years: Double, seed: UInt64) -> [Double] {
    Noise.normal(
      Int(years * 252), seed: seed, mean: 1000 * sharpe / 252.0.squareRoot(), deviation: 1000)
  }

  @Test("skill over many years is supported, with every figure of one series known")
  func skill() throws {
    var evidence = TrustEvidence(
      dailyPnL: Self.profits(sharpe: 2, years: 8, seed: 3), trials: 10)
    evidence.lookAhead = .clean(probes: 3, cells: 100)
    evidence.missingDataShare = 0.01
    let report = TrustReport.assess(evidence, settings: Self.settings)
    #expect(report.verdict == .supported, "\(report.objections)")
    #expect(report.objections.isEmpty && report.rows == 2016 && report.years == 8)
    let inference = try #require(SharpeInference(of: evidence.dailyPnL))
    let lucky = SharpeInference.expectedMaximum(of: 10, variance: 1.0 / 2015)
    #expect(report.trialVariance == .known(.assumed(1.0 / 2015)))
    #expect(agree(report.luckySharpe.value ?? .nan, lucky * 252.0.squareRoot()))
    #expect(report.deflatedSharpe.value == inference.probability(above: lucky))
    #expect(report.probabilisticSharpe.value == inference.probability(above: 0))
    let interval = try #require(report.sharpeInterval.value)
    let sharpe = try #require(report.sharpe.value)
    #expect(interval.lower < sharpe && sharpe < interval.upper)
    // The standard error of an annual ratio over eight years is about 0.36.
    #expect(agree(interval.upper - interval.lower, 2 * 1.96 * 0.36, relative: 0.35))
    #expect(report.walkForward.value?.count == 5 && report.purgedFolds.value?.count == 5)
    #expect(report.walkForwardEfficiency.value != nil && report.purgedFoldDispersion.value != nil)
    #expect(report.minimumTrackRecordYears.value ?? 99 < 8)
    #expect(report.overfitting.reason == "There are no other formulas to compare with.")
  }

  @Test("noise is supported at most as rarely as the confidence promises")
  func noise() {
    var supported = 0
    for seed in 0..<60 as Range<UInt64> {
      let evidence = TrustEvidence(
        dailyPnL: Self.profits(sharpe: 0, years: 1, seed: 900 + seed), trials: 1)
      if TrustReport.assess(evidence, settings: Self.settings).verdict == .supported {
        supported += 1
      }
    }
    #expect(supported <= 5, "\(supported) of 60")
  }

  @Test("the same profits lose their support when the trials are not forgotten")
  func multiplicity() throws {
    var evidence = TrustEvidence(
      dailyPnL: Self.profits(sharpe: 1.3, years: 5, seed: 8), trials: 1)
    let alone = TrustReport.assess(evidence, settings: Self.settings)
    evidence.trials = 5000
    let many = TrustReport.assess(evidence, settings: Self.settings)
    #expect(try #require(alone.deflatedSharpe.value) > 0.95)
    #expect(try #require(many.deflatedSharpe.value) < 0.5)
    #expect(many.verdict == .refuted)
    #expect(alone.probabilisticSharpe == many.probabilisticSharpe)
    #expect(many.objections.contains { "\($0)".contains("the best of 5000 trials by luck") })
    evidence.trialSharpeVariance = 0.0001
    let observed = TrustReport.assess(evidence, settings: Self.settings)
    #expect(observed.trialVariance == .known(.observed(0.0001)))
    #expect(try #require(observed.luckySharpe.value) < many.luckySharpe.value ?? 0)
  }

  @Test("a formula that sees the future is refuted however well it earns")
  func future() {
    var evidence = TrustEvidence(
      dailyPnL: Self.profits(sharpe: 9, years: 4, seed: 1), trials: 1)
    evidence.lookAhead = .leaks(
      .init(row: 7, column: 2, truncation: 8, value: 1.5, truncatedValue: nil), probes: 3,
      leakingProbes: 1)
    let report = TrustReport.assess(evidence, settings: Self.settings)
    #expect(report.verdict == .refuted)
    #expect(
      report.objections.first?.description
        == "The value in row 7, column 2 changes from missing to 1.5 once rows after 7 are known: "
        + "the formula sees the future.")
  }

  @Test("a short or idle sample shows reasons instead of numbers")
  func insufficient() {
    for profits in [[], [1, 2, .nan], [Double](repeating: 5, count: 300)] {
      let report = TrustReport.assess(
        TrustEvidence(dailyPnL: profits, trials: 3), settings: Self.settings)
      #expect(report.verdict == .insufficient)
      #expect(report.sharpe.value == nil && report.sharpe.reason != nil)
      #expect(report.deflatedSharpe.reason == report.sharpe.reason)
      #expect(report.sharpeInterval.reason == report.sharpe.reason)
      #expect(report.luckySharpe.value == nil && report.minimumBacktestYears.value == nil)
    }
    let short = TrustReport.assess(
      TrustEvidence(dailyPnL: [1, 2, .nan], trials: 3), settings: Self.settings)
    #expect(short.rows == 2 && short.missingRows == 1)
    #expect(short.sharpe.reason == "2 days with a profit are too few; 60 are needed.")
  }

  @Test("a sample long enough for a ratio but not for folds says so")
  func noFolds() {
    let report = TrustReport.assess(
      TrustEvidence(dailyPnL: Noise.normal(80, seed: 3, mean: 1), trials: 1),
      settings: Self.settings)
    #expect(report.sharpe.value != nil && report.walkForward.value == nil)
    #expect(
      report.walkForward.reason
        == "80 rows are too few for 5 walk-forward folds, which needs 200.")
    #expect(report.purgedFoldDispersion.reason == report.purgedFolds.reason)
  }

  @Test("missing profits and missing data are objections")
  func missing() {
    var profits = Self.profits(sharpe: 3, years: 6, seed: 2)
    for row in stride(from: 0, to: profits.count, by: 3) { profits[row] = .nan }
    var evidence = TrustEvidence(dailyPnL: profits, trials: 1)
    evidence.missingDataShare = 0.4
    let report = TrustReport.assess(evidence, settings: Self.settings)
    #expect(report.missingRows == 504 && report.rows == 1008)
    #expect(report.verdict == .doubtful)
    #expect(
      report.objections.map(\.description) == [
        "40.0 % of the data is missing; at most 20.0 % is allowed.",
        "33.3 % of the days have no profit; at most 20.0 % is allowed.",
      ])
  }

  @Test(
    "the best of forty real alphas over 320 days is not told from luck",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func realAlphas() throws {
    let (names, trials) = GovernanceOracle.alphas
    let best = try #require(names.firstIndex(of: "alpha026"))
    var evidence = TrustEvidence(dailyPnL: trials.series(of: best), trials: trials.trials)
    let ratios = (0..<trials.trials).compactMap { SharpeRatio.perPeriod(of: trials.series(of: $0)) }
    evidence.trialSharpeVariance = Moments(of: ratios).sampleVariance
    evidence.candidates = trials
    let report = TrustReport.assess(evidence, settings: Self.settings)
    #expect(agree(report.deflatedSharpe.value ?? .nan, 0.4048857119079553, relative: 1e-8))
    #expect(report.overfitting.value?.probability == 9277.0 / 12_870)
    #expect(report.verdict == .refuted)
    #expect(report.objections.filter(\.refutes).count == 2)
    #expect(report.walkForward.value?.allSatisfy { $0.chosen != nil } == true)
  }

  @Test("doubling the stake changes no figure")
  func scaleFree() {
    let profits = Self.profits(sharpe: 1, years: 2, seed: 6)
    let one = TrustReport.assess(
      TrustEvidence(dailyPnL: profits, trials: 4), settings: Self.settings)
    let two = TrustReport.assess(
      TrustEvidence(dailyPnL: profits.map { 2 * $0 }, trials: 4), settings: Self.settings)
    #expect(one == two)
  }

  @Test("each objection is a sentence with its numbers")
  func sentences() {
    let interval = ConfidenceInterval(
      estimate: 0.5, lower: -0.304, upper: 1.296, confidence: 0.95)
    let cases: [(TrustObjection, String)] = [
      (
        .luckIsNotExcluded(probability: 0.9499, needed: 0.95, trials: 1, yearsNeeded: 2.04),
        "The probability that the true Sharpe ratio is above zero is 94.9 %; 95.0 % is needed. "
          + "At this Sharpe ratio it takes 2.0 years."
      ),
      (
        .intervalHoldsZero(interval),
        "The 95.0 % interval of the Sharpe ratio, -0.30 to 1.30, is not above zero."
      ),
      (
        .winnersFade(probability: 0.72, allowed: 0.2),
        "In 72.0 % of all splits the formula that looks best in one half is below the median in "
          + "the other; at most 20.0 % is allowed."
      ),
      (
        .doesNotLast(efficiency: -0.052, needed: 0.5),
        "Out of sample -5.2 % of the Sharpe ratio is left; at least 50.0 % is needed."
      ),
    ]
    for (objection, sentence) in cases { #expect(objection.description == sentence) }
  }
}
