import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Measures of a window")
struct WindowSampleTests {
  /// Definitions written once more, from the words of the metric's documentation.
  private enum Plain {
    static func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

    static func moment(_ x: [Double], _ power: Int) -> Double {
      let center = mean(x)
      return mean(
        x.map { value in (0..<power).reduce(1.0) { result, _ in result * (value - center) } })
    }

    static func deviation(_ x: [Double]) -> Double {
      (moment(x, 2) * Double(x.count) / Double(x.count - 1)).squareRoot()
    }

    static func equity(_ x: [Double]) -> [Double] {
      var level = 1.0
      return [1]
        + x.map { change in
          level *= 1 + change
          return level
        }
    }

    static func falls(_ x: [Double]) -> [Double] {
      let levels = equity(x)
      return levels.indices.map { 1 - levels[$0] / (levels[...$0].max() ?? .nan) }
    }
  }

  @Test("every measure is what its definition says, on a record with gaps and invalid rows")
  func definitions() throws {
    for seed in 0..<6 as Range<UInt64> {
      let series = try EvidenceBench.rough(
        230, seed: seed, EvidenceBench.Roughness(paperFrom: 150))
      let present = series.rows.filter { $0.isValid && $0.netReturn.isFinite }
      let x = present.map(\.netReturn)
      let count = Double(x.count)
      var settings = EvidenceSettings(annualise: 252)
      settings.trials = 7
      settings.trialVariance = 0.004
      let held = present.filter { $0.grossExposure > 0 }
      let sharpe = Plain.mean(x) / Plain.deviation(x)
      let skew = Plain.moment(x, 3) / Elementary.pow(Plain.moment(x, 2), 1.5)
      let kurt = Plain.moment(x, 4) / (Plain.moment(x, 2) * Plain.moment(x, 2))
      let total = (Plain.equity(x).last ?? .nan) - 1
      let deepest = Plain.falls(x).max() ?? .nan
      let sorted = x.sorted()
      let place = 0.01 * (count - 1)
      let below = Int(place)
      let quantile = sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
      let worst = sorted.prefix(Int(0.025 * (count - 1)) + 1)
      let error = ((1 - skew * sharpe + (kurt - 1) / 4 * sharpe * sharpe) / (count - 1))
        .squareRoot()
      let luck = SharpeInference.expectedMaximum(of: 7, variance: 0.004)
      let paper = present.filter { $0.origin == .paper }.map(\.netReturn)
      let expected: [(EvidenceMetric, Double)] = [
        (.sharpe, sharpe * 252.0.squareRoot()), (.sharpeT, sharpe * count.squareRoot()),
        (
          .sortino,
          Plain.mean(x) * 252
            / (Plain.mean(x.map { min(0, $0) * min(0, $0) }) * 252).squareRoot()
        ),
        (.volatility, Plain.deviation(x) * 252.0.squareRoot()), (.returns, total),
        (.maxDrawdown, deepest),
        (.ulcer, Plain.mean(Plain.falls(x).map { $0 * $0 }).squareRoot()),
        (.winrate, Double(held.count { $0.netReturn > 0 }) / Double(held.count)),
        (
          .profitFactor,
          x.filter { $0 > 0 }.reduce(0, +) / -x.filter { $0 < 0 }.reduce(0, +)
        ),
        (.calmar, (Elementary.pow(1 + total, 252 / count) - 1) / deepest),
        (.skew, skew), (.kurt, kurt), (.valueAtRisk99, -quantile),
        (.expectedShortfall975, -Plain.mean(Array(worst))),
        (.turnover, Plain.mean(present.map(\.turnover))),
        (.exposure, Plain.mean(present.map(\.grossExposure))),
        (.trades, Double(present.reduce(0) { $0 + $1.trades })),
        (.deflatedSharpe, StandardNormal.cumulative((sharpe - luck) / error)),
        (.probabilisticSharpe, StandardNormal.cumulative(sharpe / error)),
        (.sampleDays, count), (.sampleBars, count), (.paperDays, Double(paper.count)),
        (.paperSharpe, Plain.mean(paper) / Plain.deviation(paper) * 252.0.squareRoot()),
        (.paperMaxDrawdown, Plain.falls(paper).max() ?? .nan),
      ]
      for (metric, reference) in expected {
        let value = EvidenceBench.value(metric, series, settings)
        #expect(agree(value, reference), "\(metric): \(value) in place of \(reference)")
      }
    }
  }

  @Test("the slope of log equity is that of least squares, over the error of a sum of returns")
  func slope() throws {
    let series = try EvidenceBench.rough(120, seed: 9)
    let rows = series.rows.filter(\.isPresent)
    let changes = rows.map { Elementary.log(1 + $0.netReturn) }
    let times = [0] + rows.map { ($0.instant - (rows[0].instant - .days(1))).days }
    /// The slope as a function of the returns, by a regression.
    func slope(_ changes: [Double]) throws -> Double {
      var levels = [0.0]
      for change in changes { levels.append(levels[levels.count - 1] + change) }
      return try #require(LinearRegression(of: levels, on: [times])).coefficients[1]
    }
    // What one return adds to the slope is the slope of a step.
    let weights = try changes.indices.map { place in
      try slope(changes.indices.map { $0 == place ? 1 : 0 })
    }
    let mean = changes.reduce(0, +) / Double(changes.count)
    var variance = 0.0
    for one in changes.indices {
      for other in changes.indices where (one - other).magnitude <= 4 {
        variance +=
          (1 - Double((one - other).magnitude) / 5) * weights[one] * (changes[one] - mean)
          * weights[other] * (changes[other] - mean)
      }
    }
    #expect(
      agree(
        EvidenceBench.value(.equitySlopeT, series),
        try slope(changes) / variance.squareRoot(), relative: 1e-8))
  }

  @Test("noise has a slope with a t of 2 no more often than noise should")
  func slopeOfNoise() throws {
    var passed = 0
    for seed in 0..<400 as Range<UInt64> {
      let series = try EvidenceBench.daily(Noise.normal(60, seed: seed, deviation: 0.01))
      if EvidenceBench.value(.equitySlopeT, series) >= 2 { passed += 1 }
    }
    #expect(passed < 28)
  }

  @Test("rows of one day are compounded before a day's loss is measured")
  func dailyLoss() throws {
    let hourly = try EvidenceBench.rough(
      24 * 40, seed: 12, EvidenceBench.Roughness(interval: .hours(1), invalidShare: 0, skipShare: 0)
    )
    var days: [CalendarDate: Double] = [:]
    for row in hourly.rows { days[row.day, default: 1] *= 1 + row.netReturn }
    let daily = try EvidenceBench.daily(days.keys.sorted().map { (days[$0] ?? .nan) - 1 })
    for metric in [EvidenceMetric.valueAtRisk99, .expectedShortfall975] {
      #expect(
        agree(EvidenceBench.value(metric, hourly), EvidenceBench.value(metric, daily)),
        "\(metric)")
    }
    #expect(
      agree(
        hourly.dailyVolatility(over: .all, asOf: EvidenceBench.instant(10_000)),
        daily.dailyVolatility(over: .all, asOf: EvidenceBench.instant(10_000))))
    #expect(EvidenceBench.value(.sampleDays, hourly) == Double(days.count))
  }

  @Test("what does not exist is unknown, never zero and never infinite")
  func unknown() throws {
    let empty = EvidenceSeries()
    let one = try EvidenceBench.daily([0.01])
    let constant = try EvidenceBench.daily([Double](repeating: 0.01, count: 40))
    let flat = try EvidenceBench.daily([Double](repeating: 0, count: 40))
    let counts: Set<EvidenceMetric> = [
      .trades, .sampleDays, .sampleTrades, .sampleBars, .paperDays, .paperTrades,
    ]
    for metric in EvidenceMetric.allCases where !counts.contains(metric) {
      let measure = empty.measure(
        EvidenceRequest(metric), asOf: EvidenceBench.instant(0), settings: EvidenceSettings())
      #expect(!measure.isKnown && measure.bars == 0, "\(metric)")
    }
    for metric in [
      EvidenceMetric.sharpe, .sharpeT, .volatility, .sortino, .skew, .kurt, .deflatedSharpe,
      .probabilisticSharpe, .foldSharpeMean, .walkForwardPositive, .equitySlopeT, .valueAtRisk99,
    ] {
      #expect(EvidenceBench.value(metric, one).isNaN, "\(metric)")
    }
    for metric in [
      EvidenceMetric.sharpe, .sharpeT, .sortino, .skew, .kurt, .profitFactor, .calmar,
      .deflatedSharpe, .probabilisticSharpe, .foldSharpeMean,
    ] {
      #expect(EvidenceBench.value(metric, constant).isNaN, "\(metric)")
      #expect(EvidenceBench.value(metric, flat).isNaN, "\(metric)")
    }
    #expect(EvidenceBench.value(.volatility, constant) == 0)
    #expect(EvidenceBench.value(.maxDrawdown, constant) == 0)
    #expect(EvidenceBench.value(.ulcer, one) == 0)
  }

  @Test("a loss of everything is a drawdown of all")
  func ruin() throws {
    let series = try EvidenceBench.daily([0.1, -1.5, 3])
    #expect(EvidenceBench.value(.returns, series) == -1)
    #expect(EvidenceBench.value(.maxDrawdown, series) == 1)
    #expect(EvidenceBench.value(.equitySlopeT, series).isNaN)
  }

  @Test("what comes later changes nothing that is measured as of an instant")
  func causal() throws {
    let series = try EvidenceBench.rough(160, seed: 21)
    var settings = EvidenceSettings()
    settings.walk = EvidenceWalk(train: .days(30), test: .days(10), step: .days(10))
    for row in [40, 90, 159] {
      let instant = series.rows[row].instant
      let known = series.prefix(asOf: instant)
      #expect(known.count == row + 1)
      for metric in EvidenceMetric.allCases {
        for window in [EvidenceWindow.all, .days(45), .hours(600), .bars(20)] {
          let request = EvidenceRequest(metric, over: window)
          let whole = series.measure(request, asOf: instant, settings: settings)
          #expect(whole == known.measure(request, asOf: instant, settings: settings))
        }
      }
    }
  }

  @Test("a beta is the slope over the rows that both records have")
  func beta() throws {
    let market = try EvidenceBench.rough(150, seed: 31)
    var own = EvidenceSeries()
    for (place, row) in market.rows.enumerated() where place % 7 != 3 {
      var mine = row
      mine.netReturn = 1.5 * row.netReturn + 0.001
      mine.isValid = true
      try own.append(mine)
    }
    let instant = EvidenceBench.instant(10_000)
    let measure = own.beta(against: market, over: .all, asOf: instant)
    #expect(agree(measure.value, 1.5))
    #expect(measure.bars < own.count && measure.bars == measure.days)
    #expect(own.beta(against: EvidenceSeries(), over: .all, asOf: instant).value.isNaN)
    let flat = try EvidenceBench.daily([Double](repeating: 0, count: 150))
    #expect(own.beta(against: flat, over: .all, asOf: instant).value.isNaN)
  }
}
