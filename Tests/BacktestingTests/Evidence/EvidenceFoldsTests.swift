import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Robustness of a fixed strategy")
struct EvidenceFoldsTests {
  @Test("fold ratios are those of the test ranges, annualized in the measures")
  func folds() throws {
    let returns = Noise.normal(97, seed: 5)
    var folds = EvidenceFolds()
    folds.count = 4
    let ratios = try #require(folds.sharpes(of: returns))
    let ranges = [0..<25, 25..<49, 49..<73, 73..<97]
    #expect(ratios == ranges.compactMap { SharpeRatio.perPeriod(of: Array(returns[$0])) })
    var settings = EvidenceSettings(annualise: 365)
    settings.folds = folds
    let series = try EvidenceBench.daily(returns.map { $0 / 1000 })
    let moments = Moments(of: ratios)
    #expect(
      agree(
        EvidenceBench.value(.foldSharpeMean, series, settings),
        moments.mean * 365.0.squareRoot()))
    #expect(
      agree(
        EvidenceBench.value(.foldSharpeDeviation, series, settings),
        moments.sampleDeviation * 365.0.squareRoot()))
  }

  @Test("the embargo is rounded up to whole rows, but not by a last bit")
  func embargo() {
    var folds = EvidenceFolds()
    for (share, rows, expected) in [
      (0.01, 600, 6), (0.01, 601, 7), (0.07, 100, 7), (0.0, 50, 0), (0.001, 10, 1),
    ] {
      folds.embargoShare = share
      #expect(folds.plan(rows: rows).embargo == expected)
    }
  }

  @Test("a record that cannot be cut, or has a fold without a ratio, has none")
  func refused() {
    var folds = EvidenceFolds()
    #expect(folds.sharpes(of: [0.1, 0.2, 0.3]) == nil)
    #expect(folds.sharpes(of: [Double](repeating: 0.1, count: 60)) == nil)
    folds.embargoShare = 2
    #expect(folds.sharpes(of: Noise.normal(60, seed: 1)) == nil)
    folds = EvidenceFolds()
    folds.count = 1
    #expect(folds.sharpes(of: Noise.normal(60, seed: 1)) == nil)
  }
}

@Suite("Walking forward in time")
struct EvidenceWalkTests {
  @Test("the share counts windows that ended with a gain, and skips those without rows")
  func share() throws {
    // 10 days to learn, then tests of 5: gain, loss, nothing but a gap, gain.
    let days = Array(0..<20) + Array(25..<30)
    let returns = days.map { day in (10..<15).contains(day) || day >= 25 ? 0.01 : -0.01 }
    let series = try EvidenceSeries(
      zip(days, returns).map { EvidenceRow(instant: EvidenceBench.instant($0), netReturn: $1) })
    var settings = EvidenceSettings()
    settings.walk = EvidenceWalk(train: .days(10), test: .days(5), step: .days(5))
    #expect(agree(EvidenceBench.value(.walkForwardPositive, series, settings), 2.0 / 3))
    settings.walk.train = .days(26)
    #expect(EvidenceBench.value(.walkForwardPositive, series, settings).isNaN)
  }

  @Test("lengths that make no walk make no window")
  func refused() {
    let ends = (0..<50).map { EvidenceBench.instant($0) }
    for walk in [
      EvidenceWalk(train: .days(10), test: .zero, step: .days(5)),
      EvidenceWalk(train: .days(10), test: .days(5), step: .zero),
      EvidenceWalk(train: .days(10), test: .days(5), step: TimeSpan(milliseconds: 1)),
      EvidenceWalk(train: .days(-1), test: .days(5), step: .days(5)),
    ] {
      #expect(walk.tests(ends: ends, interval: .days(1)).isEmpty)
    }
    #expect(EvidenceWalk().tests(ends: [], interval: .days(1)).isEmpty)
  }

  @Test("overlapping tests are allowed")
  func overlapping() {
    let ends = (0..<20).map { EvidenceBench.instant($0) }
    let walk = EvidenceWalk(train: .days(4), test: .days(6), step: .days(3))
    #expect(walk.tests(ends: ends, interval: .days(1)) == [4..<10, 7..<13, 10..<16, 13..<19])
  }
}
