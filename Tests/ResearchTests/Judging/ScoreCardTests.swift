import Backtesting
import Essentials
import Foundation
import TestKit
import Testing

@testable import Research

@Suite("Score cards")
struct ScoreCardTests {
  private static func card(
    _ sharpe: Double?, _ fitness: Double?, _ turnover: Double?,
    policy: JudgingPolicy = JudgingPolicy()
  ) -> ScoreCard {
    ScoreCard(
      ScoreEvidence(
        alphaID: "a",
        metrics: SummaryMetrics(sharpe: sharpe, fitness: fitness, turnover: turnover)),
      policy: policy)
  }

  private struct Row {
    var figures: (Double?, Double?, Double?)
    var score: Double
    var reasons: [String]
  }

  @Test("the policy in percent gives the scores and reasons of the program it is compatible with")
  func percent() {
    let rows = [
      Row(figures: (1.32, 1.05, 25.1), score: 1.1495, reasons: []),
      Row(
        figures: (-0.64, -0.35, 0.1913), score: -1.807587,
        reasons: ["sharpe<1.25", "fitness<1.0", "turnover<=1.0"]),
      Row(figures: (1.25, 1.0, 70.0), score: -0.2625, reasons: ["turnover>=70.0"]),
      Row(
        figures: (nil, nil, nil), score: -1.4,
        reasons: ["sharpe<1.25", "fitness<1.0", "turnover_missing"]),
      Row(figures: (2.0, 1.5, 0.25), score: 0.4775, reasons: ["turnover<=1.0"]),
    ]
    for row in rows {
      let card = Self.card(
        row.figures.0, row.figures.1, row.figures.2, policy: .percentCompatible)
      #expect(abs(card.score - row.score) < 1e-9, "\(row.figures): \(card.score)")
      #expect(card.reasons == row.reasons)
      #expect(card.passed == row.reasons.isEmpty)
    }
  }

  @Test("turnover is a fraction, so an alpha that trades a quarter of its book passes")
  func fraction() {
    let good = Self.card(2.0, 1.5, 0.25)
    #expect(good.passed && good.reasons.isEmpty)
    #expect(abs(good.score - (0.55 * 2 + 0.45 * 1.5 - 0.05)) < 1e-12)
    // The same alphas as in percent have the same scores.
    #expect(abs(Self.card(1.32, 1.05, 0.251).score - 1.1495) < 1e-9)
    #expect(Self.card(1.25, 1.0, 0.70).reasons == ["turnover>=0.7"])
    #expect(Self.card(1.25, 1.0, 0.01).reasons == ["turnover<=0.01"])
    #expect(abs(Self.card(nil, nil, nil).score + 1.4) < 1e-12)
    #expect(Self.card(.nan, .infinity, 0.2).reasons == ["sharpe<1.25", "fitness<1.0"])
  }

  @Test("the platform's failed checks come first, and a pending one fails nothing")
  func checks() {
    var evidence = ScoreEvidence(
      alphaID: "a", metrics: SummaryMetrics(sharpe: 2, fitness: 1.2, turnover: 0.2))
    evidence.checks = [
      .init(name: "LOW_SHARPE", verdict: .pass, value: 2, limit: 1.25),
      .init(name: "SELF_CORRELATION", verdict: .pending),
      .init(name: "UNITS", verdict: .warning),
    ]
    #expect(ScoreCard(evidence).passed)
    evidence.checks.append(.init(name: "CONCENTRATED_WEIGHT", verdict: .fail))
    evidence.metrics.sharpe = 1
    #expect(ScoreCard(evidence).reasons == ["CONCENTRATED_WEIGHT", "sharpe<1.25"])
  }

  @Test("each part that is known moves the score its own way, and the parts add up to it")
  func terms() {
    var evidence = ScoreEvidence(
      alphaID: "a", metrics: SummaryMetrics(sharpe: 2, fitness: 1.5, turnover: 0.3))
    var last = ScoreCard(evidence).score
    func worse(_ what: String, _ change: (inout ScoreEvidence) -> Void) {
      change(&evidence)
      let card = ScoreCard(evidence)
      #expect(card.score < last, "\(what)")
      #expect(card.terms.reduce(0) { $0 + $1.contribution } == card.score)
      last = card.score
    }
    worse("drawdown") { $0.metrics.drawdown = 0.1 }
    worse("coverage") { $0.metrics.coverage = 0.9 }
    worse("a negative correlation") {
      $0.poolCorrelation = PoolCorrelation(largest: -0.5, nearest: "b", compared: 1)
    }
    worse("uneven years") {
      $0.yearly = YearlyStability(figures: [(1, 10, 0.1), (3, 20, 0.2)])
    }
    worse("luck") { $0.trust = .init(deflatedSharpe: 0.1, trials: 200) }
    worse("failing") { $0.poolCorrelation?.largest = 0.9 }
    #expect(ScoreCard(evidence).reasons == ["abs_corr>0.7"])
  }

  @Test("yearly stability takes the population deviation, and no year says nothing")
  func years() {
    let stability = YearlyStability(figures: [(1, 10, 0.1), (3, -20, 0.3), (.nan, 0, .nan)])
    #expect(stability.sharpeMean == 2 && stability.sharpeDeviation == 1)
    #expect(stability.largestDrawdown == 0.3 && stability.profitableShare == 1.0 / 3)
    #expect(YearlyStability([]).sharpeDeviation == nil)
  }

  @Test("the shipped policy is the standard one, and a wrong file is refused with every defect")
  func file() throws {
    let url = checkoutFolder.appendingPathComponent("configs/judging.json")
    let shipped = try JudgingPolicy(
      text: String(contentsOf: url, encoding: .utf8), path: "judging.json")
    #expect(shipped == JudgingPolicy())
    #expect(try JudgingPolicy(json: shipped.json, document: "policy") == shipped)
    #expect {
      try JudgingPolicy(
        text: #"{"min_turnover": 1.0, "max_turnover": 70.0, "min_sharp": 1}"#, path: "p")
    } throws: { error in
      (error as? DocumentFailure)?.defects.count == 3
    }
  }

  @Test("cards are ranked by score, equals by name")
  func ranking() {
    let cards = ["b", "a", "c"].map { name in
      ScoreCard(
        ScoreEvidence(
          alphaID: name,
          metrics: SummaryMetrics(sharpe: name == "c" ? 3 : 1, fitness: 1, turnover: 0.2)))
    }
    #expect(ScoreCard.ranked(cards).map(\.alphaID) == ["c", "a", "b"])
  }
}

@Suite("Failure reasons")
struct FailureReasonTests {
  @Test(
    "the label follows from what failed",
    arguments: [
      ((2.0, 1.5, 0.2), "GENERAL_IMPROVEMENT"), ((0.5, 0.4, 0.2), "LOW_SHARPE"),
      ((-1.0, -0.8, 0.2), "WRONG_SIGN"), ((1.5, 0.7, 0.9), "HIGH_TURNOVER"),
      ((1.5, 0.7, 0.5), "HIGH_TURNOVER"), ((1.5, 0.9, 0.1), "LOW_SHARPE"),
      ((1.5, 1.1, 0.005), "LOW_TURNOVER"),
    ] as [((Double, Double, Double), String)])
  func labels(figures: (Double, Double, Double), label: String) {
    let card = ScoreCard(
      ScoreEvidence(
        alphaID: "a",
        metrics: SummaryMetrics(sharpe: figures.0, fitness: figures.1, turnover: figures.2)))
    #expect(FailureReason(card).label.rawValue == label)
  }

  @Test("coverage and correlation have labels of their own")
  func others() {
    var evidence = ScoreEvidence(
      alphaID: "a", metrics: SummaryMetrics(sharpe: 2, fitness: 1.5, turnover: 0.2, coverage: 0.3))
    #expect(FailureReason(ScoreCard(evidence)).label == .lowCoverage)
    evidence.metrics.coverage = nil
    evidence.checks = [.init(name: "PROD_CORRELATION", verdict: .fail)]
    #expect(FailureReason(ScoreCard(evidence)).label == .highCorrelation)
    #expect(FailureReason(ScoreCard(evidence)).label.compatible == "GENERAL_IMPROVEMENT")
  }
}

@Suite("Selections")
struct LowCorrelationSelectionTests {
  private static func entry(_ name: String, _ pnl: [Double], from day: Int = 0) -> PnLPool.Entry {
    PnLPool.Entry(
      name: name,
      stamps: pnl.indices.map {
        Timestamp(millisecondsSinceEpoch: Int64(day + $0) * 86_400_000)
      },
      pnl: pnl, sharpe: 1)
  }

  @Test("an alpha that goes along with a better one is dropped")
  func greedy() {
    let selection = LowCorrelationSelection(
      [
        Self.entry("a", [1, 2, 3, 4, 5]), Self.entry("b", [2, 4, 6, 8, 10.5]),
        Self.entry("c", [1, -1, 1, -1, 1]),
      ], rowsMin: 3)
    #expect(selection.kept == ["a", "c"])
    #expect(selection.dropped.map(\.name) == ["b"] && selection.dropped[0].resembles == "a")
  }

  @Test("rows that one series lacks are left out, not filled with zero")
  func missing() {
    let left = [1, .nan, 3, 4, .nan, 6.0]
    let right = [2, 100, 6, 8, -50, 12.0]
    #expect(abs((PairwiseCorrelation.of(left, right, rowsMin: 3) ?? 0) - 1) < 1e-12)
    #expect(PairwiseCorrelation.of(left, right, rowsMin: 5) == nil)
    #expect(PairwiseCorrelation.of([1, 1, 1], [1, 2, 3], rowsMin: 3) == nil)
  }

  @Test("series of different days are compared on the days they share")
  func stamps() {
    let left = Self.entry("a", [9, 1, 2, 3, 5], from: 0)
    let right = Self.entry("b", [-1, -2, -3, -5, 7], from: 1)
    #expect(abs((PairwiseCorrelation.of(left, right, rowsMin: 4) ?? 0) + 1) < 1e-12)
    // The opposite of a kept alpha is no new idea.
    #expect(LowCorrelationSelection([left, right], rowsMin: 4).kept == ["a"])
  }

  @Test("the nearest of a pool is the one with the largest correlation of either sign")
  func pool() {
    let series = Self.entry("x", (0..<30).map { Double($0 % 7) })
    let pool = PnLPool([
      Self.entry("x", (0..<30).map { Double($0 % 7) }),
      Self.entry("near", (0..<30).map { -Double($0 % 7) }),
      Self.entry("far", (0..<30).map { Double($0 % 4) }), Self.entry("short", [1, 2, 3]),
    ])
    let found = PoolCorrelation(of: series, with: pool)
    #expect(found.nearest == "near" && found.compared == 2 && found.incomparable == 1)
    #expect(abs((found.largest ?? 0) + 1) < 1e-12)
  }

  @Test("diversity adds a tenth at most")
  func diversity() {
    let spread = DiversityBonus(of: [
      ("USA", 0, "pv"), ("EUR", 1, "news"), ("USA", 1, "model"),
    ])
    #expect(abs(spread.value() - 0.0888889) < 1e-6)
    #expect(DiversityBonus(of: []).value() == 0)
  }
}
