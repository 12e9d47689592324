import Essentials
import Mathematics
import Testing

@testable import Research
@testable import Storage

@Suite("Event envelopes")
struct EventEnvelopeTests {
  private static let keys = [
    "event_type", "run_id", "idea_id", "stage", "message", "severity", "created_at", "payload",
  ]

  @Test("an envelope has exactly eight members, and the number stands beside them")
  func eight() {
    for (place, fact) in EventSamples.facts.enumerated() {
      let event = ResearchEvent(at: EventSamples.second(1.5), run: "r1", idea: "i1", fact)
      let envelope = EventEnvelope(EventSamples.stored(event.draft(), seq: Int64(place + 1)))
      #expect(envelope.json.memberList.map(\.name) == Self.keys)
      #expect(envelope.seq == Int64(place + 1))
      #expect(envelope.json["event_type"] == .string(fact.kind.rawValue))
      #expect(envelope.json["idea_id"] == "i1" && envelope.json["run_id"] == "r1")
      #expect(envelope.json["created_at"] == "2026-11-20T00:00:01.500000+00:00")
      #expect(envelope.json["payload"]?.compactText == event.payload.compactText)
    }
  }

  @Test("an event of the budget has its idea, its stage and a sentence")
  func budget() throws {
    var ledger = TokenLedger(configuration: BudgetConfiguration(), prices: LedgerBench.prices)
    let events = try ledger.reserve(LedgerBench.request(12_001), at: LedgerBench.friday).events
    let envelope = EventEnvelope(EventSamples.stored(events[1]))
    #expect(envelope.json.memberList.map(\.name) == Self.keys)
    #expect(envelope.stage == "budget" && envelope.severity == .error)
    #expect(envelope.message == "A call is refused: request_prompt.")
    #expect(envelope.idea == events[1].idea)
  }

  @Test("what is foreign, unreadable or not stored has an envelope too")
  func others() {
    let foreign = EventEnvelope(EventSamples.stored("world.opened", ["a": 1]))
    #expect(foreign.stage == "world" && foreign.message == "world.opened")
    #expect(foreign.idea == "system")
    let unreadable = EventEnvelope(EventSamples.stored("run.summary", "text"))
    #expect(unreadable.stage == "summary" && unreadable.severity == .warn)
    let alias = EventEnvelope(EventSamples.stored("simulation_completed", [:]))
    #expect(alias.eventType == "simulation.completed")
    let status = EventEnvelope(reactorStatus: [:], run: "r1", at: EventSamples.friday)
    #expect(status.json.memberList.map(\.name) == Self.keys)
    #expect(status.seq == nil && status.eventType == "reactor.status" && status.idea == "system")
    #expect(status.json["created_at"] == "2026-11-20T00:00:00.000000+00:00")
  }

  @Test("an instant is written with its date and its clock, each at its place, in any year")
  func wireTexts() {
    var generator = SplitMix64(seed: 8)
    for year in [-5, 0, 9, 999, 1969, 2026, 9999, 10_000, 123_456] {
      guard let date = CalendarDate(year: year, month: 1 + abs(year) % 12, day: 28) else {
        Issue.record("no date in \(year)")
        continue
      }
      for _ in 0..<20 {
        let inDay = Int64(generator.next() % 86_400_000)
        let instant = Timestamp(
          millisecondsSinceEpoch: Timestamp(startOf: date).millisecondsSinceEpoch + inDay)
        let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60].map {
          $0 < 10 ? "0\($0)" : "\($0)"
        }
        let fraction = String("00\(inDay % 1000)".suffix(3))
        #expect(
          instant.wireText == "\(date)T\(clock.joined(separator: ":")).\(fraction)000+00:00")
      }
    }
  }

  @Test("an instant before 1970 is written as people count")
  func wireText() {
    #expect(
      Timestamp(millisecondsSinceEpoch: -1).wireText == "1969-12-31T23:59:59.999000+00:00")
  }
}
