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

  @Test("a platform's document is read with its checks, and a broken one is refused")
  func platform() throws {
    let text = """
      {"id": "j2l8Vzv9", "is": {"sharpe": 1.6, "fitness": 1.1, "turnover": 0.1913, "drawdown": 0.6,
      "coverage": null, "checks": [{"name": "LOW_SHARPE", "result": "PASS", "limit": 1.25,
      "value": 1.6}, {"name": "SELF_CORRELATION", "result": "FAIL", "value": 0.81, "limit": 0.7},
      {"name": "MATCHES_COMPETITION", "result": "NEW_WORD", "competitions": []}]}}
      """
    let card = ScoreCard(try ScoreEvidence(platform: JSONValue(parsing: text)))
    #expect(card.reasons == ["SELF_CORRELATION", "abs_corr>0.7"])
    #expect(card.metrics.turnover == 0.1913 && card.metrics.coverage == nil)
    #expect(card.evidence.checks.map(\.verdict) == [.pass, .fail, .pending])
    #expect(throws: DocumentFailure.self) {
      try ScoreEvidence(platform: ["id": "x", "is": ["sharpe": "high"]])
    }
  }

  @Test("an alpha that sees the future never passes")
  func future() {
    var evidence = ScoreEvidence(
      alphaID: "a", metrics: SummaryMetrics(sharpe: 9, fitness: 9, turnover: 0.2))
    evidence.trust = .init(deflatedSharpe: 1, trials: 1)
    #expect(ScoreCard(evidence).passed)
    evidence.trust?.seesTheFuture = true
    #expect(ScoreCard(evidence).reasons == ["look_ahead"])
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
