import Essentials
import Foundation
import TestKit
import Testing

@testable import Research

@Suite("Prices")
struct PriceTableTests {
  private static let shipped = checkoutFolder.appendingPathComponent("configs/llm_prices.json")

  private func table() throws -> PriceTable {
    try PriceTable(
      text: String(contentsOf: Self.shipped, encoding: .utf8), path: "llm_prices.json")
  }

  @Test("the price table of the checkout can be read and is dated")
  func shipped() throws {
    let table = try table()
    #expect(table.count > 100 && table.date == "2026-11" && !table.source.isEmpty)
  }

  @Test(
    "a model is found under the names that providers give it",
    arguments: [
      ("gpt-5.2", "gpt-5.2"), ("GPT-5.2", "gpt-5.2"), ("openai/gpt-5.2", "gpt-5.2"),
      ("openrouter/openai/gpt-5.2", "gpt-5.2"), ("gpt-5.2-2025-12-11", "gpt-5.2"),
      ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
      ("claude-haiku-4-5@20251001", "claude-haiku-4-5"),
      ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
      ("gemini/gemini-2.5-pro", "gemini-2.5-pro"), ("minimax-m3", "MiniMax-M3"),
      ("openai/gpt-oss-120b", "groq/openai/gpt-oss-120b"),
    ])
  func names(asked: String, stored: String) throws {
    let table = try table()
    let price = try #require(table.price(of: stored))
    #expect(table.price(of: asked) == price)
  }

  @Test(
    "what is not in the table has no price, however alike its name",
    arguments: [
      "gpt-5-turbo", "gpt", "", "gpt-5.2-mini", "my/llama3", "gpt-5.2-20251", "-2025-12-11",
    ])
  func unknown(name: String) throws {
    #expect(try table().price(of: name) == nil)
  }

  @Test("cached, written, reasoning and long prompts have their own prices, to the billionth")
  func bill() throws {
    let table = try table()
    let sonnet = try #require(table.price(of: "claude-sonnet-4-5"))
    var usage = TokenUsage(prompt: 1_000, completion: 100)
    #expect(sonnet.cost(of: usage) == NanoDollars(1_000 * 3_000 + 100 * 15_000))
    usage.cached = 500
    usage.cacheWrite = 100
    usage.cacheWriteLong = 50
    #expect(
      sonnet.cost(of: usage)
        == NanoDollars(350 * 3_000 + 500 * 300 + 100 * 3_750 + 50 * 6_000 + 100 * 15_000))
    let pro = try #require(table.price(of: "gemini-2.5-pro"))
    #expect(
      pro.cost(of: TokenUsage(prompt: 200_000, completion: 0)) == NanoDollars(200_000 * 1_250))
    #expect(
      pro.cost(of: TokenUsage(prompt: 200_001, completion: 1))
        == NanoDollars(200_001 * 2_500 + 15_000))
    let small = try #require(table.price(of: "groq/openai/gpt-oss-20b"))
    // 0.0375 dollars a million are 37.5 billionths a token: rounded up.
    var cached = TokenUsage(prompt: 1, completion: 0)
    cached.cached = 1
    #expect(small.cost(of: cached) == NanoDollars(38))
  }

  @Test("the bound of a call holds however it is billed")
  func bound() throws {
    let table = try table()
    for name in [
      "gpt-6-astra", "claude-sonnet-4-5", "gemini-2.5-pro", "MiniMax-M3", "qwen3.8-flash",
    ] {
      let price = try #require(table.price(of: name))
      for prompt in [1, 150_000, 600_000] {
        let most = price.costMax(prompt: prompt, completion: 1_000)
        for part in [0, prompt / 2, prompt] {
          var usage = TokenUsage(prompt: prompt, completion: 1_000)
          usage.cacheWriteLong = part
          usage.reasoning = 500
          #expect(price.cost(of: usage) <= most)
          usage.cacheWriteLong = 0
          usage.cached = part
          #expect(price.cost(of: usage) <= most)
        }
      }
    }
  }

  @Test("the flat price of the reference: 9122 and 1600 tokens cost 0.0274025 dollars")
  func flat() {
    let price = FlatPrice(per1kPrompt: 0.00125, per1kCompletion: 0.01).price
    let cost = price.cost(of: TokenUsage(prompt: 9_122, completion: 1_600))
    #expect(cost.description == "$0.0274025")
    #expect(cost.dollarsToEightPlaces == 0.0274025)
  }

  @Test(
    "a table that cannot be used says where and why",
    arguments: [
      ("[]", "The document is an array"), ("{", "Line 1, column 2"),
      (#"{"date":"d","source":"s"}"#, "models is missing"),
      (
        #"{"date":"d","source":"s","models":[{"id":"a","input":1}]}"#, "models[0].output is missing"
      ),
      (
        #"{"date":"d","source":"s","models":[{"id":"a","input":-1,"output":1}]}"#,
        "models[0].input is -1"
      ),
      (
        #"{"date":"d","source":"s","models":[{"id":"a","input":1,"output":1,"reasonning_output":2}]}"#,
        "models[0].reasonning_output is no known key"
      ),
      (
        #"{"date":"d","source":"s","models":[{"id":"a","input":1,"output":1,"long_context":[{"input":2,"output":2}]}]}"#,
        "models[0].long_context[0].prompt_tokens_above is missing"
      ),
    ])
  func defects(text: String, words: String) {
    let failure = #expect(throws: DocumentFailure.self) {
      try PriceTable(text: text, path: "p.json")
    }
    #expect(failure?.explanation.contains(words) == true, "\(failure?.explanation ?? "")")
  }

  @Test("the offline proposer is free in every table, and in none at all")
  func offline() {
    #expect(PriceTable.empty.price(of: "mock/offline-proposer-1") == .free)
    #expect(PriceTable.empty.price(of: "offline-proposer-2") == nil)
    #expect(
      ModelPrice.free.costMax(prompt: 1_000_000, completion: 1_000_000) == .zero)
  }
}
