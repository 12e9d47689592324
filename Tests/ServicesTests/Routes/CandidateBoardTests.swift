import Essentials
import Research
import Services
import Storage
import Testing

@Suite("The candidates of a run")
struct CandidateBoardTests {
  /// What becomes of one candidate, read off all events of a run by their names alone.
  private struct PlainCandidate: Equatable {
    var state = "proposed"
    var score: JSONValue = .null
    var passed: JSONValue = .null
    var alpha: String?
    var parent: String?
    var seqs: [Int64] = []
  }

  private func plain(_ events: [JournalEvent]) throws -> [String: PlainCandidate] {
    let states = [
      "agent.alpha_generated": "proposed", "mutation.child_created": "proposed",
      "validation.started": "validating", "validation.passed": "validated",
      "validation.retry_passed": "validated", "validation.failed": "rejected",
      "validation.retry_failed": "rejected", "validation.retry_started": "repairing",
      "simulation.blocked_validation": "rejected", "simulation.enqueued": "queued",
      "simulation.started": "simulating", "simulation.completed": "simulated",
      "simulation.failed": "failed", "simulation.skipped_duplicate": "duplicate",
    ]
    var all: [String: PlainCandidate] = [:]
    for event in events {
      let payload = try #require(event.payload)
      if event.kind == "evaluation.completed" {
        for card in (payload["scorecards"] ?? .null).elements {
          for key in all.keys where all[key]?.alpha == card["alpha_id"]?.string {
            all[key]?.score = card["score"] ?? .null
            all[key]?.passed = card["passed"] ?? .null
            all[key]?.seqs.append(event.seq)
          }
        }
      }
      guard let key = payload["candidate_key"]?.string, !key.isEmpty else { continue }
      var candidate = all[key] ?? PlainCandidate()
      if let state = states[event.kind] { candidate.state = state }
      candidate.alpha = payload["alpha_id"]?.string ?? candidate.alpha
      candidate.parent = payload["lineage"]?["parent_candidate_key"]?.string ?? candidate.parent
      candidate.seqs.append(event.seq)
      all[key] = candidate
    }
    return all
  }

  private func board(_ events: [JournalEvent], of run: String) -> CandidateBoard {
    var board = CandidateBoard(run: run)
    for event in events { board.take(event) }
    return board
  }

  @Test("a campaign's candidates are those that a scan of all its events finds")
  func campaign() async throws {
    let desk = try await DeskBench.afterCampaign()
    let run = try desk.run
    let events = try desk.journal.events(limit: 10_000, filter: JournalFilter(run: run))
    let plain = try plain(events)
    let board = board(events, of: run)
    #expect(board.candidates.count == plain.count && plain.count > 5)
    #expect(board.unreadableCount == 0 && board.omittedCount == 0)
    for candidate in board.candidates {
      let expected = try #require(plain[candidate.key])
      #expect(candidate.state.rawValue == expected.state)
      #expect(candidate.alphaID == expected.alpha && candidate.lineage.parent == expected.parent)
      #expect(JSONValue.optional(candidate.score).number == expected.score.number)
      #expect(candidate.json["passed"] == expected.passed)
      #expect(
        [candidate.firstSeq, candidate.lastSeq] == [expected.seqs.first, expected.seqs.last])
    }
    #expect(board.packs.count == events.count { $0.kind == "retrieval.pack_built" })
    let children = events.filter { $0.kind == "mutation.child_created" }.map(\.seq)
    #expect(board.edges.map(\.seq) == children)
  }

  @Test("told in parts, twice, or among events of other runs, the board is the same")
  func parts() async throws {
    let desk = try await DeskBench.afterCampaign()
    let run = try desk.run
    let events = try desk.journal.events(limit: 10_000, filter: JournalFilter(run: run))
    let whole = board(events, of: run)
    #expect(board(events + events, of: run) == whole)
    #expect(board(events, of: "another").candidates.isEmpty)
  }

  // MARK: - The steps

  private let candidate = CandidateFacts(
    key: "k", lane: .explore, formula: .init(text: "rank(close)", canonical: "rank(close)"))

  private func ticket(_ attempts: Int = 1) -> SimulationTicket {
    SimulationTicket(
      candidate: candidate, validationPassed: true, validationAttempts: attempts,
      fingerprint: "f")
  }

  private func defeat(_ attempt: Int) -> ValidationDefeat {
    ValidationDefeat(
      attempt: attempt, errorCodes: ["e"], errors: ["Sentence \(attempt)."], repeatCount: 1)
  }

  private func fold(_ facts: [ResearchFact]) throws -> CandidateBoard {
    let desk = try DeskBench()
    for fact in facts { try desk.record(fact) }
    return board(try desk.journal.events(limit: 1_000), of: "r1")
  }

  @Test("each step of validation and simulation leads to its state")
  func steps() throws {
    let generated = ResearchFact.alphaGenerated(candidate, novelty: nil)
    let started = ResearchFact.validationStarted(
      candidate, ValidationTerms(maxRepairAttempts: 3, stopsOnRepeatedError: true))
    let order = ResearchFact.retryStarted(candidate, RepairOrder(attempt: 1, instruction: "i"))
    let cases: [([ResearchFact], RunCandidate.State, [String], Int)] = [
      ([generated], .proposed, [], 0), ([generated, started], .validating, [], 0),
      ([started, .validationPassed(candidate, attempt: 0)], .validated, [], 1),
      ([started, .validationFailed(candidate, defeat(0))], .rejected, ["Sentence 0."], 1),
      ([.validationFailed(candidate, defeat(0)), order], .repairing, ["Sentence 0."], 1),
      (
        [.validationFailed(candidate, defeat(0)), order, .validationFailed(candidate, defeat(1))],
        .rejected, ["Sentence 1."], 2
      ),
      ([order, .validationPassed(candidate, attempt: 1)], .validated, [], 2),
      (
        [
          .validationFailed(candidate, defeat(0)),
          .simulationBlocked(ticket(1), errorCodes: ["e"]),
          .candidateDropped(candidate, reason: "unchecked"),
        ], .rejected, ["Sentence 0."], 1
      ),
      ([generated, .candidateDropped(candidate, reason: "late")], .dropped, ["late"], 0),
      ([generated, .simulationDuplicate(ticket(2))], .duplicate, [], 0),
      ([.simulationEnqueued(ticket(3))], .queued, [], 3),
      ([.simulationStarted(ticket())], .simulating, [], 1),
      ([.simulationProgress(ticket(), progress: 0.5, raw: .null)], .simulating, [], 1),
      (
        [.simulationFailed(ticket(), code: "timeout", detail: "It took long.")], .failed,
        ["It took long."], 1
      ),
      (
        [.simulationCompleted(SimulationResultFacts(ticket: ticket(), metrics: .init()))],
        .simulated, [], 1
      ),
      // The first of equal candidates bears the same key, and its simulation counts.
      ([.simulationEnqueued(ticket()), .simulationDuplicate(ticket())], .queued, [], 1),
    ]
    for (facts, state, errors, attempts) in cases {
      let found = try #require(try fold(facts)["k"])
      #expect(found.state == state, "\(facts.map(\.kind))")
      #expect(found.errors == errors && found.attempts == attempts, "\(facts.map(\.kind))")
    }
  }

  @Test("a parent that appears after its child, or is itself, is no edge")
  func circles() throws {
    func child(_ key: String, of parent: String) -> ResearchFact {
      var facts = candidate
      facts.key = key
      facts.lineage = .init(parent: parent, root: parent, generation: 1)
      return .childCreated(
        MutationFacts(
          child: facts, parentAlphaID: nil, index: 0, source: "parameter_search",
          failureLabel: "", failureActions: [], reasons: []))
    }
    let board = try fold([
      child("a", of: "b"), child("b", of: "a"), child("a", of: "b"), child("c", of: "c"),
    ])
    #expect(board.edges.map { "\($0.parent)\($0.child)" } == ["ab"])
  }

  @Test("formulas that were simulated outside of research stand under their fingerprint")
  func sheets() throws {
    let desk = try DeskBench()
    try desk.journal.append([
      JournalDraft(
        "run.started", at: DeskBench.at(0), run: "r1",
        payload: ["command": "simulate", "panel": ["name": "p", "fingerprint": "f"]]),
      JournalDraft(
        "simulation.completed", at: DeskBench.at(0), run: "r1", subject: "f00d",
        payload: [
          "alpha_id": "A", "formula": ["text": "rank(close)", "fingerprint": "f00d"],
          "panel": .null, "metrics": ["sharpe": .number(1.5), "returns": .number(0.1)],
          "trials": 7, "deflated_sharpe": .number(0.4),
        ]),
    ])
    let found = try #require(
      board(try desk.journal.events(limit: 9), of: "r1")["f00d"])
    #expect(found.state == .simulated && found.panel["name"] == "p")
    #expect(found.json["metrics"]?["returns"]?.number == 0.1)
    #expect(found.trust == ["trials": 7, "deflated_sharpe": .number(0.4)])
    #expect(found.score == nil && found.passed == nil)
  }

  @Test("an event that cannot be read is counted and changes nothing")
  func unreadable() throws {
    let desk = try DeskBench()
    try desk.record(.simulationEnqueued(ticket()))
    let before = board(try desk.journal.events(limit: 9), of: "r1")
    try desk.journal.append(
      JournalDraft(
        "simulation.completed", at: DeskBench.at(0), run: "r1", subject: "k",
        payload: ["candidate_key": 7, "panel": "x"]))
    let after = board(try desk.journal.events(limit: 9), of: "r1")
    #expect(after.candidates == before.candidates && after.unreadableCount == 1)
  }
}
