import Essentials
import Networking
import Research
import Storage

/// What a run searched: its candidates, where each comes from, and the packs they were made from.
extension DeskRoutes {
  private static let limit = RouteParameter<Int>.whole(
    "limit", in: 1...1000, default: 200, "The most candidates.")
  private static let offset = RouteParameter<Int>.whole(
    "offset", in: 0...CandidateBoard.candidatesMax, default: 0, "Candidates that are passed over.")
  private static let sort = RouteParameter<CandidateOrder.Key>.word(
    "sort", default: .score, "What candidates are sorted by; those without it come last.")
  private static let order = RouteParameter<CandidateOrder.Direction>.word(
    "order", default: .desc, "Whether small values come first.")
  private static let idea = RouteParameter<String?>.text("idea", "Only candidates of this idea.")
  private static let state = RouteParameter<String?>.text(
    "state", "Only candidates in these states, with commas between them.")
  private static let packLimit = RouteParameter<Int>.whole(
    "limit", in: 1...200, default: 50, "The most packs; graphs are large.")
  private static let packAfter = RouteParameter<Int>.whole(
    "after", in: 0...EventCursor.max, default: 0, "Only packs of events with a larger number.")
  static let candidate = RouteParameter<String>.segment(
    "candidate_key", "The key of a candidate of the run.")

  /// Events of a candidate that its history shows.
  private static let historyMax = 500

  var candidateRoutes: [Route] {
    [
      Route(
        .get, "/api/runs/{run_id}/candidates",
        "Lists the candidates of a run with their state, figures and origin.",
        group: Group.candidates,
        parameters: [
          Self.run.contract, Self.limit.contract, Self.offset.contract, Self.sort.contract,
          Self.order.contract, Self.idea.contract, Self.state.contract,
        ], answers: [.of("CandidateList", "A page of candidates, and how many there are.")],
        handle: candidates),
      Route(
        .get, "/api/runs/{run_id}/candidates/{candidate_key}",
        "Tells everything that the run recorded of a candidate.", group: Group.candidates,
        parameters: [Self.run.contract, Self.candidate.contract],
        answers: [.of("CandidateStory", "The candidate, its history and its formula's words.")]
      ) { call in
        let summary = try summary(for: call)
        let candidate = try candidate(call)
        return try answer(call, about: summary) { .json(try story(of: candidate, in: summary.run)) }
      },
      Route(
        .get, "/api/runs/{run_id}/lineage",
        "Tells which candidate was made from which, as a graph without circles.",
        group: Group.candidates, parameters: [Self.run.contract],
        answers: [.of("LineageGraph", "The candidates and the edges between them.")]
      ) { call in
        let summary = try summary(for: call)
        return try answer(call, about: summary) {
          let (candidates, edges) = try boards.with(summary.run) { ($0.candidates, $0.edges) }
          return .json([
            "nodes": .array(candidates.map(Self.node)), "edges": .array(edges.map(Self.edge)),
          ])
        }
      },
      Route(
        .get, "/api/runs/{run_id}/retrieval",
        "Lists the packs that candidates were proposed from, with their graphs.",
        group: Group.candidates,
        parameters: [Self.run.contract, Self.packLimit.contract, Self.packAfter.contract],
        answers: [.of("RetrievalList", "The packs in order.")]
      ) { call in
        let summary = try summary(for: call)
        return try answer(call, about: summary) {
          .json(
            try packs(of: summary.run, after: call[Self.packAfter], limit: call[Self.packLimit]))
        }
      },
    ]
  }

  /// The candidate of a call; throws 404 where the run has none of that key.
  func candidate(_ call: RouteCall) throws -> RunCandidate {
    let run = try summary(for: call).run
    let key = call[Self.candidate]
    guard let candidate = try boards.with(run, { $0[key] }) else {
      throw RouteFailure.noSuchResource(what: "candidate of run \(run)", name: key)
    }
    return candidate
  }

  private func candidates(_ call: RouteCall) throws -> ServerResponse {
    let summary = try summary(for: call)
    let states = try call[Self.state].map(Self.states)
    let idea = call[Self.idea]
    return try answer(call, about: summary) {
      let order = CandidateOrder(key: call[Self.sort], direction: call[Self.order])
      let (page, total, omitted) = try boards.with(summary.run) { board in
        let (page, total) = order.page(
          of: board.candidates, offset: call[Self.offset], limit: call[Self.limit]
        ) { candidate in
          (idea == nil || candidate.idea == idea)
            && (states?.contains(candidate.state) ?? true)
        }
        return (page, total, board.omittedCount)
      }
      return .json([
        "count": .integer(page.count), "total": .integer(total), "omitted": .integer(omitted),
        "candidates": .array(page.map(\.json)),
      ])
    }
  }

  private static func states(_ text: String) throws -> Set<RunCandidate.State> {
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return try Set(
      words.map { word in
        guard let state = RunCandidate.State(rawValue: word) else {
          let known = RunCandidate.State.allCases.map(\.rawValue).joined(separator: ", ")
          throw RouteFailure.unreadableParameters([
            "state must be of \(known), with commas between them."
          ])
        }
        return state
      })
  }

  private func story(of candidate: RunCandidate, in run: String) throws -> JSONValue {
    var events: [JournalEvent] = []
    // A key follows from formula and settings, so other runs may have events of the same one.
    var cursor = try JournalCursor(
      journal, after: candidate.firstSeq - 1, filter: JournalFilter(subject: candidate.key))
    while events.count < Self.historyMax, let part = try cursor.next() {
      events += part.filter { $0.run == run }
    }
    let history = events.prefix(Self.historyMax).map { event -> JSONValue in
      let envelope = EventEnvelope(event)
      return [
        "seq": .integer(Int(event.seq)), "kind": .string(event.kind),
        "at": .string(event.at.wireText), "message": .string(envelope.message),
        "severity": .string(envelope.severity.rawValue),
      ]
    }
    var reading: [JSONValue.Member] = [
      .init("valid", .null), .init("tokens", .array([])), .init("diagnostics", .array([])),
    ]
    // The words are those of the run's panel; without it nothing can be said of names.
    if let text = candidate.formula?.text, let checker = try checker(for: candidate, in: run) {
      reading = FormulaReading(text, by: checker).members
    }
    return .object(
      candidate.json.memberList + [.init("events", .array(history))] + reading)
  }

  private static func node(_ candidate: RunCandidate) -> JSONValue {
    [
      "candidate_key": .string(candidate.key), "alpha_id": .orNull(candidate.alphaID),
      "idea_id": .string(candidate.idea), "lane": .orNull(candidate.lane?.rawValue),
      "state": .string(candidate.state.rawValue), "passed": .orNull(candidate.passed),
      "score": .optional(candidate.score), "generation": .integer(candidate.lineage.generation),
      "sharpe": .optional(candidate.metrics?.sharpe), "seq": .integer(Int(candidate.firstSeq)),
    ]
  }

  private static func edge(_ edge: CandidateBoard.Edge) -> JSONValue {
    [
      "parent": .string(edge.parent), "child": .string(edge.child),
      "source": .string(edge.source), "seq": .integer(Int(edge.seq)),
    ]
  }

  private func packs(of run: String, after: Int, limit: Int) throws -> JSONValue {
    let numbers = try boards.with(run) { board in
      board.packs.filter { $0 > Int64(after) }
    }
    var packs: [JSONValue] = []
    for number in numbers.prefix(limit) {
      guard let event = try journal.events(after: number - 1, limit: 1).first,
        case .research(let event) = RecordedEvent(event), case .packBuilt(let pack) = event.fact
      else { continue }
      packs.append([
        "seq": .integer(Int(number)), "at": .string(event.at.wireText),
        "idea_id": .string(event.idea), "query": .string(pack.query),
        "graph": pack.graph?.graph ?? .null,
        "subcategories": .strings(pack.selectedSubcategories),
        "counts": pack.counts.json, "token_estimate": pack.tokenEstimate,
      ])
    }
    return [
      "run_id": .string(run), "packs": .array(packs),
      "next": numbers.count > limit ? .integer(Int(numbers[limit - 1])) : .null,
    ]
  }
}
