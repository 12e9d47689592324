import Backtesting
import Mathematics
import TestKit
import Testing

@Suite("PerformanceMeasures")
struct PerformanceMeasuresTests {
  static func check(_ measures: PerformanceMeasures, against figures: [String: Any]) throws {
    let pairs: [(String, Double?)] = [
      ("cum_return_final", measures.cumulativeReturn), ("annual_return", measures.annualReturn),
      ("annual_volatility", measures.annualVolatility), ("sharpe", measures.sharpe),
      ("sortino", measures.sortino), ("downside_risk", measures.downsideRisk),
      ("calmar", measures.calmar), ("max_drawdown", measures.maximumDrawdown?.depth),
      ("omega", measures.omega), ("stability", measures.stability),
      ("tail_ratio", measures.tailRatio), ("var_5", measures.valueAtRisk),
      ("cvar_5", measures.conditionalValueAtRisk), ("n", Double(measures.observations)),
    ]
    for (name, calculated) in pairs {
      let expected = try #require(figures[name] as? Double)
      let calculated = try #require(calculated, "\(name) is missing")
      #expect(agree(calculated, expected, relative: 1e-10), "\(name) \(calculated) \(expected)")
    }
  }

  @Test(
    "figures agree with empyrical's on eight years of equities",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func agreesWithEmpyrical() throws {
    let (equalWeight, apple) = SampleReturns.equalWeightAndApple
    try Self.check(PerformanceMeasures(of: equalWeight), against: MetricsOracle.figures("EW"))
    let figures = MetricsOracle.figures("AAPL_vs_EW")
    try Self.check(PerformanceMeasures(of: apple), against: figures)
    let relative = RelativeMeasures(of: apple, against: equalWeight)
    let pairs: [(String, Double?)] = [
      ("alpha", relative.alpha), ("beta", relative.beta), ("up_capture", relative.upCapture),
      ("down_capture", relative.downCapture),
      ("information_ratio_excess_sharpe", relative.informationRatio),
    ]
    for (name, calculated) in pairs {
      let expected = try #require(figures[name] as? Double)
      let present = try #require(calculated, "\(name) is missing")
      #expect(agree(present, expected, relative: 1e-10), "\(name)")
    }
  }

  @Test(
    "regression, consistent errors and autocorrelation agree with statsmodels'",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func agreesWithStatsmodels() throws {
    let (equalWeight, apple) = SampleReturns.equalWeightAndApple
    let fit = try #require(LinearRegression(of: apple, on: [equalWeight]))
    let consistent = fit.autocorrelationConsistentErrors(lags: 5)
    let figures = MetricsOracle.figures("stats", "ols_AAPL_on_EW")
    let pairs: [(String, Double)] = [
      ("const", fit.coefficients[0]), ("beta", fit.coefficients[1]),
      ("t_const", fit.tStatistics[0]), ("t_beta", fit.tStatistics[1]), ("r2", fit.rSquared),
      ("hac5_se_const", consistent[0]), ("hac5_se_beta", consistent[1]),
    ]
    for (name, calculated) in pairs {
      let expected = try #require(figures[name] as? Double)
      #expect(agree(calculated, expected, relative: 1e-9), "\(name) \(calculated) \(expected)")
    }
    let recorded = MetricsOracle.figures("stats")["acf_AAPL_1_5"]
    let expected = try #require(recorded as? [Double])
    let calculated = Autocorrelation.correlations(of: apple, lags: 5)
    for (mine, theirs) in zip(calculated, expected) { #expect(agree(mine, theirs)) }
  }

  @Test("missing returns are left out and counted")
  func missingReturns() {
    let gappy = PerformanceMeasures(of: [0.01, .nan, -0.02, 0.03, .nan])
    let whole = PerformanceMeasures(of: [0.01, -0.02, 0.03])
    #expect(gappy.missing == 2 && gappy.observations == 3)
    #expect(gappy.sharpe == whole.sharpe && gappy.annualReturn == whole.annualReturn)
    #expect(gappy.maximumDrawdown?.troughRow == 2)
  }

  @Test("what does not exist is nil, not zero and not infinite")
  func nothing() {
    let empty = PerformanceMeasures(of: [.nan])
    #expect(empty.cumulativeReturn == nil && empty.annualReturn == nil && empty.sharpe == nil)
    #expect(empty.downsideRisk == nil && empty.conditionalValueAtRisk == nil)
    let constant = PerformanceMeasures(of: [0.1, 0.1, 0.1])
    #expect(constant.sharpe == nil && constant.sortino == nil && constant.omega == nil)
    #expect(constant.maximumDrawdown == nil && constant.calmar == nil)
    #expect(constant.annualVolatility == 0 && constant.skewness == nil)
    let ruined = PerformanceMeasures(of: [0.1, -1.5, 0.1])
    #expect(ruined.cumulativeReturn == -1 && ruined.annualReturn == -1)
    #expect(ruined.stability == nil && ruined.maximumDrawdown?.depth == -1)
  }

  @Test("additive wealth adds where compounded wealth multiplies")
  func additive() throws {
    let returns = [0.1, -0.2, 0.1, 0.05]
    let measures = PerformanceMeasures(of: returns, periodsPerYear: 4, accumulation: .additive)
    #expect(agree(try #require(measures.cumulativeReturn), 0.05))
    #expect(agree(try #require(measures.annualReturn), 0.05))
    #expect(agree(try #require(measures.maximumDrawdown?.depth), -0.2))
    let compounded = PerformanceMeasures(of: returns, periodsPerYear: 4)
    #expect(agree(try #require(compounded.cumulativeReturn), 1.1 * 0.8 * 1.1 * 1.05 - 1))
  }

  @Test("ratios do not change when the stake doubles")
  func scaleFree() throws {
    var generator = SplitMix64(seed: 3)
    let returns = (0..<200).map { _ in 0.02 * (generator.nextUniform() - 0.48) }
    let one = PerformanceMeasures(of: returns, accumulation: .additive)
    let two = PerformanceMeasures(of: returns.map { 2 * $0 }, accumulation: .additive)
    #expect(one.sharpe == two.sharpe && one.sortino == two.sortino && one.omega == two.omega)
    #expect(agree(try #require(one.calmar), try #require(two.calmar)))
  }

  @Test("a series measured against itself has beta one and no alpha")
  func against() throws {
    let returns = [0.01, -0.02, 0.03, 0.005, -0.01]
    let itself = RelativeMeasures(of: returns, against: returns)
    #expect(agree(try #require(itself.beta), 1))
    #expect(agree(try #require(itself.alpha), 0))
    #expect(itself.upCapture == 1 && itself.downCapture == 1 && itself.informationRatio == nil)
    let gappy = RelativeMeasures(of: returns, against: [0.01, .nan, 0.02, 0.01, 0])
    #expect(gappy.observations == 4 && gappy.downCapture == nil)
  }
}

@Suite("Drawdown")
struct DrawdownTests {
  @Test("the rows of start, trough and recovery")
  func rows() {
    let path = [0.1, -0.1, -0.1, .nan, 0.1, 0.2, -0.05]
    let drawdown = Drawdown.maximum(of: path, accumulation: .compounded)
    #expect(drawdown?.startRow == 1 && drawdown?.troughRow == 2 && drawdown?.recoveryRow == 5)
    #expect(agree(drawdown?.depth ?? .nan, 0.81 - 1))
  }

  @Test("a fall from the start counts, and one that is not made good has no recovery")
  func fromStart() {
    let drawdown = Drawdown.maximum(of: [-0.1, 0.05, 0.02], accumulation: .additive)
    #expect(drawdown?.startRow == 0 && drawdown?.troughRow == 0 && drawdown?.recoveryRow == nil)
    #expect(agree(drawdown?.depth ?? .nan, -0.1))
  }

  @Test("a later, deeper fall replaces a recovered one, an equal one does not")
  func deepest() {
    let deeper = Drawdown.maximum(of: [1, -0.5, 0.5, -0.75, 1], accumulation: .additive)
    #expect(deeper?.startRow == 3 && deeper?.recoveryRow == 4)
    let equal = Drawdown.maximum(of: [1, -0.5, 0.5, -0.5], accumulation: .additive)
    #expect(equal?.startRow == 1 && equal?.recoveryRow == 2)
  }

  @Test("wealth that never falls has no drawdown")
  func none() {
    #expect(Drawdown.maximum(of: [0.1, 0, .nan, 0.1], accumulation: .compounded) == nil)
    #expect(Drawdown.maximum(of: [], accumulation: .additive) == nil)
  }

  @Test(
    "the one pass agrees with looking at all pairs of rows",
    arguments: 1...20 as ClosedRange<UInt64>)
  func allPairs(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let returns = (0..<60).map { _ in 0.1 * (generator.nextUniform() - 0.5) }
    for accumulation in Accumulation.allCases {
      var worst = 0.0
      for start in 0..<60 {
        var change = accumulation == .compounded ? 1.0 : 0.0
        for end in start..<60 {
          change = accumulation == .compounded ? change * (1 + returns[end]) : change + returns[end]
          worst = min(worst, accumulation == .compounded ? change - 1 : change)
        }
      }
      let drawdown = Drawdown.maximum(of: returns, accumulation: accumulation)
      #expect(agree(drawdown?.depth ?? 0, worst), "seed \(seed)")
    }
  }
}
