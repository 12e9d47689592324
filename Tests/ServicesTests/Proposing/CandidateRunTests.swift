import AlphaLanguage
import Essentials
import Markets
import Research
import TestKit
import Testing

@testable import Services

@Suite("One idea to its end")
struct CandidateRunTests {
  private let stage: ProposalStage
  private let pack: RetrievalPack

  init() throws {
    stage = try ProposalStage()
    stage.idea.target.universe = "ALL"
    pack = try stage.packs.pack(for: stage.idea)
  }

  private func order(_ kinds: [String], among wanted: [String]) -> [String] {
    kinds.filter(wanted.contains)
  }

  @Test("S11: without simulation a good formula passes, is skipped, and is evaluated last")
  func dry() async throws {
    let run = try stage.candidateRun(
      .text(ProposalStage.answer("rank(-returns)")), simulates: false)
    let report = try await run.run(stage.idea, pack: pack)
    #expect(report.verdict.passed && report.verdict.attempts == 1)
    #expect(!report.eventOrderViolation)
    #expect(
      try stage.kinds() == [
        "agent.alpha_generated", "agent.validation_handoff", "validation.started",
        "validation.passed", "simulation.skipped_by_option", "evaluation.completed",
        "run.summary",
      ])
    #expect(report.candidate.notes.validationPassed == true)
    #expect(report.results.isEmpty && report.tokens == 0)
  }

  @Test("S12: a bad formula is repaired once, without asking a model")
  func repaired() async throws {
    let run = try stage.candidateRun(
      .text(ProposalStage.answer("rank(ts_delta(clsoe, 5))")), simulates: false)
    let report = try await run.run(stage.idea, pack: pack)
    #expect(report.verdict.passed && report.verdict.attempts == 2)
    #expect(report.candidate.formula == "rank(ts_delta(close, 5))")
    #expect(!report.eventOrderViolation)
    let steps = order(
      try stage.kinds(),
      among: ["validation.failed", "validation.retry_started", "validation.retry_passed"])
    #expect(
      steps == ["validation.failed", "validation.retry_started", "validation.retry_passed"])
  }

  @Test("S13: a hopeless formula is given up after four texts, the retrieval widened once")
  func hopeless() async throws {
    let model = RecitingModel(ProposalStage.answer("mystery(nothing)"))
    let empty = FormulaValidator(checker: FormulaChecker(schema: PanelSchema(fields: [])))
    let run = try stage.candidateRun(.model(model), validator: empty)
    let report = try await run.run(stage.idea, pack: pack)
    #expect(!report.verdict.passed && report.verdict.attempts == 4)
    #expect(report.verdict.wasExpanded && !report.eventOrderViolation)
    let steps = order(
      try stage.kinds(),
      among: [
        "validation.retrieval_expanded", "simulation.blocked_validation", "evaluation.completed",
        "simulation.enqueued", "validation.event_order_violation",
      ])
    #expect(
      steps == [
        "validation.retrieval_expanded", "simulation.blocked_validation", "evaluation.completed",
      ])
    #expect(model.asked.count == 4)
    #expect(model.asked.last?.stage == .repair)
    // A8: every call is a row of the ledger, whatever its answer was worth.
    #expect(report.tokens == 4 * 1_500)
  }

  @Test("S14: a simulation is enqueued, starts, makes progress, ends, and is judged")
  func simulated() async throws {
    let run = try stage.candidateRun(.text(ProposalStage.answer("rank(-returns)")))
    let report = try await run.run(stage.idea, pack: pack)
    #expect(report.results.count == 1 && report.cards.count == 1)
    let steps = order(
      try stage.kinds(),
      among: [
        "simulation.enqueued", "simulation.started", "simulation.progress",
        "simulation.completed", "evaluation.completed", "validation.event_order_violation",
      ])
    #expect(
      steps == [
        "simulation.enqueued", "simulation.started", "simulation.progress",
        "simulation.completed", "evaluation.completed",
      ])
    let outcome = report.outcome
    #expect(outcome.simulated == 1 && outcome.evaluated == 1)
    #expect(outcome.alphaIDs == [report.results[0].alphaID])
    #expect(outcome.mutationCount == (report.cards[0].passed ? 0 : 3))
    #expect(try stage.kinds().count { $0 == "mutation.child_created" } == outcome.mutationCount)
    for child in report.children {
      #expect(stage.validator.report(on: child).isValid, "\(child.formula)")
    }
  }

  @Test("S4: with a model, the prompt is checked before it is sent and settled before it is read")
  func asked() async throws {
    let run = try stage.candidateRun(
      .model(RecitingModel(ProposalStage.answer("rank(-returns)"))), simulates: false)
    let report = try await run.run(stage.idea, pack: pack)
    let kinds = try stage.kinds()
    let steps = order(
      kinds,
      among: [
        "agent.alpha_started", "budget.check_passed", "budget.explore_floor_preserved",
        "llm.usage_point", "agent.alpha_generated",
      ])
    #expect(
      steps == [
        "agent.alpha_started", "budget.check_passed", "budget.explore_floor_preserved",
        "llm.usage_point", "agent.alpha_generated",
      ])
    #expect(!report.eventOrderViolation && report.tokens == 1_500)
  }

  @Test("settings that the panel cannot serve are told, and the run still ends well")
  func unservable() async throws {
    var candidate = ProposalStage.candidate("rank(-returns)")
    candidate.simulation.settings.testPeriod = "P9Y"
    let run = try stage.candidateRun(.text(candidate.json.compactText))
    let report = try await run.run(stage.idea, pack: pack)
    #expect(report.simulationFailure?.code == "test_period_covers_sample")
    #expect(report.verdict.passed && !report.eventOrderViolation)
    let kinds = try stage.kinds()
    #expect(kinds.contains("simulation.failed") && kinds.contains("evaluation.completed"))
  }

  @Test("the report has the keys that programs know, in their order")
  func keys() async throws {
    let run = try stage.candidateRun(
      .text(ProposalStage.answer("rank(-returns)")), simulates: false)
    let report = try await run.run(stage.idea, pack: pack)
    let document = report.document(output: "out.json", model: nil, skipsSimulation: true)
    for key in [
      "run_id", "validation_passed", "validation_attempts", "error_codes", "retrieval_expanded",
      "simulated", "evaluated", "mutation_count", "event_order_violation", "alpha_ids", "idea_id",
      "output", "llm_provider", "llm_model", "skip_simulation",
    ] {
      #expect(document[key] != nil, "\(key)")
    }
    #expect(document["skip_simulation"] == .bool(true))
  }
}
