import Essentials
import TestKit
import Testing

@testable import Backtesting

@Suite("Check limits")
struct CheckLimitsTests {
  /// Evidence over `years` of 365 rows whose Sharpe in each year, oldest first, is given.
  static func evidence(
    yearlySharpe: [Double], turnover: Double = 0.5, largestShare: Double = 0.05,
    heldRows: Double = 1, share: Double? = 1.0 / 3, unitFindings: [String] = []
  ) -> CheckEvidence {
    var pnl: [Double] = []
    for sharpe in yearlySharpe {
      // Alternating around the mean: the deviation is 100,000 up to the correction for the sample.
      let mean = 100_000 * sharpe / (252.0).squareRoot()
      pnl += (0..<365).map { mean + ($0 % 2 == 0 ? 100_000 : -100_000) }
    }
    var series = AlphaMetricsTests.series(
      pnl: pnl, traded: pnl.map { _ in turnover * 20e6 })
    series.largestShare = pnl.map { _ in largestShare }
    series.grossExposure = pnl.indices.map { Double($0) < heldRows * Double(pnl.count) ? 1 : 0 }
    series.smallerUniversePnL = pnl.map { $0 * 2 }
    let metrics = AlphaMetrics(series, rows: 0..<pnl.count, scale: AlphaMetricsTests.daily)
    var alpha = SimulationBench.identity
    alpha.unitFindings = unitFindings
    return CheckEvidence(
      alpha: alpha, metrics: metrics, series: series, scale: AlphaMetricsTests.daily,
      smallerUniverseShare: share)
  }

  static func verdicts(
    _ evidence: CheckEvidence, _ limits: CheckLimits, pool: PnLPool? = nil
  ) -> [SimulationCheck.Name: SimulationCheck.Verdict] {
    Dictionary(
      uniqueKeysWithValues: limits.judge(evidence, pool: pool).map { ($0.name, $0.verdict) })
  }

  @Test("the standard limits are BRAIN's")
  func standard() {
    let rows: [(CheckLimits.Audience, Int, Double, Double)] = [
      (.user, 1, 1.25, 1.0), (.user, 0, 2.0, 1.3), (.consultant, 1, 1.58, 1.0),
      (.consultant, 0, 2.69, 1.5),
    ]
    for (audience, delay, sharpe, fitness) in rows {
      let limits = CheckLimits.standard(for: audience, delay: delay)
      #expect(limits.sharpe == sharpe)
      #expect(limits.fitness == fitness)
      #expect((limits.ladder != nil) == (audience == .consultant))
    }
  }

  @Test("the limit of the smaller universe is 0.433 of the Sharpe for 1000 of 3000")
  func smallerUniverseLimit() {
    let limits = CheckLimits.standard(for: .user, delay: 1)
    for (sharpe, expected) in [(1.71, 0.74), (2.73, 1.18)] {
      let limit = limits.smallerUniverseLimit(sharpe: sharpe, share: 1000.0 / 3000)
      #expect((limit * 100).rounded() / 100 == expected)
      #expect(limit == 0.75 * (1000.0 / 3000).squareRoot() * sharpe)
    }
  }

  @Test("each check fails for its own reason only")
  func eachFails() {
    let limits = CheckLimits.standard(for: .user, delay: 1)
    let good = Self.evidence(yearlySharpe: [6, 6])
    let passing = Self.verdicts(good, limits)
    #expect(passing[.selfCorrelation] == .pending)
    #expect(passing.filter { $0.value != .pass }.count == 1)
    let cases: [(CheckEvidence, [SimulationCheck.Name])] = [
      (Self.evidence(yearlySharpe: [1.2, 1.2]), [.lowSharpe, .lowFitness]),
      (Self.evidence(yearlySharpe: [6, 6], turnover: 0.009), [.lowTurnover]),
      (Self.evidence(yearlySharpe: [30, 30], turnover: 0.71), [.highTurnover]),
      (Self.evidence(yearlySharpe: [6, 6], largestShare: 0.11), [.concentratedWeight]),
      (Self.evidence(yearlySharpe: [6, 6], heldRows: 0.4), [.concentratedWeight]),
    ]
    for (evidence, expected) in cases {
      let failed = limits.judge(evidence, pool: nil).filter { $0.verdict == .fail }.map(\.name)
      #expect(failed == expected)
    }
    let weak = Self.evidence(yearlySharpe: [6, 6], share: nil, unitFindings: ["Units differ."])
    let verdicts = Self.verdicts(weak, limits)
    #expect(verdicts[.lowSubUniverseSharpe] == .warning)
    #expect(verdicts[.units] == .warning)
    var reversed = good
    reversed.series.smallerUniversePnL = good.series.pnl.map { -$0 }
    #expect(Self.verdicts(reversed, limits)[.lowSubUniverseSharpe] == .fail)
  }

  @Test("consultants climb the ladder by recent years")
  func ladder() {
    let limits = CheckLimits.standard(for: .consultant, delay: 1)
    let cases: [([Double], Double, SimulationCheck.Verdict, String)] = [
      ([0, 0, 2.5, 2.5], 0.5, .pass, "outstanding in the last two years"),
      ([4, 4, 1.5, 1.5], 0.5, .fail, "poor in the last two years"),
      ([0.5, 1.8, 1.8, 1.8], 0.5, .fail, "poor over four years although not before"),
      ([1.8, 1.8, 1.8, 1.8], 0.5, .pass, "runs out of years without having been poor"),
      ([0, 0, 2.2, 2.2], 0.5, .fail, "not outstanding, then poor"),
      ([0, 0, 2.2, 2.2], 0.2, .pass, "outstanding by the eased marks of low turnover"),
      ([3], 0.5, .warning, "shorter than two years"),
    ]
    for (yearly, turnover, expected, name) in cases {
      let checks = limits.judge(
        Self.evidence(yearlySharpe: yearly, turnover: turnover), pool: nil)
      let ladder = checks.first { $0.name == .inSampleLadderSharpe }
      #expect(ladder?.verdict == expected, "\(name): \(ladder?.value ?? .nan)")
      let recent = checks.first { $0.name == .lowTwoYearSharpe }
      #expect((recent?.verdict == .warning) == (expected == .warning))
    }
  }

  @Test("the grade follows fitness alone")
  func grades() {
    let one = CheckLimits.standard(for: .user, delay: 1)
    let zero = CheckLimits.standard(for: .user, delay: 0)
    let rows: [(Double, AlphaGrade, AlphaGrade)] = [
      (1.0, .inferior, .inferior), (1.1, .average, .inferior), (1.6, .good, .average),
      (2.1, .excellent, .good), (2.6, .spectacular, .good), (2.7, .spectacular, .excellent),
      (3.3, .spectacular, .spectacular), (.nan, .inferior, .inferior),
    ]
    for (fitness, delayed, prompt) in rows {
      #expect(AlphaGrade(fitness: fitness, limits: one) == delayed)
      #expect(AlphaGrade(fitness: fitness, limits: zero) == prompt)
    }
  }

  @Test("an alpha may resemble another only by beating it by a tenth")
  func selfCorrelation() {
    let limits = CheckLimits.standard(for: .user, delay: 1)
    func judged(_ records: [(Double, Double)], sharpe: Double) -> SimulationCheck.Verdict {
      limits.judge(
        SelfCorrelation(
          records: records.map { .init(name: "other", correlation: $0.0, sharpe: $0.1) },
          incomparable: []), sharpe: sharpe
      ).verdict
    }
    #expect(judged([], sharpe: 1) == .pass)
    #expect(judged([(0.69, 9)], sharpe: 1) == .pass)
    #expect(judged([(0.7, 1)], sharpe: 1.09) == .fail)
    #expect(judged([(0.7, 1)], sharpe: 1.1) == .pass)
    #expect(judged([(0.9, 1), (0.8, 1.5)], sharpe: 1.5) == .fail)
    #expect(judged([(0.9, 1), (0.8, 1.3)], sharpe: 1.5) == .pass)
    #expect(judged([(0.9, 1)], sharpe: .nan) == .fail)
    #expect(judged([(0.9, -1)], sharpe: -1) == .fail)
    #expect(judged([(0.9, -1)], sharpe: 0.5) == .pass)
  }
}
