import Essentials
import Research
import Storage
import TestKit
import Testing

@testable import Services

@Suite("Ideas and candidates of answers")
struct ProposalMakerTests {
  private let stage: ProposalStage

  init() throws {
    stage = try ProposalStage()
  }

  private let notes: JSONValue = [
    "overview": "Stocks that fell fast come back.", "target": ["region": "EUR"],
  ]
  private let idea = #"{"idea_id": "other", "hypothesis": "Prices revert."}"#

  @Test("an answer that cannot be read is asked for again, and every call is in the ledger")
  func regenerated() async throws {
    let model = RecitingModel("no idea", "[]", "```json\n\(idea)\n```")
    let idea = try await stage.maker(.model(model)).idea(from: notes)
    #expect(idea.hypothesis == "Prices revert.")
    #expect(model.asked.count == 3)
    let kinds = try stage.kinds()
    #expect(
      kinds.filter { $0.hasPrefix("agent.idea") } == [
        "agent.idea_started", "agent.idea_parse_failed", "agent.idea_parse_failed",
        "agent.idea_repair_attempted", "agent.idea_generated",
      ])
    #expect(kinds.count { $0 == "llm.usage_point" } == 3)
    // The market and the name are the caller's to say.
    #expect(idea.target.region == "EUR" && idea.ideaID == ProposalMaker.name(of: notes))
  }

  @Test("answers that never can be read end with the last one's defect")
  func unreadable() async throws {
    let model = RecitingModel("nothing")
    await #expect(throws: AnswerDefect.self) {
      try await stage.maker(.model(model)).idea(from: notes)
    }
    #expect(model.asked.count == 3)
    #expect(try !stage.kinds().contains("agent.idea_generated"))
  }

  @Test("a given text is read once, reserves nothing and keeps its own name")
  func given() async throws {
    let idea = try await stage.maker(.text(self.idea)).idea(from: notes)
    #expect(idea.ideaID == "other")
    #expect(try stage.kinds().allSatisfy { $0.hasPrefix("agent.") })
    await #expect(throws: AnswerDefect.self) {
      try await stage.maker(.text("?")).idea(from: notes)
    }
  }

  @Test("S3: a blocked call sends nothing, and both events of the budget are stored")
  func blocked() async throws {
    var budget = BudgetConfiguration()
    budget.maxPromptTokens = 50
    let model = RecitingModel(idea)
    let maker = try stage.maker(.model(model), budget: budget)
    let pack = try stage.packs.pack(for: stage.idea)
    let failure = await #expect(throws: BudgetBlocked.self) {
      try await maker.candidate(
        for: stage.idea, pack: pack, by: stage.validator, subcategories: { _ in [] })
    }
    #expect(
      failure?.message == "alpha generation blocked by budget policy: request_prompt")
    #expect(model.asked.isEmpty)
    #expect(
      try stage.kinds() == [
        "agent.alpha_started", "budget.check_failed", "budget.blocked", "agent.question_closed",
      ])
  }

  @Test("a question that was answered in a run is not paid for again in it")
  func remembered() async throws {
    let model = RecitingModel(ProposalStage.answer("rank(-returns)"))
    let pack = try stage.packs.pack(for: stage.idea)
    for _ in 0..<2 {
      let proposal = try await stage.maker(.model(model)).candidate(
        for: stage.idea, pack: pack, by: stage.validator, subcategories: { _ in ["pv"] })
      #expect(proposal.candidate.notes.usedFields == ["returns"])
      #expect(proposal.candidate.notes.usedOperators == ["rank"])
      #expect(proposal.facts.usedSubcategories == ["pv"])
      #expect(proposal.candidate.simulation.settings.universe == "TOP3000")
    }
    #expect(model.asked.count == 1)
    _ = try await stage.maker(.model(model), run: "another").candidate(
      for: stage.idea, pack: pack, by: stage.validator, subcategories: { _ in [] })
    #expect(model.asked.count == 2)
  }

  @Test("a question that the budget blocked is put again in its run once the budget allows it")
  func raised() async throws {
    var tight = BudgetConfiguration()
    tight.maxPromptTokens = 50
    let model = RecitingModel(idea)
    for _ in 0..<2 {
      await #expect(throws: BudgetBlocked.self) {
        try await stage.maker(.model(model), budget: tight).idea(from: notes)
      }
    }
    #expect(try stage.kinds().count { $0 == "budget.blocked" } == 2)
    _ = try await stage.maker(.model(model)).idea(from: notes)
    #expect(model.asked.count == 1)
  }

  @Test("the name of notes follows from what they say, unless they have one")
  func names() {
    #expect(ProposalMaker.name(of: ["idea_id": "mine"]) == "mine")
    #expect(ProposalMaker.name(of: ["overview": "a"]) == ProposalMaker.name(of: ["overview": "a"]))
    #expect(ProposalMaker.name(of: ["overview": "a"]) != ProposalMaker.name(of: ["overview": "b"]))
  }
}
