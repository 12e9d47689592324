import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Alpha metrics")
struct AlphaMetricsTests {
  static let daily = AlphaMetrics.Scale(bookSize: 20e6, rowsPerYear: 252, rowsPerDay: 1)

  static func series(pnl: [Double], traded: [Double]? = nil) -> BookSeries {
    let zeros = [Double](repeating: 0, count: pnl.count)
    var series = BookSeries()
    series.stamps = pnl.indices.map {
      Timestamp(startOf: CalendarDate(daysSinceEpoch: 15_000 + Int32($0)))
    }
    series.pnl = pnl
    series.traded = traded ?? zeros
    series.cost = zeros
    series.grossExposure = pnl.map { _ in 20e6 }
    series.netExposure = zeros
    series.longCount = zeros
    series.shortCount = zeros
    series.covered = zeros
    series.admitted = zeros
    series.largestShare = zeros
    series.unpriced = zeros
    series.smallerUniversePnL = zeros
    return series
  }

  @Test("four days give the figures that a pocket calculator gives")
  func fourDays() {
    let series = Self.series(pnl: [100, -300, 200, 400], traded: [2e6, 0, 4e6, 2e6])
    let metrics = AlphaMetrics(series, rows: 0..<4, scale: Self.daily)
    #expect(metrics.pnl == 400)
    // Mean 100, deviations 0, -400, 100, 300: squares 260000 / 3.
    #expect(agree(metrics.sharpe, (252.0).squareRoot() * 100 / (260_000.0 / 3).squareRoot()))
    #expect(agree(metrics.returns, 100.0 * 252 / 10e6))
    #expect(agree(metrics.turnover, 8e6 / 4 / 20e6))
    #expect(agree(metrics.margin, 400 / 8e6))
    #expect(agree(metrics.drawdown, 300 / 10e6))
    #expect(
      agree(metrics.fitness, metrics.sharpe * (metrics.returns / 0.125).squareRoot()))
  }

  @Test("a block is measured by itself, and its drawdown starts at zero")
  func blocks() {
    let series = Self.series(pnl: [500, -100, -100, 50])
    let metrics = AlphaMetrics(series, rows: 1..<4, scale: Self.daily)
    #expect(metrics.rows == 3)
    #expect(metrics.pnl == -150)
    #expect(agree(metrics.drawdown, 200 / 10e6))
    #expect(metrics.firstStamp == series.stamps[1])
  }

  @Test("what is not defined is missing")
  func undefined() {
    let constant = AlphaMetrics(
      Self.series(pnl: [0.1, 0.1, 0.1]), rows: 0..<3, scale: Self.daily)
    #expect(constant.sharpe.isNaN)
    #expect(constant.fitness.isNaN)
    #expect(constant.margin.isNaN)
    #expect(constant.coverage.isNaN)
    #expect(AlphaMetrics.sharpe([1], rows: 0..<1, rowsPerYear: 252).isNaN)
  }

  @Test(
    "fitness reproduces the public samples of BRAIN",
    arguments: [
      (1.03, 0.017, 0.1367, 0.36), (0.19, 0.0195, 0.0242, 0.08), (2.35, 0.0951, 0.3973, 1.15),
      (1.71, 0.1309, 0.3512, 1.04),
    ])
  func fitness(_ sharpe: Double, _ returns: Double, _ turnover: Double, _ expected: Double) {
    let fitness = AlphaMetrics.fitness(sharpe: sharpe, returns: returns, turnover: turnover)
    #expect((fitness * 100).rounded() / 100 == expected)
    #expect(
      AlphaMetrics.fitness(sharpe: -sharpe, returns: -returns, turnover: turnover) == -fitness)
  }

  @Test(
    "margin and returns hold BRAIN's identity, whose year has 250 days",
    arguments: [(0.0195, 0.0242, 0.001611)])
  func margin(_ returns: Double, _ turnover: Double, _ expected: Double) {
    var generator = SplitMix64(seed: 9)
    // Rows that add up to the given returns and turnover, unevenly.
    let count = 500
    var pnl = (0..<count).map { _ in generator.nextUniform() - 0.5 }
    let shift = returns * 10e6 / 250 - pnl.reduce(0, +) / Double(count)
    for i in pnl.indices { pnl[i] += shift }
    var traded = (0..<count).map { _ in generator.nextUniform() }
    let total = traded.reduce(0, +)
    for i in traded.indices { traded[i] *= turnover * 20e6 * Double(count) / total }
    let metrics = AlphaMetrics(
      Self.series(pnl: pnl, traded: traded), rows: 0..<count,
      scale: AlphaMetrics.Scale(bookSize: 20e6, rowsPerYear: 250, rowsPerDay: 1))
    #expect(agree(metrics.returns, returns))
    #expect(agree(metrics.turnover, turnover))
    #expect(agree(metrics.margin, 0.002 * metrics.returns / metrics.turnover, relative: 1e-12))
    // The published figures are rounded to the digits shown; a year of 252 days misses them.
    #expect(abs(metrics.margin / expected - 1) < 0.002)
  }

  @Test("ten years of 1,946,403 are 1.95 % a year")
  func publicReturns() {
    let pnl = [Double](repeating: 1_946_403.0 / 2520, count: 2520)
    let metrics = AlphaMetrics(Self.series(pnl: pnl), rows: 0..<2520, scale: Self.daily)
    #expect((metrics.returns * 1e4).rounded() == 195)
  }
}
