import Backtesting
import Essentials
import Research
import Services
import Storage
import TestKit
import Testing

@Suite("A campaign that was interrupted")
struct CampaignResumeTests {
  private static let bench: CampaignBench = {
    var bench = CampaignBench()
    bench.clock = SteppingClock(step: 1)
    return bench
  }()

  /// An uninterrupted run with its events and where its commits ended.
  private struct Original: Sendable {
    let run: String
    let events: [JournalEvent]
    let commits: [Int]
    let fingerprint: Fingerprint
    let accepted: [String]
  }

  private static func original(_ bench: CampaignBench) async throws -> Original {
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    return Original(
      run: report.run, events: try journal.events, commits: journal.commits,
      fingerprint: report.fingerprint, accepted: report.accepted)
  }

  private static let shared = Task { try await original(bench) }

  /// Members that differ where a call was granted before the kill and its answer lost with it: the
  /// number of the next reservation, and what the run has used by the end.
  private static let budgetMembers: Set = [
    "reservation", "total_tokens", "cost_usd", "cost_nano_usd",
  ]

  /// Kinds of events that a life adds for every attempt it makes: what the budget keeps, and why an
  /// attempt whose question was still open failed.
  private static let attemptKinds: Set = [
    ModelDesk.failureKind, ModelDesk.doubtKind, "llm.usage_point",
  ]

  /// What of a run's events must be the same in every life.
  static func story(_ events: [JournalEvent]) throws -> [[String]] {
    try events.filter { !$0.kind.hasPrefix("budget.") && !attemptKinds.contains($0.kind) }.map {
      guard [ModelDesk.answerKind, "run.summary"].contains($0.kind),
        case .object(let members) = try JSONValue(parsing: $0.payloadText)
      else { return [$0.kind, $0.subject, $0.payloadText] }
      let kept = members.filter { !budgetMembers.contains($0.name) }
      return [$0.kind, $0.subject, JSONValue.object(kept).compactText]
    }
  }

  @Test("killed after any commit and resumed, it tells the same story", arguments: 0..<6)
  func resuming(part: Int) async throws {
    let original = try await Self.shared.value
    let story = try Self.story(original.events)
    // A few commits each, so that all parts together are a spread over the whole run.
    let ends = original.commits.dropLast()
    let places = stride(from: part * 4, to: ends.count, by: 24)
    for end in places.map({ ends[$0] }) {
      let journal = try CampaignJournal(holding: original.events.prefix(end))
      var bench = Self.bench
      let model = CountedModel(OfflineProposer())
      bench.model = model
      bench.resume = original.run
      bench.clock = SteppingClock(at: SteppingClock.friday + 3_600_000, step: 3)
      let report = try await bench.run(in: journal.journal)
      #expect(report.run == original.run)
      #expect(report.fingerprint == original.fingerprint, "after \(end)")
      #expect(report.accepted == original.accepted, "after \(end)")
      let events = try journal.events
      #expect(try Self.story(events) == story, "after \(end)")
      #expect(events.prefix(end) == original.events.prefix(end))
      let known = original.events.prefix(end).count { $0.kind == ModelDesk.answerKind }
      #expect(
        model.calls.count == story.count { $0[0] == ModelDesk.answerKind } - known,
        "after \(end)")
      try Self.expectSettled(journal, run: original.run)
      #expect(try journal.journal.verify().findings == [])
      #expect(try journal.orderViolations == [], "after \(end)")
    }
  }

  /// No call is open, every one that was granted was settled, voided or presumed, and what the run
  /// has used is what its usage points say and what is presumed.
  static func expectSettled(_ journal: CampaignJournal, run: String) throws {
    let state = try journal.ledger
    #expect(state.open.isEmpty)
    let account = state.account(.run(run))
    #expect(account.isBalanced)
    #expect(account.reserved == .zero)
    let counts = account.counts
    let points = try journal.payloads("llm.usage_point")
    let used = points.reduce(0) {
      if case .integer(let tokens)? = $1["total_tokens"] { $0 + tokens } else { $0 }
    }
    let presumed = state.presumed.values.reduce(0) { $0 + $1.held.tokens }
    #expect(account.used.tokens == used + presumed)
    #expect(counts.granted == counts.settled + counts.voided + state.presumed.count)
  }

  @Test("a finished run that is resumed writes nothing and says the same")
  func finished() async throws {
    let original = try await Self.shared.value
    let journal = try CampaignJournal(holding: original.events)
    var bench = Self.bench
    bench.resume = original.run
    let model = CountedModel(OfflineProposer())
    bench.model = model
    let report = try await bench.run(in: journal.journal)
    #expect(report.fingerprint == original.fingerprint)
    #expect(try journal.events == original.events)
    #expect(model.calls.isEmpty)
  }

  @Test("a run that is asked for otherwise than it began is refused, and nothing is written")
  func diverging() async throws {
    let original = try await Self.shared.value
    let changes: [(inout CampaignBench) -> Void] = [
      { $0.plan.seed = 2 }, { $0.plan.proposals = 4 }, { $0.plan.children = 3 },
      { $0.plan.generations = 2 }, { $0.plan.ideas.removeLast() },
      { $0.plan.ideas[0].hypothesis += " Perhaps." }, { $0.plan.settings.decay = 3 },
      { $0.panel = RandomPanels.make(.init(rows: 130, columns: 6), seed: 6) },
      { $0.budget.batch.tokens = 60_000 },
      { $0.plan.maxOutputTokens = 100 }, { $0.plan.policy.correlationMax = 0.1 },
      { $0.plan.limits.sharpe = 0.01 }, { $0.plan.trust.confidence = 0.5 },
      { $0.plan.validation.repairsMax = 1 },
    ]
    for (number, change) in changes.enumerated() {
      let journal = try CampaignJournal(holding: original.events.prefix(20))
      var bench = Self.bench
      bench.resume = original.run
      change(&bench)
      await #expect(throws: ResumeFailure.self, "\(number)") {
        try await bench.run(in: journal.journal)
      }
      #expect(
        try journal.events.filter { !$0.kind.hasPrefix("budget.") }.count
          == original.events.prefix(20).count { !$0.kind.hasPrefix("budget.") })
    }
  }

  @Test("a run that the journal does not know, or that is none of research, is refused")
  func unknown() async throws {
    let journal = try CampaignJournal()
    try journal.journal.append(
      JournalDraft(
        "run.started", at: Timestamp(millisecondsSinceEpoch: 0), run: "simulate-1",
        payload: ["command": "simulate"]))
    for run in ["research-000000000000", "simulate-1", ""] {
      var bench = Self.bench
      bench.resume = run
      await #expect(throws: ResumeFailure.unknownRun(run)) {
        try await bench.run(in: journal.journal)
      }
    }
    #expect(try journal.events.count == 1)
  }
}
