import Essentials
import Research
import Services
import Storage
import Testing

@Suite("A campaign as a function of its seed")
struct CampaignDeterminismTests {
  /// Members of payloads that tell the time of day, wherever they stand.
  static let clockMembers: Set = ["granted_at_ms", "expires_at_ms", "day", "week_from"]

  /// An event without what the clock says: neither its instant nor those in its payload.
  static func timeless(_ event: JournalEvent) throws -> [String] {
    [
      event.run, event.world, event.subject, event.kind, event.cause.map { "\($0)" } ?? "",
      "\(event.version)", timeless(try JSONValue(parsing: event.payloadText)).compactText,
    ]
  }

  private static func timeless(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        members.filter { !clockMembers.contains($0.name) }
          .map { .init($0.name, timeless($0.value)) })
    case .array(let elements): .array(elements.map(timeless))
    default: value
    }
  }

  private func lines(_ change: (inout CampaignBench) -> Void) async throws -> [String] {
    var bench = CampaignBench()
    bench.clock = SteppingClock(step: 1)
    change(&bench)
    let journal = try CampaignJournal()
    try await bench.run(in: journal.journal)
    return try journal.lines
  }

  @Test("two runs of one seed and one clock are the same bytes, on one thread or two")
  func sameBytes() async throws {
    let first = try await lines { $0.plan.threads = 1 }
    #expect(first.count > 30)
    #expect(try await lines { $0.plan.threads = 1 } == first)
    #expect(try await lines { $0.plan.threads = 2 } == first)
  }

  @Test("under another clock only instants differ, and under another seed more than they")
  func otherClock() async throws {
    func events(_ change: (inout CampaignBench) -> Void) async throws -> [[String]] {
      var bench = CampaignBench()
      change(&bench)
      let journal = try CampaignJournal()
      try await bench.run(in: journal.journal)
      return try journal.events.map(Self.timeless)
    }
    let first = try await events { _ in }
    let later = try await events {
      // Another year, and a step that takes the run over a UTC midnight.
      $0.clock = SteppingClock(at: SteppingClock.friday + 400 * 86_400_000 - 2_000, step: 77)
    }
    #expect(first.count == later.count)
    for (one, other) in zip(first, later) where one != other {
      Issue.record("\(one)\n\(other)")
      break
    }
    #expect(try await events { $0.plan.seed = 2 } != first)
  }

  @Test("a second run in one journal has a name of its own and walks over nothing")
  func twice() async throws {
    let bench = CampaignBench(ideas: 1)
    let journal = try CampaignJournal()
    let first = try await bench.run(in: journal.journal)
    let count = try journal.events.count
    let second = try await bench.run(in: journal.journal)
    #expect(second.run == first.run + "-2")
    #expect(try journal.events.count == 2 * count)
    #expect(second.fingerprint == first.fingerprint)
    #expect(try journal.journal.verify().findings == [])
  }

  @Test("the order of events is never violated, and the summary counts what the journal holds")
  func order() async throws {
    var bench = CampaignBench()
    bench.plan.generations = 2
    let journal = try CampaignJournal()
    let report = try await bench.run(in: journal.journal)
    #expect(try journal.orderViolations == [])
    #expect(!report.outcome.eventOrderViolation)
    let summary = try #require(try journal.payloads("run.summary").first)
    #expect(summary["event_order_violation"] == .bool(false))
    let simulated = try journal.payloads("simulation.completed").count
    #expect(summary["simulated"] == .integer(simulated))
    #expect(report.entries.count == simulated)
    #expect(
      summary["mutation_count"] == .integer(try journal.payloads("mutation.child_created").count))
    let used = try journal.payloads("llm.usage_point").reduce(0) {
      if case .integer(let tokens)? = $1["total_tokens"] { $0 + tokens } else { $0 }
    }
    #expect(summary["total_tokens"] == .integer(used))
    #expect(summary["cost_nano_usd"] == .integer(used * 1_000))
  }
}

extension CampaignJournal {
  /// What is out of order among the recorded events of a run, told from the journal alone.
  var orderViolations: [String] {
    get throws {
      var order = EventOrder()
      for event in try events { order.take(RecordedEvent(event)) }
      order.finish()
      return order.violations.map(\.description)
    }
  }
}
