import Essentials
import Research
import Services
import Storage
import Testing

@Suite("A campaign within its budget")
struct CampaignBudgetTests {
  private func bench(ideas: Int) -> (CampaignBench, RehearsedModel) {
    CampaignAnswersTests.bench(ideas: ideas) { call, _ in Script.sound(call) }
  }

  private func whole(_ payload: JSONValue, _ name: String) -> Int {
    if case .integer(let number)? = payload[name] { number } else { -1 }
  }

  /// What an account would hold with each call that was granted, in order, by a member of its check.
  private func projections(ideas: Int, _ member: String) async throws -> [Int] {
    var (bench, _) = bench(ideas: ideas)
    bench.budget.batch = .init()
    bench.budget.day = .init()
    let journal = try CampaignJournal()
    try await bench.run(in: journal.journal)
    return try journal.payloads("budget.check_passed").map { whole($0, member) }
  }

  @Test(
    "where the batch is used up the later ideas are carried over, and the others go on",
    arguments: 1...3)
  func batch(granted: Int) async throws {
    let projected = try await projections(ideas: 4, "projected_batch_tokens")
    try #require(projected.count == 4 && projected == projected.sorted())
    var (bench, model) = bench(ideas: 4)
    bench.budget.batch.tokens = projected[granted - 1]
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    #expect(model.calls.count == granted)
    #expect(report.outcomes.prefix(granted).allSatisfy { $0 == .proposed(candidates: 2) })
    for outcome in report.outcomes.dropFirst(granted) {
      guard case .carriedOver(let refusal, let reason) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(refusal.reasons == "batch_total")
      #expect(reason.hasSuffix("the idea is carried over until another run begins."))
    }
    #expect(report.blockage == nil)
    #expect(report.entries.count == 2 * granted)
    // A shorter prompt would not help, so none was made.
    #expect(try journal.payloads("budget.fallback_applied").isEmpty)
    #expect(try journal.payloads("budget.check_failed").count == 4 - granted)
    #expect(try journal.payloads("budget.blocked").count == 4 - granted)
    #expect(try journal.orderViolations == [])
    let account = try journal.ledger.account(.run(report.run))
    #expect(account.used.tokens == granted * 1_500)
    #expect(account.used.tokens <= projected[granted - 1])
  }

  @Test("a day that is used up carries over until the next UTC day, which allows it")
  func day() async throws {
    let projected = try await projections(ideas: 2, "projected_day_tokens")
    var (bench, model) = bench(ideas: 2)
    bench.budget.batch = .init()
    bench.budget.day.tokens = projected[0]
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    guard case .carriedOver(let refusal, let reason) = report.outcomes[1] else {
      Issue.record("\(report.outcomes)")
      return
    }
    #expect(refusal.reasons == "day_total")
    #expect(reason.contains("not before 2026-11-21."))
    #expect(try journal.payloads("budget.fallback_applied").isEmpty)

    // The same day another run has nothing left; the next day has.
    let blocked = try await bench.run(in: journal.journal)
    #expect(blocked.blockage?.key == "budget_blocked" && model.calls.count == 1)
    bench.clock.advance(hours: 24)
    bench.plan.ideas.removeFirst()
    let next = try await bench.run(in: journal.journal)
    #expect(next.outcomes == [.proposed(candidates: 2)])
    #expect(model.calls.count == 2)
  }

  @Test("a day that is used up stays so in a run that is resumed on the next day")
  func resumedDay() async throws {
    let projected = try await projections(ideas: 2, "projected_day_tokens")
    var (bench, _) = bench(ideas: 2)
    bench.budget.batch = .init()
    bench.budget.day.tokens = projected[0]
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    for part in [0.5, 0.8, 1] {
      let events = try journal.events
      let end = Int(Double(events.count) * part)
      let copy = try CampaignJournal(holding: events.prefix(end))
      bench.clock.advance(hours: 24)
      bench.resume = report.run
      let resumed = try await bench.run(in: copy.journal)
      let wasBlocked = events.prefix(end).contains { $0.kind == ModelDesk.closingKind }
      #expect(resumed.outcomes == report.outcomes || !wasBlocked)
      #expect(try copy.orderViolations == [])
    }
  }

  @Test(
    "where nothing can be asked the run says budget_blocked, and keeps both events of each idea")
  func blocked() async throws {
    var (bench, model) = bench(ideas: 2)
    bench.budget.maxPromptTokens = 100
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    let blockage = try #require(report.blockage)
    #expect(blockage.key == "budget_blocked" && blockage.outcome == .refused)
    #expect(blockage.message == "alpha generation blocked by budget policy: request_prompt")
    #expect(report.outcomes.map(\.name) == ["dropped", "dropped"])
    #expect(model.calls.isEmpty)
    for kind in ["budget.check_failed", "budget.blocked"] {
      #expect(try journal.events.filter { $0.kind == kind }.map(\.subject) == ["idea-1", "idea-2"])
    }
    #expect(try journal.payloads("budget.fallback_applied").isEmpty)
    #expect(try journal.payloads("run.summary").first?["simulated"] == 0)
    #expect(try journal.orderViolations == [])
    #expect(report.best == nil && report.document(top: 5)["trials"] == .null)
  }

  @Test("a ceiling in money refuses a model whose price nobody knows")
  func unknownPrice() async throws {
    var (bench, model) = bench(ideas: 1)
    bench.prices = .empty
    bench.budget.day.cost = NanoDollars(5_000_000_000)
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    #expect(report.blockage?.reasons == "unknown_price")
    #expect(model.calls.isEmpty)
    // Without such a ceiling the model may be asked, and what it cost is not told as zero.
    bench.budget.day.cost = nil
    let free = try await bench.run(in: journal.journal)
    #expect(model.calls.count == 1)
    #expect(free.outcome.cost == nil && free.outcome.tokens == 1_500)
  }

  @Test(
    "a prompt that is too long loses fields, operators and subcategories in this order, then fits")
  func fallback() async throws {
    let (whole, _) = bench(ideas: 1)
    let uncut = try CampaignJournal()
    try await whole.run(in: uncut.journal)
    let tokens = self.whole(
      try #require(try uncut.payloads("budget.check_passed").first), "prompt_tokens")
    let order = ["fields", "operators", "subcategories"]
    var seen: Set<String> = []
    var dropped = false
    for percent in stride(from: 98, through: 40, by: -6) {
      var (bench, model) = bench(ideas: 1)
      bench.budget.maxPromptTokens = tokens * percent / 100
      let journal = try CampaignJournal()
      let report = try await bench.run(in: journal.journal)
      let events = try journal.events
      let steps = events.filter { $0.kind == "budget.fallback_applied" }
      let phases = steps.compactMap {
        if case .string(let phase)? = $0.payload?["fallback_phase"] { phase } else { nil }
      }
      let places = phases.compactMap { order.firstIndex(of: $0) }
      #expect(places == places.sorted() && places.count == phases.count, "\(percent) %: \(phases)")
      #expect(try journal.orderViolations == [])
      guard report.blockage == nil else {
        dropped = true
        #expect(steps.isEmpty && model.calls.isEmpty)
        continue
      }
      // Whoever fits with less fits with more.
      #expect(!dropped)
      seen.formUnion(phases)
      let check = try #require(events.first { $0.kind == "budget.check_passed" })
      #expect(steps.allSatisfy { $0.seq < check.seq })
      let payload = try #require(check.payload)
      #expect(self.whole(payload, "prompt_tokens") <= bench.budget.maxPromptTokens)
      #expect(self.whole(payload, "fallback_count") == steps.count)
      #expect(payload["explore_floor_preserved"] == .bool(true))
      if case .alphas(_, let pack, _, _)? = model.calls.first?.subject {
        #expect(pack.fields.contains { $0.lane == .explore })
        #expect(pack.operators.contains { $0.lane == .explore })
      }
    }
    #expect(seen.isSuperset(of: ["fields", "operators"]))
    #expect(dropped)
  }

  @Test("a repair that the batch cannot pay for drops its candidate, and the run goes on")
  func blockedRepair() async throws {
    let script: @Sendable (ModelCall, Int) -> ModelOutcome = { call, _ in
      Script.formulas("%%%", "rank(close)", to: call)
    }
    let (free, _) = CampaignAnswersTests.bench(script)
    let first = try CampaignJournal()
    try await free.run(in: first.journal)
    var (bench, model) = CampaignAnswersTests.bench(script)
    bench.budget.batch.tokens = try first.payloads("budget.check_passed").first.map {
      whole($0, "projected_batch_tokens")
    }
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    #expect(model.calls.map(\.stage) == [.alpha])
    #expect(report.outcomes == [.proposed(candidates: 1)])
    let abandoned = try #require(try journal.payloads("validation.retry_abandoned").first)
    guard case .string(let reason)? = abandoned["reason"] else {
      Issue.record("\(abandoned)")
      return
    }
    #expect(reason.contains("blocked by budget policy: batch_total"))
    #expect(try journal.orderViolations == [])

    // Resumed under the same ceilings, the blocked question stays blocked.
    let copy = try CampaignJournal(holding: try journal.events)
    bench.resume = report.run
    #expect(try await bench.run(in: copy.journal).fingerprint == report.fingerprint)
    #expect(try copy.events == journal.events)
  }

  @Test(
    "an attempt that the lost one before it leaves no room for carries the idea over, and says why")
  func blockedAttempt() async throws {
    let projected = try await projections(ideas: 1, "projected_batch_tokens")
    var (bench, model) = CampaignAnswersTests.bench { _, _ in
      .lost(Script.unended, partial: nil)
    }
    bench.budget.batch.tokens = projected[0] + 10
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    #expect(model.calls.count == 1)
    guard case .carriedOver(let refusal, let reason) = report.outcomes[0] else {
      Issue.record("\(report.outcomes)")
      return
    }
    #expect(refusal.reasons == "batch_total")
    #expect(reason.hasPrefix("The batch's ceiling is") && reason.hasSuffix("carried over."))
    #expect(report.outcome.tokens == projected[0])
    #expect(try journal.orderViolations == [])
    try CampaignResumeTests.expectSettled(journal, run: report.run)
  }

  @Test("an idea whose repairs repeat their error spends the expansion reserve once")
  func expansion() async throws {
    let (free, _) = bench(ideas: 1)
    let uncut = try CampaignJournal()
    try await free.run(in: uncut.journal)
    let tokens = whole(
      try #require(try uncut.payloads("budget.check_passed").first), "prompt_tokens")
    var (bench, _) = CampaignAnswersTests.bench { call, _ in
      Script.formulas("%%%", "(((", to: call)
    }
    bench.budget.batch = .init()
    bench.budget.maxPromptTokens = tokens * 85 / 100
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    let extra = try journal.payloads("budget.check_passed").compactMap {
      $0["call"]?["expansion"]?["tokens"]
    }.filter { $0 != 0 }
    #expect(extra.count == 1)
    let account = try journal.ledger.account(.expansion(run: report.run, idea: "idea-1"))
    #expect(account.counts.granted == 1 && account.reserved == .zero)
    #expect(try journal.orderViolations == [])
    #expect(report.entries.isEmpty)
  }

  @Test("what the ledger holds is what providers reported, to the token and the billionth")
  func reconciliation() async throws {
    var (bench, _) = CampaignAnswersTests.bench(ideas: 4) { call, _ in
      let number = Int(call.seed % 977)
      return Script.text(
        Script.document(["rank(close * \(number))"], to: call),
        usage: ["prompt_tokens": .integer(1_000 + number), "completion_tokens": .integer(number)])
    }
    bench.budget.day = .init()
    bench.budget.batch = .init()
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    var reported = 0
    for answer in try journal.payloads(ModelDesk.answerKind) {
      let usage = try #require(answer["usage"])
      reported += whole(usage, "prompt_tokens") + whole(usage, "completion_tokens")
    }
    let state = try journal.ledger
    #expect(state.accounts.count == 3)
    for account in state.accounts {
      #expect(account.used.tokens == reported, "\(account.scope)")
      #expect(account.used.cost == NanoDollars(Int64(reported) * 1_000), "\(account.scope)")
    }
    #expect(report.outcome.cost == NanoDollars(Int64(reported) * 1_000))
  }
}
