import Essentials
import Research
import Storage
import TestKit
import Testing

@testable import Services

@Suite("The judgment of results")
struct AlphaJudgmentTests {
  private func result(
    _ id: String, _ sharpe: Double?, _ fitness: Double?, _ turnover: Double?, idea: String = "i"
  ) -> AlphaResult {
    AlphaResult(
      CandidateAlpha(ideaID: idea, formula: "rank(close)"), alphaID: id,
      metrics: SummaryMetrics(sharpe: sharpe, fitness: fitness, turnover: turnover),
      document: [:], at: Timestamp(millisecondsSinceEpoch: 0))
  }

  @Test("E1: a turnover of a quarter passes as a fraction, and the best stands first")
  func fractions() throws {
    let cards = try AlphaJudgment().cards(of: [
      result("bad", -0.64, -0.35, 0.1913), result("good", 2, 1.5, 0.25),
      result("none", nil, nil, nil),
    ])
    #expect(cards.map(\.alphaID) == ["good", "bad", "none"] || cards[0].alphaID == "good")
    #expect(cards[0].passed)
    #expect(cards.filter(\.passed).count == 1)
  }

  @Test("E1: by the percent policy the documented scores come out")
  func percent() throws {
    let judgment = AlphaJudgment(policy: .percentCompatible)
    let cards = try judgment.cards(of: [result("a", 1.32, 1.05, 25.1)])
    #expect(cards[0].passed)
    #expect((cards[0].score - 1.1495).magnitude < 1e-9)
  }

  @Test("a turnover that no book can trade is refused with its unit")
  func units() throws {
    let failure = #expect(throws: TurnoverUnitMistake.self) {
      try AlphaJudgment().cards(of: [result("ok", 2, 1.5, 0.25), result("a7", 2, 1.5, 25.1)])
    }
    #expect(failure?.explanation.contains("a7") == true)
    #expect(failure?.explanation.contains("25.1") == true)
    #expect(failure?.remedy.contains("turnover_unit") == true)
    #expect(throws: TurnoverUnitMistake.self) {
      try AlphaJudgment(policy: .percentCompatible).cards(of: [result("a", 2, 1.5, 201)])
    }
  }

  @Test("each idea's cards are recorded by themselves")
  func recorded() throws {
    let stage = try ProposalStage()
    let record = ResearchRecord(
      run: "r", recorder: try RunRecorder(addingTo: "r", journal: stage.journal),
      now: ProposalStage.now)
    let results = [
      result("a", 2, 1.5, 0.25, idea: "x"), result("b", 1, 1.5, 0.25, idea: "y"),
      result("c", 1, 1.5, 0.25, idea: "x"),
    ]
    let judgment = AlphaJudgment()
    try judgment.record(results, judgment.cards(of: results), in: record)
    let events = try stage.journal.events(limit: 10)
    #expect(events.map(\.kind) == ["evaluation.completed", "evaluation.completed"])
    #expect(events.map { $0.payload?["total"] } == [2, 1])
  }
}
