import AlphaLanguage
import Essentials
import Research
import Services
import Storage
import Testing

/// What becomes of answers that no grammar would give.
@Suite("What models answer in a campaign")
struct CampaignAnswersTests {
  static func bench(
    ideas: Int = 1, _ script: @escaping @Sendable (ModelCall, Int) -> ModelOutcome
  ) -> (CampaignBench, RehearsedModel) {
    var bench = CampaignBench(ideas: ideas)
    bench.plan.generations = 0
    let model = RehearsedModel(script)
    bench.model = model
    return (bench, model)
  }

  private struct Life {
    let report: CampaignReport
    let journal: CampaignJournal
    let model: RehearsedModel

    var account: LedgerAccount { get throws { try journal.ledger.account(.run(report.run)) } }

    /// The kinds of the events of research about a subject, in their order.
    func kinds(_ subject: String) throws -> [String] {
      try journal.events.filter {
        $0.subject == subject && !$0.kind.hasPrefix("budget.") && $0.kind != "llm.usage_point"
      }.map(\.kind)
    }

    func texts(_ kind: String, _ member: String) throws -> [String] {
      try journal.payloads(kind).compactMap {
        if case .string(let text)? = $0[member] { text } else { nil }
      }
    }
  }

  private func run(
    ideas: Int = 1, _ script: @escaping @Sendable (ModelCall, Int) -> ModelOutcome,
    change: (inout CampaignBench) -> Void = { _ in }
  ) async throws -> Life {
    var (bench, model) = Self.bench(ideas: ideas, script)
    change(&bench)
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    #expect(try journal.orderViolations == [])
    #expect(!report.outcome.eventOrderViolation)
    try CampaignResumeTests.expectSettled(journal, run: report.run)
    #expect(try journal.journal.verify().findings == [])
    return Life(report: report, journal: journal, model: model)
  }

  // MARK: - Answers that cannot be read

  private static let illegible: [(String, [String])] = [
    ("", ["empty_output"]),
    (" \n\t", ["empty_output"]),
    ("I would rather not propose anything today.", ["json_decode_error"]),
    ("{\"candidates\": 5}", ["schema_validation_error"]),
    ("{\"candidates\": []}", ["payload_not_object"]),
    ("[1, 2]", ["payload_not_object", "payload_not_object"]),
    ("5", ["payload_not_object"]),
    ("\u{0}\u{1}\u{7F}\u{FFFE}", ["json_decode_error"]),
    (String(repeating: "[", count: 100_000), ["json_decode_error"]),
    (String(repeating: "x", count: 2_000_000), ["json_decode_error"]),
  ]

  @Test(
    "an answer that cannot be read is told, paid for, and asked for again",
    arguments: illegible.indices)
  func unreadable(number: Int) async throws {
    let (text, codes) = Self.illegible[number]
    let life = try await run { call, _ in
      // Each attempt is a question of its own, told apart by its seed.
      call.seed == Self.firstSeed ? Script.text(text) : Script.sound(call)
    }
    #expect(life.model.calls.count == 2)
    #expect(life.report.outcomes == [.proposed(candidates: 2)])
    #expect(life.report.tally.unreadable == codes.count)
    #expect(try life.texts("agent.alpha_parse_failed", "code") == codes)
    let account = try life.account
    #expect(account.used.tokens == 2 * (Script.prompt + Script.completion))
    #expect(account.counts.granted == 2 && account.counts.settled == 2)
  }

  /// The seed of the first question about the first idea.
  private static let firstSeed: UInt64 = {
    let digest = Fingerprint(of: "1/0/alpha/idea-1/1").hexadecimal
    return UInt64(digest.prefix(16), radix: 16) ?? 0
  }()

  @Test("three unreadable answers in a row give the idea up, and the others go on")
  func hopelessIdea() async throws {
    let life = try await run(ideas: 2) { call, _ in
      Script.idea(of: call) == "idea-1" ? Script.text("no") : Script.sound(call)
    }
    #expect(life.model.calls.count == 4)
    guard case .failed(let reason) = life.report.outcomes[0] else {
      Issue.record("\(life.report.outcomes)")
      return
    }
    #expect(reason.hasPrefix("3 answers in a row"))
    #expect(life.report.outcomes[1] == .proposed(candidates: 2))
    #expect(life.report.blockage == nil)
    #expect(try life.account.used.tokens == 4 * 1_500)
    #expect(life.report.outcome.tokens == 4 * 1_500)
  }

  @Test("what stands in a fence, was cut off or is bad in part is read as far as it goes")
  func partly() async throws {
    let life = try await run(ideas: 3) { call, _ in
      let sound = Script.document(["rank(close)", "rank(volume)"], to: call)
      switch Script.idea(of: call) {
      case "idea-1": return Script.text("Here you are:\n```json\n\(sound)\n```\nGood luck!")
      case "idea-2":
        let cut = Script.document(["rank(open)", "rank(vwap)"], to: call).dropLast(30)
        return .answered(
          ModelAnswer(text: String(cut), usage: Script.usage, isComplete: false))
      default:
        let good = Script.document(["rank(cap)"], to: call).dropFirst(15).dropLast(2)
        return Script.text(
          "{\"candidates\": [\(good), 7, {\"idea_id\": 5}, {\"idea_id\": \"idea-3\"}]}")
      }
    }
    #expect(life.model.calls.count == 3)
    #expect(
      life.report.outcomes == [2, 1, 1].map { .proposed(candidates: $0) })
    #expect(life.report.tally.unreadable == 3)
    #expect(try life.texts("agent.alpha_parse_failed", "code").count == 3)
    #expect(try life.journal.payloads("agent.alpha_repair_attempted").count == 2)
    #expect(life.report.entries.count == 4)
  }

  @Test("formulas that were proposed before are duplicates, whatever way they are written")
  func duplicates() async throws {
    let life = try await run(ideas: 2) { call, _ in
      Script.formulas("rank(close + open)", "rank( open+close )", "rank(close + open)", to: call)
    }
    #expect(
      life.report.outcomes == [.proposed(candidates: 1), .proposed(candidates: 0)])
    #expect(life.report.tally.duplicates == 5)
    #expect(life.report.tally.proposed == 6)
    #expect(life.report.entries.count == 1)
    #expect(try life.journal.payloads(ResearchEventKind.simulationDuplicate.rawValue).count == 5)
    let keys = try life.texts("agent.alpha_generated", "candidate_key")
    #expect(Set(keys).count == 6)
    #expect(try life.journal.payloads("simulation.completed").count == 1)
  }

  @Test("more candidates than were asked for are left")
  func surplus() async throws {
    let life = try await run { call, _ in
      Script.text(Script.document((2..<40).map { "ts_mean(close, \($0))" }, to: call))
    }
    #expect(life.report.outcomes == [.proposed(candidates: 3)])
    #expect(life.report.tally.proposed == 3)
  }

  // MARK: - Formulas that do not check

  @Test("a near miss is repaired by its tree, without the model")
  func treeRepair() async throws {
    let life = try await run { call, _ in Script.formulas("rank(clsoe)", to: call) }
    #expect(life.model.calls.count == 1)
    #expect(life.report.tally.broken == 1 && life.report.tally.repaired == 1)
    let key = try #require(try life.texts("agent.alpha_generated", "candidate_key").first)
    #expect(
      try life.kinds(key) == [
        "agent.alpha_generated", "agent.validation_handoff", "validation.started",
        "validation.failed", "validation.retry_started", "validation.repaired_by_tree",
        "validation.retry_passed", "simulation.enqueued", "simulation.started",
        "simulation.completed", "evaluation.trust_assessed",
      ])
    #expect(life.report.entries.first?.formula.source == "rank(close)")
    #expect(life.report.entries.first?.attempts == 2)
  }

  @Test("what the tree cannot mend the model is asked for, with what is wrong")
  func modelRepair() async throws {
    let life = try await run { call, _ in
      call.stage == .repair
        ? Script.formulas("rank(volume)", to: call) : Script.formulas("%%%", to: call)
    }
    #expect(life.model.calls.map(\.stage) == [.alpha, .repair])
    if case .repair(let candidate, _, let findings)? = life.model.calls.last?.subject {
      #expect(candidate.formula == "%%%" && !findings.isEmpty)
    }
    #expect(life.report.tally.broken == 1 && life.report.tally.repaired == 1)
    #expect(try life.account.used.tokens == 2 * 1_500)
    let key = try #require(try life.texts("agent.alpha_generated", "candidate_key").first)
    #expect(
      try life.kinds(key) == [
        "agent.alpha_generated", "agent.validation_handoff", "validation.started",
        "validation.failed", "validation.retry_started", "validation.answered_by_model",
        "validation.retry_passed", "simulation.enqueued", "simulation.started",
        "simulation.completed", "evaluation.trust_assessed",
      ])
  }

  @Test(
    "a model that repeats its mistake gets a wider pack once, and then the candidate is dropped")
  func hopelessFormula() async throws {
    let life = try await run { call, _ in Script.formulas("%%%", to: call) }
    let key = try #require(try life.texts("agent.alpha_generated", "candidate_key").first)
    let kinds = try life.kinds(key)
    #expect(kinds.count { $0 == "validation.retrieval_expanded" } == 1)
    #expect(kinds.suffix(2) == ["simulation.blocked_validation", "candidate.dropped"])
    #expect(kinds.count { $0 == "validation.failed" } == 1)
    #expect(kinds.count { $0 == "validation.retry_failed" } <= 3)
    #expect(life.model.calls.count <= 4)
    #expect(try life.account.used.tokens == life.model.calls.count * 1_500)
    #expect(life.report.entries.isEmpty && life.report.tally.repaired == 0)
    #expect(life.report.outcomes == [.proposed(candidates: 0)])
    #expect(life.report.outcome.validationPassed == false)
    // The pack of this panel is told whole within the ordinary ceiling, so the reserve is not touched.
    #expect(
      try life.journal.payloads("budget.check_passed").allSatisfy {
        [nil, 0].contains($0["call"]?["expansion"]?["tokens"])
      })
  }

  @Test("the same broken text twice is repaired twice or known, and never confuses the order")
  func brokenTwice() async throws {
    let life = try await run(ideas: 2) { call, _ in
      Script.formulas("%%%", "%%%", "rank(clsoe)", to: call)
    }
    #expect(life.report.entries.count == 1)
    let keys = try life.texts("agent.alpha_generated", "candidate_key")
    #expect(Set(keys).count == keys.count)
    #expect(try life.account.used.tokens == life.model.calls.count * 1_500)
  }

  @Test("an answer to a repair that cannot be read ends the repair, not the run")
  func unreadableRepair() async throws {
    let life = try await run { call, _ in
      call.stage == .repair
        ? Script.text("sorry") : Script.formulas("%%%", "rank(close)", to: call)
    }
    #expect(life.report.entries.count == 1)
    #expect(try life.journal.payloads("validation.retry_abandoned").count == 1)
    #expect(try life.texts("candidate.dropped", "reason") == ["no_other_text"])
  }

  // MARK: - Calls that fail

  @Test("a provider that is overloaded for good is asked three times, and nothing is owed")
  func refused() async throws {
    let life = try await run(ideas: 2) { call, _ in
      Script.idea(of: call) == "idea-1" ? .refused(Script.overloaded) : Script.sound(call)
    }
    #expect(life.model.calls.count == 4)
    guard case .failed(let reason) = life.report.outcomes[0] else {
      Issue.record("\(life.report.outcomes)")
      return
    }
    #expect(reason.contains("Overloaded"))
    #expect(try life.texts("agent.alpha_parse_failed", "code") == ["script_provider_error"])
    let account = try life.account
    #expect(account.counts.granted == 4 && account.counts.voided == 3)
    #expect(account.counts.settled == 1 && account.used.tokens == 1_500)
    #expect(
      try life.texts("budget.voided", "reason") == Array(repeating: "refused_by_provider", count: 3)
    )
    let failures = try life.journal.payloads("agent.call_failed")
    #expect(failures.map { $0["attempt"] } == [1, 2, 3])
    #expect(Set(failures.map { $0["question"] }).count == 1)
    #expect(failures.allSatisfy { $0["failure"]?["status"] == 529 })
  }

  @Test("a call that certainly never arrived is voided as not sent")
  func unsent() async throws {
    let unreachable = try Script.unreachable
    let life = try await run { call, before in
      before == 0 ? .refused(unreachable) : Script.sound(call)
    }
    #expect(try life.texts("budget.voided", "reason") == ["not_sent"])
    let failure = try #require(try life.journal.payloads("agent.call_failed").first)
    #expect(failure["failure"]?["cause"] == "could_not_connect")
    #expect(try life.account.counts.settled == 1)
  }

  @Test("a usage that cannot be right is told beside the usage point, and a sound one is not")
  func doubted() async throws {
    let life = try await run(ideas: 3) { call, _ in
      let usage: JSONValue? =
        switch Script.idea(of: call) {
        case "idea-1": nil
        case "idea-2": ["prompt_tokens": 1_000, "completion_tokens": 500, "total_tokens": 7]
        default: Script.usage
        }
      guard case .answered(let answer) = Script.sound(call) else { return Script.sound(call) }
      return Script.text(answer.text, usage: usage)
    }
    let doubts = try life.journal.payloads("llm.usage_doubted")
    let codes = doubts.flatMap { payload -> [JSONValue?] in
      if case .array(let list)? = payload["doubts"] { list.map { $0["code"] } } else { [] }
    }
    #expect(codes == ["usage_missing", "usage_total_below_parts"])
    #expect(try life.journal.payloads("llm.usage_point").count == 3)
  }

  @Test("a key that is rejected is not tried again")
  func pointless() async throws {
    let life = try await run { _, _ in .refused(Script.keyRejected) }
    #expect(life.model.calls.count == 1)
    #expect(try life.account.used == .zero)
    #expect(life.report.entries.isEmpty)
  }

  @Test("a call that was lost counts in full, one that was lost after its usage by that")
  func lost() async throws {
    let life = try await run(ideas: 3) { call, before in
      switch (Script.idea(of: call), before) {
      case ("idea-1", 0): .lost(Script.unended, partial: nil)
      case ("idea-2", 0):
        .lost(Script.unended, partial: ModelAnswer(text: "{", usage: nil, isComplete: false))
      case ("idea-3", 0):
        .lost(
          Script.unended,
          partial: ModelAnswer(
            text: "{\"cand", usage: ["prompt_tokens": 900, "completion_tokens": 7],
            isComplete: false))
      default: Script.sound(call)
      }
    }
    #expect(life.model.calls.count == 6)
    #expect(life.report.outcomes.allSatisfy { $0.refusal == nil && $0.reason == nil })
    let state = try life.journal.ledger
    let account = try life.account
    #expect(account.counts.granted == 6 && account.counts.settled == 4)
    #expect(state.presumed.count == 2)
    #expect(account.unreconciled.tokens == state.presumed.values.reduce(0) { $0 + $1.held.tokens })
    #expect(account.consumed.tokens - account.unreconciled.tokens == 3 * 1_500 + 907)
    #expect(try life.texts("budget.presumed", "reason") == ["answer_lost", "answer_lost"])
  }

  @Test(
    "a usage that lies is read as far as it can be, and never makes the ledger wrong",
    arguments: [
      // What is reported, and what is entered; nil for the rough estimates of the texts.
      (nil, nil),
      (#"{"prompt_tokens": -5, "completion_tokens": "many"}"#, nil),
      (#"{"prompt_tokens": 1e30, "completion_tokens": 1e30}"#, nil),
      (#""lots""#, nil),
      ("[1, 2]", nil),
      (#"{"total_tokens": 777}"#, 777),
      (#"{"prompt_tokens": 100, "completion_tokens": 0, "total_tokens": 5000}"#, 5_000),
      (#"{"prompt_tokens": "250", "completion_tokens": 50.0}"#, 300),
      (#"{"prompt_tokens": 900000, "completion_tokens": 90000}"#, 990_000),
      (#"{"prompt_tokens": 10, "completion_tokens": 5, "completion_tokens_details": 7}"#, 15),
    ] as [(String?, Int?)])
  func lies(report: String?, entered: Int?) async throws {
    let usage = try report.map { try JSONValue(parsing: $0) }
    let life = try await run { call, _ in
      Script.text(Script.document(["rank(close)"], to: call), usage: usage)
    }
    let account = try life.account
    let point = try #require(try life.journal.payloads("llm.usage_point").first)
    guard case .integer(let total)? = point["total_tokens"] else {
      Issue.record("\(point)")
      return
    }
    #expect(account.used.tokens == total)
    #expect(life.report.outcome.tokens == total)
    if let entered {
      #expect(total == entered)
    } else {
      let call = try #require(life.model.calls.first)
      let characters = (call.instructions + call.prompt).unicodeScalars.count
      #expect(point["prompt_tokens_rough"] == .integer((characters + 3) / 4))
      #expect(total >= (characters + 3) / 4)
    }
    if entered == 990_000 {
      #expect(account.overrun.tokens > 900_000)
    }
  }

  @Test("an answer from the cache is recorded and costs nothing")
  func cached() async throws {
    let life = try await run { call, _ in
      .answered(
        ModelAnswer(
          text: Script.document(["rank(close)"], to: call), usage: Script.usage,
          isFromCache: true))
    }
    #expect(try life.account.used == .zero)
    #expect(try life.texts("budget.voided", "reason") == ["not_sent"])
    #expect(life.report.entries.count == 1)
  }

  // MARK: - Resuming

  private static let mishaps: @Sendable (ModelCall, Int) -> ModelOutcome = { call, before in
    switch (Script.idea(of: call), call.stage, before) {
    case ("idea-1", .alpha, 0): .lost(Script.unended, partial: nil)
    case ("idea-1", .alpha, _): Script.formulas("%%%", "rank(close)", "rank(clsoe)", to: call)
    case ("idea-1", _, _): Script.formulas("rank(volume)", to: call)
    case ("idea-2", _, _):
      call.seed % 2 == 0 ? Script.text("no") : .refused(Script.overloaded)
    default: Script.sound(call)
    }
  }

  @Test("a run of mishaps that is killed after any commit and resumed tells the same story")
  func resuming() async throws {
    let life = try await run(ideas: 3, Self.mishaps)
    let events = try life.journal.events
    let story = try CampaignResumeTests.story(events)
    let ends = life.journal.commits.dropLast()
    for place in stride(from: 3, to: ends.count, by: 9) {
      let end = ends[place]
      let journal = try CampaignJournal(holding: events.prefix(end))
      var (bench, _) = Self.bench(ideas: 3, Self.mishaps)
      bench.resume = life.report.run
      let report = try await bench.run(in: journal.journal)
      #expect(try CampaignResumeTests.story(try journal.events) == story, "after \(end)")
      #expect(report.outcomes == life.report.outcomes, "after \(end)")
      #expect(report.tally == life.report.tally, "after \(end)")
      try CampaignResumeTests.expectSettled(journal, run: report.run)
      #expect(try journal.orderViolations == [], "after \(end)")
    }
  }

  @Test("a question that had no answer keeps none, however well the provider is when it is resumed")
  func recovered() async throws {
    let life = try await run(ideas: 2) { call, _ in
      Script.idea(of: call) == "idea-1" ? .refused(Script.keyRejected) : Script.sound(call)
    }
    let events = try life.journal.events
    let journal = try CampaignJournal(holding: events)
    var (bench, model) = Self.bench(ideas: 2) { call, _ in Script.sound(call) }
    bench.resume = life.report.run
    let report = try await bench.run(in: journal.journal)
    #expect(model.calls.isEmpty)
    #expect(report.outcomes == life.report.outcomes)
    #expect(try journal.events == events)
  }
}
