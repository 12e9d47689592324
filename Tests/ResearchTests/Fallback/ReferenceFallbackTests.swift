import Essentials
import Testing

@testable import Research

@Suite("Reference fallback")
struct ReferenceFallbackTests {
  typealias Stub = FallbackBench.Stub

  private func run(
    _ stub: Stub, pack: RetrievalPack = FallbackBench.pack, batch: Int = 0, day: Int = 0,
    configure: (inout BudgetConfiguration) -> Void = { _ in }
  ) -> ReferenceFallback.Outcome {
    var configuration = BudgetConfiguration()
    configure(&configuration)
    var reference = ReferenceFallback(configuration: configuration, maxOutputTokens: 2_200)
    reference.batchTokensUsed = batch
    reference.dayTokensUsed = day
    return reference.run(pack, promptTokens: stub.tokens)
  }

  private func counts(_ topK: PromptFacts.TopK) -> [Int] {
    [topK.subcategories, topK.datasets, topK.fields, topK.operators]
  }

  @Test("F0: a prompt within its ceiling is not touched")
  func f0() {
    let outcome = run(Stub(1_000, 40, 80, 0))
    #expect(outcome.isAllowed && outcome.steps.isEmpty)
    #expect(outcome.evaluation.promptTokens == 8_680)
    #expect(counts(outcome.evaluation.topK) == [4, 15, 72, 60])
    #expect(outcome.pack.laneRatio["exploit_ratio"] == .number(0.8182))
    #expect(outcome.pack.laneRatio["explore_ratio"] == .number(0.1818))
    #expect(outcome.pack.comboSample.count == 64 && outcome.pack.comboSample[0] == "f0::op0")
  }

  @Test("F1: seven steps lead to 8,580 tokens")
  func f1() {
    let outcome = run(Stub(1_000, 40, 380, 0))
    #expect(outcome.isAllowed)
    #expect(
      outcome.steps.map(\.evaluation.promptTokens)
        == [26_240, 25_480, 24_720, 24_160, 20_740, 14_660, 8_580])
    #expect(counts(outcome.evaluation.topK) == [4, 15, 9, 19])
    #expect(outcome.pack.laneRatio["exploit_ratio"] == .number(0.6786))
    #expect(outcome.pack.laneRatio["fields"] == ["exploit": 6, "explore": 3])
    #expect(outcome.pack.laneRatio["operators"] == ["exploit": 13, "explore": 6])
  }

  @Test("F2: a token too many costs 63 fields that weigh nothing")
  func f2() {
    #expect(run(Stub(0, 0, 200, 0)).steps.isEmpty)
    let outcome = run(Stub(1, 0, 200, 0))
    #expect(outcome.steps.count == 5 && outcome.evaluation.promptTokens == 10_201)
    #expect(counts(outcome.evaluation.topK) == [4, 15, 9, 51])
  }

  @Test("F3: only subcategories weigh anything, and everything is cut")
  func f3() {
    let outcome = run(Stub(0, 0, 0, 4_000))
    #expect(outcome.isAllowed && outcome.steps.count == 9)
    #expect(outcome.steps.last?.phase == .subcategories && outcome.steps.last?.factor == 0.85)
    #expect(counts(outcome.evaluation.topK) == [3, 11, 7, 7])
    #expect(outcome.evaluation.promptTokens == 12_000)
  }

  @Test("F4: a fixed part above the ceiling is shrunk eleven times in vain")
  func f4() {
    let outcome = run(Stub(5_000, 40, 380, 0)) { $0.maxPromptTokens = 500 }
    #expect(!outcome.isAllowed && outcome.steps.count == 11)
    #expect(outcome.evaluation.exceeded == ["request_prompt", "explore_floor"])
    #expect(counts(outcome.evaluation.topK) == [1, 5, 2, 7])
  }

  @Test("F5: a day that is used up is answered by eleven steps")
  func f5() {
    let outcome = run(Stub(100, 4, 3, 0), day: 1_500_000)
    #expect(!outcome.isAllowed && outcome.steps.count == 11)
    #expect(outcome.evaluation.exceeded == ["day_total", "explore_floor"])
  }

  @Test("F6: the ceiling of a batch is inclusive")
  func f6() {
    #expect(run(Stub(232, 0, 0, 0), batch: 50_168).isAllowed)
    let blocked = run(Stub(100, 1, 1, 0), batch: 50_300)
    #expect(!blocked.isAllowed && blocked.evaluation.exceeded.first == "batch_total")
  }

  @Test("F7: the last exploring candidates are given up although keeping them is possible")
  func f7() {
    let outcome = run(Stub(1_000, 1_000, 1_000, 0), pack: FallbackBench.smallPack) {
      $0.maxPromptTokens = 3_500
    }
    #expect(!outcome.isAllowed && outcome.evaluation.exceeded == ["explore_floor"])
    #expect(outcome.evaluation.promptTokens == 3_000)
  }

  @Test("F8: a pack without exploring candidates is shrunk alike")
  func f8() {
    let outcome = run(Stub(1_000, 100, 200, 0), pack: FallbackBench.exploitPack)
    #expect(outcome.isAllowed && outcome.steps.count == 4)
    #expect(outcome.evaluation.promptTokens == 11_300)
    #expect(outcome.evaluation.topK.fields == 7 && outcome.evaluation.topK.operators == 48)
  }

  @Test("F9: of 400 pairs the 64 that an event remembers are not new")
  func f9() {
    let pairs = FallbackBench.pack.combinations
    let seen = Set(FallbackBench.pack.comboSample)
    #expect(pairs.count == 400 && pairs.count { !seen.contains($0) } == 336)
  }
}
