import Essentials
import Research
import Services
import Storage
import Testing

@Suite("A run as it stood at its moments")
struct ReplayTapeTests {
  /// Events of a run, each a millisecond after the last: checks of prompts that grow.
  private func events(_ count: Int) throws -> [JournalEvent] {
    let desk = try DeskBench()
    try desk.journal.append(
      (0..<count).map { number in
        var step = FallbackStep(
          phase: "fields", factor: 0.85, count: 1, promptTokens: number, completionTokens: 100,
          maxPromptTokens: 12_000, maxCompletionTokens: 1_600)
        step.coverage = 1
        return ResearchEvent(
          at: DeskBench.at(Double(number) / 1000), run: "r1", idea: "i", .fallbackApplied(step)
        ).draft()
      })
    return try desk.journal.events(limit: count)
  }

  private func tape(_ events: [JournalEvent]) -> ReplayTape {
    var tape = ReplayTape(run: "r1", configuration: BudgetConfiguration())
    for event in events { tape.take(event) }
    return tape
  }

  /// What the gauges showed right after an event, folded anew.
  private func plain(_ events: [JournalEvent], through seq: Int64) throws -> JSONValue {
    var gauges = RunGauges(run: "r1", configuration: BudgetConfiguration())
    for event in events where event.seq <= seq { gauges.take(event) }
    let at = try #require(gauges.asOf)
    let status = gauges.reactorStatus(at: at)
    return .object(
      [.init("seq", .integer(Int(seq))), .init("at", .string(at.wireText))]
        + status.memberList.filter { ["gauges", "flags", "reactor"].contains($0.name) })
  }

  @Test("every frame is what the gauges showed right after its event")
  func frames() throws {
    let events = try events(40)
    let frames = tape(events).frames(480)
    #expect(frames.map(\.seq) == Array(1...40))
    for frame in frames {
      #expect(frame.text == (try plain(events, through: frame.seq)).compactText)
    }
  }

  @Test("of a long run evenly spaced frames are kept, the first and the newest among them")
  func thinned() throws {
    let events = try events(2_500)
    let tape = tape(events)
    let all = tape.frames(ReplayTape.framesMax)
    #expect(all.count == ReplayTape.framesMax && all.first?.seq == 1 && all.last?.seq == 2_500)
    let gaps = zip(all, all.dropFirst()).map { $1.seq - $0.seq }
    #expect(try #require(gaps.max()) <= 2 * #require(gaps.dropLast().min()))
    for place in [1, 77, 479] {
      #expect(all[place].text == (try plain(events, through: all[place].seq)).compactText)
    }
    let few = tape.frames(2)
    #expect(few.map(\.seq) == [1, 2_500])
    #expect(tape.frames(100).count == 100)
  }

  @Test(
    "the answer ends with the whole reactor at the newest event, and is the same when asked again")
  func text() throws {
    let events = try events(10)
    let tape = tape(events)
    let answer = try JSONValue(parsing: tape.text(frames: 5))
    #expect(answer["first_seq"] == 1 && answer["last_seq"] == 10 && answer["run_id"] == "r1")
    #expect((answer["frames"] ?? .null).elements.count == 5)
    var gauges = RunGauges(run: "r1", configuration: BudgetConfiguration())
    for event in events { gauges.take(event) }
    let at = try #require(gauges.asOf)
    #expect(answer["final"]?.compactText == gauges.reactorStatus(at: at).compactText)
    #expect(tape.text(frames: 5) == tape.text(frames: 5))
  }

  @Test("told in parts, the tape is the same")
  func parts() throws {
    let events = try events(30)
    var tape = ReplayTape(run: "r1", configuration: BudgetConfiguration())
    for event in events.prefix(13) { tape.take(event) }
    _ = tape.frames(7)
    for event in events { tape.take(event) }
    #expect(tape.text(frames: 7) == self.tape(events).text(frames: 7))
  }
}
