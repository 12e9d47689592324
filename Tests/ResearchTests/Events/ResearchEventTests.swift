import Essentials
import Testing

@testable import Research
@testable import Storage

@Suite("Research events")
struct ResearchEventTests {
  private func names(_ value: JSONValue?) -> [String] { (value ?? .null).memberList.map(\.name) }

  @Test("there is a sample of every kind")
  func complete() {
    #expect(EventSamples.facts.map(\.kind) == ResearchEventKind.allCases)
  }

  @Test("an event comes back from the journal as it went in", arguments: EventSamples.facts)
  func roundTrip(_ fact: ResearchFact) throws {
    let event = ResearchEvent(at: EventSamples.friday, run: "r1", idea: "i1", fact)
    let draft = event.draft()
    #expect(draft.objection(place: 0, head: 0) == nil)
    #expect(try ResearchEvent(EventSamples.stored(draft)) == event)
    #expect(draft.subject == (fact.candidate?.key ?? fact.job?.jobID ?? "i1"))
    #expect(names(event.payload).first == "idea_id")
    #expect(Set(names(event.payload)).count == names(event.payload).count)
    #expect(event.message.hasSuffix("."), "\(event.message)")
  }

  @Test("payloads have the members that consoles know")
  func members() {
    let known: [(ResearchEventKind, [String])] = [
      (.ideaGenerated, ["candidate_subcategories", "keywords_for_retrieval"]),
      (.ideaParseFailed, ["code", "detail", "attempt"]),
      (
        .packBuilt,
        [
          "idea_id", "query", "selected_subcategories", "candidate_counts", "token_estimate",
          "budget_policy", "expansion_policy", "output",
        ]
      ),
      (.alphaStarted, ["retrieval_candidates"]),
      (
        .alphaGenerated,
        ["used_fields", "used_operators", "candidate_lane", "formula", "fingerprint"]
      ),
      (
        .fallbackApplied,
        [
          "step_name", "prompt_tokens", "completion_tokens", "selected_topk", "lane_ratio",
          "budget_exceeded", "fallback_count", "fallback_phase", "fallback_factor",
        ]
      ),
      (.validationStarted, ["max_repair_attempts", "stop_on_repeated_error", "candidate_lane"]),
      (.retryPassed, ["attempt", "error_codes"]),
      (.retryFailed, ["attempt", "error_codes", "errors", "repeat_count"]),
      (.retryStarted, ["attempt", "instruction", "instruction_json"]),
      (.retrievalExpanded, ["attempt", "repeat_count", "threshold", "topk_before", "topk_after"]),
      (.retryAborted, ["attempt", "repeat_count", "threshold", "error_codes"]),
      (.orderViolated, ["event_order_violation"]),
      (
        .simulationStarted,
        [
          "candidate_lane", "validation_passed", "validation_attempts", "fingerprint", "mode",
          "candidate_count",
        ]
      ),
      (.simulationProgress, ["progress", "raw"]),
      (.simulationCompleted, ["alpha_id", "metrics", "fingerprint"]),
      (.simulationBlocked, ["validation_passed", "validation_attempts", "error_codes"]),
      (.recordsetsUnavailable, ["error"]),
      (.evaluationCompleted, ["total", "passed", "failed", "top_alpha_ids", "scorecards"]),
      (
        .childCreated,
        [
          "parent_alpha_id", "parent_candidate_key", "child_candidate_key", "mutation_index",
          "mutation_source", "failure_label", "failure_actions", "scorecard_reasons",
          "candidate_lane",
        ]
      ),
      (
        .runSummary,
        [
          "run_id", "validation_passed", "validation_attempts", "error_codes", "retrieval_expanded",
          "simulated", "evaluated", "mutation_count", "event_order_violation", "alpha_ids",
          "cost_usd", "cost_per_accepted_alpha_usd",
        ]
      ),
      (.jobFailed, ["job_id", "action", "return_code", "result", "artifacts", "error"]),
    ]
    for (kind, members) in known {
      for fact in EventSamples.facts where fact.kind == kind {
        let event = ResearchEvent(at: EventSamples.friday, run: "r1", idea: "i1", fact)
        let missing = members.filter { !names(event.payload).contains($0) }
        #expect(missing.isEmpty, "\(kind): \(missing)")
      }
    }
  }

  @Test("the metrics and the name of an alpha are in the payload, a missing coverage is null")
  func metrics() {
    let event = ResearchEvent(
      at: EventSamples.friday, run: "r1", idea: "i1", .simulationCompleted(EventSamples.result))
    #expect(event.payload["alpha_id"] == "a1")
    #expect(event.payload["metrics"]?["sharpe"] == .number(1.5))
    #expect(event.payload["metrics"]?["coverage"] == .null)
    #expect(event.payload["metrics"]?["margin"] == .number(0.25))
    #expect(event.payload["formula"]?["fingerprint"] == "ab12")
    #expect(event.payload["panel"]?["fingerprint"] == "ef56")
  }

  @Test("what a run cost for each accepted alpha is known where both are")
  func costPerAlpha() {
    var outcome = EventSamples.outcome
    #expect(outcome.json["cost_per_accepted_alpha_usd"] == .number(0.017))
    outcome.accepted = 0
    #expect(outcome.json["cost_per_accepted_alpha_usd"] == .null)
    outcome.accepted = 2
    outcome.cost = nil
    #expect(outcome.json["cost_per_accepted_alpha_usd"] == .null)
    #expect(outcome.json["cost_usd"] == .null)
  }

  @Test(
    "older names are understood and never written",
    arguments: [
      ("simulation_completed", ResearchEventKind.simulationCompleted),
      ("simulation_skipped_duplicate", .simulationDuplicate), ("metadata_sync", .metadataSynced),
      ("cycle_completed", .cycleCompleted),
    ])
  func aliases(_ name: String, _ kind: ResearchEventKind) throws {
    let event = try #require(try ResearchEvent(EventSamples.stored(name, [:])))
    #expect(event.kind == kind)
    #expect(event.draft().kind == kind.rawValue && kind.rawValue != name)
  }

  @Test("a payload that lacks everything is read, one that is wrong is named")
  func lenient() throws {
    for kind in ResearchEventKind.allCases {
      let payload: JSONValue =
        switch kind {
        case .retryPassed, .retryFailed: ["attempt": 1]
        case .fallbackApplied: ["fallback_phase": "fields"]
        default: [:]
        }
      #expect(try ResearchEvent(EventSamples.stored(kind.rawValue, payload))?.kind == kind)
    }
    #expect(throws: DocumentFailure.self) {
      try ResearchEvent(EventSamples.stored("validation.failed", ["attempt": "one"]))
    }
    #expect(throws: DocumentFailure.self) {
      try ResearchEvent(EventSamples.stored("validation.passed", ["attempt": 2]))
    }
  }

  @Test("foreign and unreadable events are told apart and stop nothing")
  func tolerated() {
    #expect(RecordedEvent(EventSamples.stored("world.opened", [:])) == .foreign)
    guard case .unreadable = RecordedEvent(EventSamples.stored("run.summary", "text")) else {
      Issue.record("a text was read as a summary")
      return
    }
    guard case .unreadable = RecordedEvent(EventSamples.stored("llm.usage_point", [:])) else {
      Issue.record("an empty object was read as a usage point")
      return
    }
  }

  @Test("a summary warns of a run that is not valid or out of order")
  func severity() {
    var outcome = EventSamples.outcome
    #expect(ResearchFact.runSummary(outcome).severity == .info)
    outcome.eventOrderViolation = true
    #expect(ResearchFact.runSummary(outcome).severity == .warn)
    outcome.eventOrderViolation = false
    outcome.validationPassed = false
    #expect(ResearchFact.runSummary(outcome).severity == .warn)
  }

  @Test("a simulation that was recorded without research is read with what it has")
  func plainSimulation() throws {
    let payload: JSONValue = [
      "alpha_id": "a1", "name": "first",
      "formula": ["text": "rank( close )", "canonical": "rank(close)", "fingerprint": "ab"],
      "panel": ["name": "p", "fingerprint": "cd"], "settings": ["delay": 1],
      "metrics": ["sharpe": .number(1.5), "coverage": .null], "grade": "good", "trials": 3,
    ]
    let event = try ResearchEvent(EventSamples.stored("simulation.completed", payload))
    guard case .simulationCompleted(let result)? = event?.fact else {
      Issue.record("a simulation was read as \(String(describing: event))")
      return
    }
    #expect(result.ticket.candidate.alphaID == "a1")
    #expect(result.ticket.candidate.formula?.canonical == "rank(close)")
    #expect(result.metrics.sharpe == 1.5 && result.metrics.coverage == nil)
    #expect(event?.message == "Simulated rank( close ), Sharpe ratio 1.50.")
    var order = EventOrder()
    order.take(RecordedEvent(EventSamples.stored("simulation.completed", payload)))
    #expect(!order.isViolated)
  }

  @Test("a step of a fallback is read from the check that is recorded with it")
  func fallbackOfCheck() throws {
    var bench = GaugeBench()
    bench.grant(9_122, 1_600, at: 1)
    let check = try #require(bench.events.first?.payload)
    let payload = JSONValue.object(
      check.memberList + [
        .init("fallback_phase", "operators"), .init("fallback_factor", .number(0.7)),
        .init("tokens_saved", 12),
      ])
    let event = try ResearchEvent(EventSamples.stored("budget.fallback_applied", payload))
    guard case .fallbackApplied(let step)? = event?.fact else {
      Issue.record("a step was read as \(String(describing: event))")
      return
    }
    #expect(step.phase == "operators" && step.factor == 0.7 && step.promptTokens == 9_122)
    #expect(step.maxPromptTokens == 12_000 && step.selectedTopK.operators == 19)
    #expect(event?.idea == "i")
  }
}
