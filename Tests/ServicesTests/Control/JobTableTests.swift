import Essentials
import Mathematics
import Research
import Storage
import TestKit
import Testing

@testable import Services

@Suite("The table of jobs", .ownThread)
struct JobTableTests {
  private static let id = String(repeating: "a", count: 32)

  /// A letter for each event: queued, started, completed, failed, timed out, cancelled.
  private func drafts(_ letters: String, id: String = JobTableTests.id) -> [JournalDraft] {
    letters.enumerated().map { place, letter in
      var facts = ControlJobFacts(jobID: id, action: "run-idea-agent")
      let fact: ResearchFact
      switch letter {
      case "q":
        facts.runID = "r"
        facts.parameters = ["seed": 1]
        facts.requestedBy = "ada"
        facts.request = "0"
        facts.idempotencyKey = "k"
        fact = .jobQueued(facts)
      case "s": fact = .jobStarted(facts)
      case "c":
        facts.returnCode = 0
        facts.result = ["place": .integer(place)]
        fact = .jobCompleted(facts)
      case "t":
        facts.reason = "timed_out"
        fact = .jobFailed(facts)
      case "f":
        facts.error = "no"
        fact = .jobFailed(facts)
      default: fact = .jobCancelled(facts)
      }
      return ResearchEvent(
        at: Timestamp(millisecondsSinceEpoch: Int64(place)), run: "r", idea: "control", fact
      ).draft()
    }
  }

  @Test(
    "a job follows from its events, and what cannot follow changes nothing",
    arguments: [
      ("q", JobState.queued, 0), ("qs", .running, 1), ("qss", .running, 2),
      ("qsc", .completed, 1), ("qsf", .failed, 1), ("qst", .timedOut, 1), ("qx", .cancelled, 0),
      ("qsx", .cancelled, 1), ("qscf", .completed, 1), ("qxs", .cancelled, 0),
      ("qscsqf", .completed, 1), ("qq", .queued, 0), ("sq", .queued, 0), ("cq", .queued, 0),
    ])
  func fold(letters: String, state: JobState, attempts: Int) throws {
    let bench = try JobBench()
    var table = JobTable()
    for event in try bench.journal.append(drafts(letters)) { table.apply(event) }
    let job = try #require(table[Self.id])
    #expect(job.state == state && job.attempts == attempts)
    #expect((job.endedAt != nil) == state.isEnded)
    #expect(table.open.map(\.id) == (state.isEnded ? [] : [Self.id]))
    #expect(table.counts == [state: 1])
    #expect(table.job(named: "k", by: "ada")?.id == Self.id)
    #expect(table.job(named: "k", by: "bob") == nil)
    // One read from the journal is the same, and one job alone too.
    #expect(try JobTable(bench.journal)[Self.id] == job)
    #expect(try JobTable.job(Self.id, in: bench.journal) == job)
  }

  @Test("events with payloads that nobody can read make no job and end none")
  func unreadable() throws {
    let bench = try JobBench()
    let at = Timestamp(millisecondsSinceEpoch: 0)
    try bench.journal.append([
      JournalDraft("control.job_queued", at: at, subject: "x", payload: ["job_id": 7]),
      JournalDraft("control.job_queued", at: at, subject: "y", payload: ["job_id": "y"]),
      JournalDraft("control.job_completed", at: at, subject: "z"),
    ])
    #expect(try JobTable(bench.journal).counts == [:])
    #expect(try JobTable.job("x", in: bench.journal) == nil)
  }

  @Test("a table that grew event by event is the one that is read from the journal")
  func growth() throws {
    let bench = try JobBench()
    var generator = SplitMix64(seed: 11)
    var table = JobTable()
    for _ in 0..<30 {
      let number = Int.random(in: 0..<6, using: &generator)
      let id = String(repeating: String(number), count: 32)
      let letter = "qscftx".randomElement(using: &generator) ?? "q"
      for event in try bench.journal.append(drafts(String(letter), id: id)) { table.apply(event) }
      let read = try JobTable(bench.journal)
      #expect(read.latest(10) == table.latest(10))
      #expect(read.counts == table.counts)
    }
  }
}
