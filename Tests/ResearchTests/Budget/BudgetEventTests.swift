import Essentials
import Testing

@testable import Research

@Suite("Budget events")
struct BudgetEventTests {
  private func names(_ value: JSONValue?) -> [String] {
    if case .object(let members)? = value { members.map(\.name) } else { [] }
  }

  @Test("a check has the members that consoles know, and an unknown cost is null")
  func check() throws {
    var ledger = TokenLedger(configuration: BudgetConfiguration(), prices: .empty)
    var request = LedgerBench.request(9_122, 1_600)
    request.prompt = PromptFacts(
      selectedTopK: .init(subcategories: 4, datasets: 15, fields: 9, operators: 19),
      laneRatio: ["explore_ratio": .number(0.3214)], coverageKPI: 4, noveltyKPI: 1,
      comboSample: ["f0::op0"], fallbackCount: 7, exploreFloorPreserved: true)
    let events = try ledger.reserve(request, at: LedgerBench.friday).events
    #expect(events.map(\.kind) == ["budget.check_passed", "budget.explore_floor_preserved"])
    let payload = events[0].payload
    let known = [
      "step_name", "prompt_tokens", "completion_tokens", "selected_topk", "lane_ratio",
      "budget_exceeded", "fallback_count", "coverage_kpi", "novelty_kpi", "combo_sample",
      "projected_batch_tokens", "projected_day_tokens", "batch_tokens_used_before",
      "day_tokens_used_before", "estimated_request_cost_usd", "explore_floor_preserved", "limits",
      "fallback_applied",
    ]
    #expect(Array(names(payload).prefix(known.count)) == known)
    #expect(payload["projected_batch_tokens"] == 10_722)
    #expect(payload["estimated_request_cost_usd"] == .null)
    #expect(
      names(payload["budget_exceeded"]) == [
        "request_prompt", "request_completion", "batch_total", "day_total", "explore_floor",
      ])
    #expect(
      names(payload["limits"]) == [
        "max_prompt_tokens", "max_completion_tokens", "max_tokens_per_batch", "max_tokens_per_day",
        "min_explore_candidates_per_batch",
      ])
    #expect(events[0].stage == "budget" && events[0].severity == "info")
  }

  @Test("a refusal is two events, of which the second is an error")
  func blocked() throws {
    var ledger = TokenLedger(configuration: BudgetConfiguration(), prices: .empty)
    let events = try ledger.reserve(LedgerBench.request(12_001), at: LedgerBench.friday).events
    #expect(events.map(\.kind) == ["budget.check_failed", "budget.blocked"])
    #expect(events.map(\.severity) == ["warn", "error"])
    #expect(events[1].payload["budget_exceeded"]?["request_prompt"] == .bool(true))
  }

  @Test("a usage point has the members that consoles know and what the provider said")
  func usage() throws {
    var ledger = TokenLedger(configuration: BudgetConfiguration(), prices: LedgerBench.prices)
    let call = try ledger.grant(LedgerBench.request(100, 50))
    let reported: JSONValue = [
      "input_tokens": 36, "input_tokens_details": ["cached_tokens": 6], "output_tokens": 40,
      "output_tokens_details": ["reasoning_tokens": 11], "total_tokens": 76,
    ]
    let point = UsagePoint(
      reported: reported, promptCharacters: 150, completionCharacters: 61, responseID: "resp_1",
      reasoning: ["effort": "medium", "summary": "auto", "verbosity": "low"])
    let event = try ledger.settle(call.id, point, at: LedgerBench.friday)[0]
    #expect(event.kind == "llm.usage_point" && event.stage == "alpha_maker")
    let payload = event.payload
    for (name, value) in [
      ("prompt_chars", 150), ("completion_chars", 61), ("prompt_tokens_rough", 38),
      ("completion_tokens_rough", 16), ("prompt_tokens", 36), ("completion_tokens", 40),
      ("total_tokens", 76), ("cached_tokens", 6), ("reasoning_tokens", 11),
      ("cost_nano_usd", 76_000), ("attempt", 1),
    ] {
      #expect(payload[name] == .integer(value), "\(name)")
    }
    #expect(payload["estimated_cost_usd"] == .number(0.000076))
    #expect(payload["usage"] == reported)
    #expect(payload["provider"] == "bench" && payload["model"] == "plain")
    #expect(payload["response_id"] == "resp_1")
    #expect(names(payload["reasoning"]) == ["effort", "summary", "verbosity"])
  }
}
