import Essentials
import Foundation
import TestKit
import Testing

@testable import Research

@Suite("Budget configuration")
struct BudgetConfigurationTests {
  private func read(_ text: String) throws(DocumentFailure) -> BudgetConfiguration {
    try BudgetConfiguration(text: text, path: "b.json")
  }

  @Test("the budget of the checkout is the defaults with a price table")
  func shipped() throws {
    let file = checkoutFolder.appendingPathComponent("configs/llm_budget.json")
    var shipped = try read(String(contentsOf: file, encoding: .utf8))
    #expect(shipped.priceTable == "llm_prices.json" && shipped.remarks.isEmpty)
    shipped.priceTable = nil
    #expect(shipped == BudgetConfiguration())
    #expect(try read("{}") == BudgetConfiguration())
    #expect(try read(#"{"max_prompt_tokens": null}"#) == BudgetConfiguration())
  }

  @Test("the defaults are those of the specification")
  func defaults() {
    let budget = BudgetConfiguration()
    #expect(budget.maxPromptTokens == 12_000 && budget.maxCompletionTokens == 1_600)
    #expect(budget.batch.tokens == 52_000 && budget.day.tokens == 1_500_000)
    #expect(budget.fallbackTopKSteps == [0.85, 0.7, 0.55, 0.4])
    #expect(budget.exploitRatio == 0.7 && budget.exploreRatio == 0.3)
    #expect(budget.minExploreCandidatesPerBatch == 1 && budget.expansionReserveTokens == 2_500)
    #expect(budget.flatPrice == nil && budget.week == .init())
    #expect(budget.batch.exploreFloorTokens(millionths: budget.exploreMillionths) == 15_600)
  }

  @Test("every key is read, and the resolved document reads back to the same")
  func everything() throws {
    let budget = try read(
      """
      {"max_prompt_tokens": 1, "max_completion_tokens": 2, "max_cost_usd_per_request": 0.25,
       "max_tokens_per_batch": 3, "max_cost_usd_per_batch": 1, "max_explore_tokens_per_batch": 4,
       "max_explore_cost_usd_per_batch": 0.5, "max_tokens_per_day": 5, "max_cost_usd_per_day": 6,
       "max_explore_tokens_per_day": 7, "max_explore_cost_usd_per_day": 8,
       "max_tokens_per_week": 9, "max_cost_usd_per_week": 10, "max_explore_tokens_per_week": 11,
       "max_explore_cost_usd_per_week": 12, "fallback_topk_steps": [0.5], "exploit_ratio": 3,
       "explore_ratio": 1, "min_explore_candidates_per_batch": 0, "expansion_reserve_tokens": 0,
       "repeated_error_threshold": 3, "estimated_cost_per_1k_prompt_tokens": 0.001,
       "estimated_cost_per_1k_completion_tokens": 0.002, "price_table": "p.json",
       "prompt_bound": "bytes", "reservation_seconds": 60,
       "rank_files": [{"models": ["gpt-5"], "path": "o.tiktoken", "encoding": "o200k_base"}]}
      """)
    #expect(budget.exploreRatio == 0.25 && budget.week.tokens == 9)
    #expect(budget.maxCostPerRequest == NanoDollars(250_000_000))
    #expect(budget.batch.exploreCost == NanoDollars(500_000_000))
    #expect(budget.rankFiles[0].encoding == .o200k && budget.promptBound == .bytes)
    #expect(try read(budget.document.indentedText) == budget)
  }

  @Test(
    "a defect names its key and how to mend it",
    arguments: [
      (#"{"max_promt_tokens": 5}"#, "max_promt_tokens is no known key.", "max_prompt_tokens"),
      (#"{"colour": 5}"#, "colour is no known key.", "Remove it."),
      (#"{"max_prompt_tokens": "5"}"#, "max_prompt_tokens is a text.", "whole number"),
      (#"{"max_prompt_tokens": 1.5}"#, "max_prompt_tokens is the number 1.5.", "whole number"),
      (#"{"max_prompt_tokens": true}"#, "max_prompt_tokens is true.", "whole number"),
      (#"{"max_prompt_tokens": 0}"#, "max_prompt_tokens is 0.", "from 1 to"),
      (#"{"max_tokens_per_day": -1}"#, "max_tokens_per_day is -1.", "from 1 to"),
      (#"{"max_cost_usd_per_day": 0}"#, "max_cost_usd_per_day is 0.", "number from"),
      (#"{"max_cost_usd_per_day": 1e300}"#, "max_cost_usd_per_day is 1e+300.", "number from"),
      (#"{"fallback_topk_steps": [0.5, 1]}"#, "fallback_topk_steps[1] is 1.", "between 0 and 1"),
      (#"{"fallback_topk_steps": []}"#, "fallback_topk_steps is empty.", "array"),
      (#"{"fallback_topk_steps": 0.5}"#, "fallback_topk_steps is the number 0.5.", "array"),
      (#"{"explore_ratio": -3}"#, "explore_ratio is -3.", "number from"),
      (#"{"explore_ratio": 0, "exploit_ratio": 0}"#, "are both 0", "share"),
      (#"{"prompt_bound": "byte"}"#, "prompt_bound is \"byte\".", "\"bytes\""),
      (#"{"price_table": ""}"#, "price_table is empty.", "text"),
      (#"{"rank_files": [{"path": "x"}]}"#, "rank_files[0].models is missing.", "Add it."),
      (#"{"rank_files": [7]}"#, "rank_files[0] is the number 7.", "braces"),
      (#"{"max_prompt_tokens": 1, "max_prompt_tokens": 2}"#, "stands there twice", "one of them"),
      ("[1]", "The document is an array.", "braces"),
      ("{\n  \"a\" 1}", "Line 2, column 7: a colon is expected.", "Mend"),
    ])
  func defect(text: String, explanation: String, remedy: String) {
    let failure = #expect(throws: DocumentFailure.self) { try read(text) }
    #expect(failure?.explanation.contains(explanation) == true, "\(failure?.explanation ?? "")")
    #expect(failure?.remedy.contains(remedy) == true, "\(failure?.remedy ?? "")")
    #expect(failure?.outcome == .badConfiguration)
  }

  @Test("all defects are told at once")
  func together() {
    let failure = #expect(throws: DocumentFailure.self) {
      try read(#"{"max_prompt_tokens": 0, "x": 1, "explore_ratio": "a"}"#)
    }
    #expect(failure?.defects.map(\.keyPath) == ["max_prompt_tokens", "explore_ratio", "x"])
  }

  @Test("ceilings that can never be met are remarked on")
  func remarks() throws {
    let budget = try read(#"{"max_tokens_per_day": 10000, "max_cost_usd_per_day": 1}"#)
    #expect(budget.remarks.count == 3)
  }
}
