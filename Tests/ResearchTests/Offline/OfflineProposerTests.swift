import AlphaLanguage
import Essentials
import Foundation
import Markets
import Mathematics
import TestKit
import Testing

@testable import Research

@Suite("Offline proposer")
struct OfflineProposerTests {
  private static func call(
    _ subject: ProposalSubject, seed: UInt64 = 1, maxOutputTokens: Int = 1_000_000
  ) -> ModelCall {
    let stage: ModelCall.Stage =
      switch subject {
      case .idea: .idea
      case .alphas: .alpha
      case .repair: .repair
      }
    return ModelCall(
      stage: stage, instructions: "Answer in JSON.", prompt: "What next?", schemaName: "s",
      schema: [:], maxOutputTokens: maxOutputTokens, seed: seed, subject: subject)
  }

  private static func answer(_ call: ModelCall) throws -> ModelAnswer {
    guard case .answered(let answer) = OfflineProposer().respond(to: call) else {
      throw Unanswered()
    }
    return answer
  }

  private struct Unanswered: Error {}

  private static func idea(_ hypothesis: String, tags: [String] = []) -> IdeaSpec {
    var idea = IdeaSpec(ideaID: "i", hypothesis: hypothesis)
    idea.themeTags = tags
    return idea
  }

  private static func proposals(
    _ hypothesis: String, pack: RetrievalPack = BundledFields.pack(), wanted: Int,
    earlier: [String] = [], seed: UInt64 = 1
  ) throws -> [CandidateAlpha] {
    let text = try answer(
      call(
        .alphas(idea: idea(hypothesis), pack: pack, wanted: wanted, earlier: earlier), seed: seed)
    ).text
    let document = try JSONValue(parsing: text)
    guard case .array(let elements)? = document["candidates"] else {
      return [try CandidateAlpha(json: document, document: "candidate")]
    }
    return try elements.map { element in
      var candidate = CandidateAlpha(try ShortCandidate(json: element, document: "candidate"))
      let outline = FormulaOutline(candidate.formula)
      candidate.notes.usedFields = outline.valueNames
      candidate.notes.usedOperators = outline.calledNames
      return candidate
    }
  }

  @Test("a hundred proposals check on the bundled stocks and differ in shape")
  func quality() throws {
    let checker = BundledFields.checker
    var skeletons: Set<String> = []
    var fingerprints: Set<Fingerprint> = []
    var warnings = 0
    var fields: Set<String> = []
    let proposals = try Self.proposals("Prices return to their average", wanted: 100)
    #expect(proposals.count == 100)
    for candidate in proposals {
      guard let formula = try? checker.check(candidate.formula) else {
        Issue.record("refused: \(candidate.formula)")
        continue
      }
      fingerprints.insert(formula.fingerprint)
      warnings += formula.warnings.contains { $0.code == "incompatible_unit" } ? 1 : 0
      fields.formUnion(formula.fields)
      if let tree = FormulaTree(formula.graph) { skeletons.insert(tree.skeleton) }
      #expect(candidate.notes.validationPassed == nil && candidate.notes.lane != nil)
    }
    #expect(fingerprints.count >= 95)
    #expect(skeletons.count >= 80, "\(skeletons.count) shapes")
    #expect(warnings <= 5, "\(warnings) formulas join units that differ")
    #expect(fields.count >= 25, "\(fields.sorted())")
    #expect(proposals.count { $0.notes.lane == .explore } >= 30)
  }

  @Test("operators and fields are those of the pack alone")
  func packOnly() throws {
    var pack = BundledFields.pack()
    let few = ["rank", "ts_delta", "ts_mean", "ts_delay", "ts_std_dev", "zscore", "ts_corr"]
    pack.operators.removeAll { !few.contains($0.name) }
    pack.fields.removeAll { !["close", "volume", "returns", "vwap"].contains($0.id) }
    let proposals = try Self.proposals("momentum", pack: pack, wanted: 30)
    #expect(proposals.count >= 20)
    for candidate in proposals {
      #expect(Set(candidate.notes.usedOperators).isSubset(of: few), "\(candidate.formula)")
      #expect(Set(candidate.notes.usedFields).isSubset(of: pack.fields.map(\.id)))
    }
  }

  @Test("fields of unknown names and events alone are enough, and every third call explores")
  func alien() throws {
    var pack = BundledFields.pack()
    pack.fields = [
      ("act_q_eps_surprisemean", "MATRIX"), ("snt1_d1_buzz", "MATRIX"), ("nws12_prez", "VECTOR"),
      ("oth455_competitor", "GROUP"), ("fnd6_newa1v1300_at", "MATRIX"),
    ].map { .init(id: $0.0, datasetID: "d", type: $0.1, lane: .exploit, score: 0.5) }
    let schema = PanelSchema(
      fields: pack.fields.map {
        FieldDescription(name: $0.id, kind: FieldDescription.Kind(rawValue: $0.type) ?? .matrix)
      })
    let checker = FormulaChecker(schema: schema)
    let proposals = try Self.proposals("news sentiment and surprise", pack: pack, wanted: 30)
    #expect(proposals.count == 30)
    for candidate in proposals {
      #expect((try? checker.check(candidate.formula)) != nil, "\(candidate.formula)")
    }
    #expect(proposals.contains { $0.notes.usedFields.contains("nws12_prez") })
    let lanes = try (UInt64(1)...3).compactMap {
      try Self.proposals("news", pack: pack, wanted: 1, seed: $0).first?.notes.lane
    }
    #expect(lanes.count { $0 == .explore } == 1)
  }

  @Test("the same seed gives the same bytes, another seed others, and nothing earlier comes again")
  func determinism() throws {
    func text(_ seed: UInt64, _ earlier: [String] = []) throws -> ModelAnswer {
      try Self.answer(
        Self.call(
          .alphas(
            idea: Self.idea("volume divergence"), pack: BundledFields.pack(), wanted: 10,
            earlier: earlier), seed: seed))
    }
    #expect(try text(5) == text(5))
    #expect(try text(5).text != text(6).text)
    let checker = BundledFields.checker
    let first = try Self.proposals("volume divergence", wanted: 20, seed: 9).map(\.formula)
    let again = try Self.proposals("volume divergence", wanted: 20, earlier: first, seed: 9)
    let known = Set(try first.map { try checker.check($0).fingerprint })
    for candidate in again {
      #expect(try !known.contains(checker.check(candidate.formula).fingerprint))
    }
  }

  @Test(
    "the words of an idea choose the formulas, Korean ones too",
    arguments: [
      ("Volatility and tail risk are mispriced", ["ts_std_dev", "ts_skewness", "ts_max", "abs"]),
      ("변동성이 낮은 종목이 위험 대비 더 번다", ["ts_std_dev", "ts_skewness", "ts_max", "abs"]),
      ("Cheap book value and earnings yield", ["cap", "eps"]),
      ("저평가 가치주와 배당 수익", ["cap", "eps"]),
      ("장중 갭과 시가 고가 저가", ["open", "high", "low"]),
    ])
  func steering(hypothesis: String, marks: [String]) throws {
    func share(_ hypothesis: String) throws -> Double {
      let proposals = try Self.proposals(hypothesis, wanted: 20, seed: 3)
      let hits = proposals.count { candidate in
        let names = Set(candidate.notes.usedOperators + candidate.notes.usedFields)
        return !names.isDisjoint(with: marks)
      }
      return Double(hits) / Double(proposals.count)
    }
    let (steered, plain) = (try share(hypothesis), try share("xyz"))
    #expect(steered >= plain + 0.15, "\(steered) against \(plain)")
  }

  @Test("an idea keeps the person's hypothesis and adds words to search by")
  func ideas() throws {
    let notes: JSONValue = [
      "category": "Price Volume", "hypothesis": "거래량이 줄면 가격이 반전된다",
      "target": ["region": "EUR", "universe": "TOP1200", "delay": 0],
    ]
    let text = try Self.answer(Self.call(.idea(notes: notes))).text
    let idea = try IdeaSpec(text: text, document: "idea")
    #expect(idea.hypothesis == "거래량이 줄면 가격이 반전된다")
    #expect(idea.target.region == "EUR" && idea.target.delay == 0)
    #expect(idea.explorationIntent != nil && !idea.candidateSubcategories.isEmpty)
    #expect(idea.keywordsForRetrieval.contains("price"))
    let themes = Set(["reversal", "volumePrice"])
    #expect(!themes.isDisjoint(with: idea.themeTags))
  }

  @Test("ideas without a hypothesis differ by seed and are sentences")
  func manyIdeas() throws {
    var sentences: Set<String> = []
    for seed in UInt64(0)..<20 {
      let text = try Self.answer(Self.call(.idea(notes: ["category": "pv"]), seed: seed)).text
      let idea = try IdeaSpec(text: text, document: "idea")
      #expect(idea.hypothesis.hasSuffix(".") && idea.hypothesis.contains("because"))
      #expect(!idea.keywordsForRetrieval.isEmpty)
      sentences.insert(idea.hypothesis)
    }
    #expect(sentences.count >= 18)
  }

  @Test("usage is reported as a provider reports it, and the ceiling is kept")
  func usage() throws {
    let subject = ProposalSubject.alphas(
      idea: Self.idea("reversal"), pack: BundledFields.pack(), wanted: 10, earlier: [])
    let whole = try Self.answer(Self.call(subject))
    let (usage, source) = TokenUsage.read(whole.usage, roughPrompt: 0, roughCompletion: 0)
    #expect(source == .provider && usage.completion == RoughEstimate.tokens(whole.text))
    let short = try Self.answer(Self.call(subject, maxOutputTokens: 200))
    #expect(short.isComplete && RoughEstimate.tokens(short.text) <= 200)
    guard case .array(let elements)? = try JSONValue(parsing: short.text)["candidates"] else {
      Issue.record("no list of candidates")
      return
    }
    #expect((1..<10).contains(elements.count))
    let cut = try Self.answer(Self.call(subject, maxOutputTokens: 10))
    #expect(!cut.isComplete && RoughEstimate.tokens(cut.text) <= 10)
  }

  @Test("the proposer's price is known, and is zero")
  func price() throws {
    let url = checkoutFolder.appendingPathComponent("configs/llm_prices.json")
    let table = try PriceTable(
      text: String(contentsOf: url, encoding: .utf8), path: "llm_prices.json")
    let identity = OfflineProposer().identity
    for name in [identity.model, "\(identity.provider)/\(identity.model)"] {
      let price = try #require(table.price(of: name))
      #expect(price.costMax(prompt: 1_000_000, completion: 1_000_000) == .zero)
    }
  }

  @Test("a pack without numbers is refused, with what would help")
  func nothing() {
    var pack = RetrievalPack(ideaID: "i", query: "")
    pack.fields = [
      .init(id: "sector", datasetID: "d", type: "GROUP", lane: .exploit, score: 1)
    ]
    let outcome = OfflineProposer().respond(
      to: Self.call(.alphas(idea: Self.idea("x"), pack: pack, wanted: 3, earlier: [])))
    guard case .refused(let failure) = outcome else {
      Issue.record("formulas from nothing")
      return
    }
    #expect(failure.key == "nothing_to_propose" && failure.remedy.contains("MATRIX"))
  }

  @Test(
    "a repair keeps what is right and mends what is not",
    arguments: [
      ("rank(ts_men(close, 20))", "rank(ts_mean(close, 20))"),
      ("rank(ts_delta(clos, 5))", "rank(ts_delta(close, 5))"),
      ("hump(rank(returns), 0.01)", "hump(rank(returns), hump=0.01)"),
      ("ts_mean(dividend_events, 20)", "ts_mean(vec_avg(dividend_events), 20)"),
      ("correlation(close, volume, 10)", nil), ("group_rank(close, volume)", nil),
      ("ts_delta(close)", nil), ("rank(close, volume, 5)", nil), ("rank(close", nil),
      ("ts_mean(close, -5)", nil), ("rank(sector)", nil), ("close volume", nil), ("", nil),
      ("close > ", nil), ("ts_mean(sector, 5)", nil), ("sector", nil),
    ] as [(String, String?)])
  func repair(formula: String, expected: String?) throws {
    let checker = BundledFields.checker
    let candidate = CandidateAlpha(ideaID: "i", formula: formula)
    var findings: [String] = []
    do { _ = try checker.check(formula) } catch { findings = error.errors.map(\.message) }
    let answer = try Self.answer(
      Self.call(
        .repair(candidate: candidate, pack: BundledFields.pack(), findings: findings), seed: 4))
    let repaired = try CandidateAlpha(text: answer.text, document: "candidate")
    #expect((try? checker.check(repaired.formula)) != nil, "\(repaired.formula)")
    if let expected { #expect(repaired.formula == expected) }
    #expect(repaired.ideaID == "i" && repaired.notes.validationPassed == nil)
  }
}
