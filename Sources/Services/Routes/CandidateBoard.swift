package import Essentials
import Research
package import Storage

/// The candidates of a run, as a fold of its events told one by one.
///
/// An event costs the parsing of its payload and a few look-ups; a judgment as many as it has cards.
/// An event that cannot be read changes nothing but ``unreadableCount``. Of a run with more than
/// ``candidatesMax`` candidates the first ones are kept and the others counted.
package struct CandidateBoard: Hashable, Sendable {
  /// A child and the parent that it was made from. A parent always appeared before its child, so
  /// the edges of a run never close a circle, whatever its events say.
  package struct Edge: Hashable, Sendable {
    package let parent: String
    package let child: String
    /// How it was made, such as `parameter_search`.
    package let source: String
    /// The event that says so.
    package let seq: Int64
  }

  package let run: String
  package private(set) var lastSeq: Int64 = 0
  package private(set) var unreadableCount = 0
  /// Candidates beyond ``candidatesMax``, each counted where it was proposed.
  package private(set) var omittedCount = 0
  /// In the order in which they appeared.
  package private(set) var candidates: [RunCandidate] = []
  package private(set) var edges: [Edge] = []
  /// The events that tell from which packs the candidates were proposed, the first ``packsMax``.
  package private(set) var packs: [Int64] = []
  private var places: [String: Int] = [:]
  /// The candidates that bear the name of an alpha.
  private var placesOfAlpha: [String: [Int]] = [:]
  /// Settings and panels, each kept once however many candidates have it.
  private var documents: Set<JSONValue> = []
  /// The panel that the run began on, with `name` and `fingerprint`, null where it did not say.
  package private(set) var startPanel = JSONValue.null

  /// More than a campaign makes in a day; about a kilobyte each.
  package static let candidatesMax = 65_536
  /// More than a run has ideas.
  package static let packsMax = 4096
  /// Candidates that share one alpha's name beyond this many are not told its judgment.
  private static let sharersMax = 64

  package init(run: String) {
    self.run = run
  }

  /// The candidate of a key, nil where the run has none.
  package subscript(key: String) -> RunCandidate? {
    places[key].map { candidates[$0] }
  }

  /// Takes in the next event of the run; one of another run, or that was told already, makes no
  /// difference.
  package mutating func take(_ stored: JournalEvent) {
    guard stored.run == run, stored.seq > lastSeq else { return }
    lastSeq = stored.seq
    if stored.kind == "run.started" {
      startPanel = stored.payload?["panel"] ?? .null
      return
    }
    // Neither the budget nor another room says anything of candidates.
    guard let kind = ResearchEventKind(name: stored.kind) else { return }
    if kind == .packBuilt {
      if packs.count < Self.packsMax { packs.append(stored.seq) }
      return
    }
    switch RecordedEvent(stored) {
    case .research(let event): take(event, stored)
    case .budget, .foreign: break
    case .unreadable: unreadableCount += 1
    }
  }

  // MARK: - The steps

  private mutating func take(_ event: ResearchEvent, _ stored: JournalEvent) {
    if case .evaluationCompleted(let evaluation) = event.fact {
      judge(evaluation, stored.seq)
      return
    }
    guard let facts = event.fact.candidate else { return }
    let key = facts.key.isEmpty ? stored.subject : facts.key
    guard !key.isEmpty, let place = place(of: key, event.fact, stored.seq) else { return }
    note(facts, event.idea, at: place, stored.seq)
    move(place, by: event.fact, stored)
  }

  private mutating func place(
    of key: String, _ fact: ResearchFact, _ seq: Int64
  ) -> Int? {
    if let place = places[key] { return place }
    guard candidates.count < Self.candidatesMax else {
      switch fact {
      case .alphaGenerated, .childCreated: omittedCount += 1
      default: break
      }
      return nil
    }
    places[key] = candidates.count
    candidates.append(RunCandidate(key: key, seq: seq))
    return candidates.count - 1
  }

  /// Takes what every event says of its candidate.
  private mutating func note(
    _ facts: CandidateFacts, _ idea: String, at place: Int, _ seq: Int64
  ) {
    candidates[place].lastSeq = seq
    if !idea.isEmpty { candidates[place].idea = idea }
    if let lane = facts.lane { candidates[place].lane = lane }
    if let formula = facts.formula { candidates[place].formula = formula }
    if facts.lineage != CandidateFacts.Lineage() { candidates[place].lineage = facts.lineage }
    if let alpha = facts.alphaID, candidates[place].alphaID != alpha {
      candidates[place].alphaID = alpha
      if placesOfAlpha[alpha, default: []].count < Self.sharersMax {
        placesOfAlpha[alpha, default: []].append(place)
      }
    }
  }

  private mutating func move(_ place: Int, by fact: ResearchFact, _ stored: JournalEvent) {
    switch fact {
    case .alphaGenerated: candidates[place].state = .proposed
    case .childCreated(let mutation):
      candidates[place].state = .proposed
      link(place, mutation, stored.seq)
    case .validationStarted: candidates[place].state = .validating
    case .validationPassed(_, let attempt):
      candidates[place].state = .validated
      candidates[place].attempts = attempt + 1
      candidates[place].errors = []
    case .validationFailed(_, let defeat):
      candidates[place].state = .rejected
      candidates[place].attempts = defeat.attempt + 1
      candidates[place].errors = defeat.errors.isEmpty ? defeat.errorCodes : defeat.errors
    case .retryStarted: candidates[place].state = .repairing
    case .retryAborted: candidates[place].state = .rejected
    case .candidateDropped(_, let reason): drop(place, reason)
    case .simulationEnqueued(let ticket): queue(place, ticket, .queued)
    case .simulationStarted(let ticket): queue(place, ticket, .simulating)
    case .simulationProgress(let ticket, _, _): queue(place, ticket, .simulating)
    case .simulationDuplicate:
      // The first of equal candidates may bear the same key, and it is simulated.
      switch candidates[place].state {
      case .queued, .simulating, .simulated, .failed: break
      default: candidates[place].state = .duplicate
      }
    case .simulationBlocked(let ticket, let codes):
      candidates[place].state = .rejected
      count(ticket, at: place)
      if candidates[place].errors.isEmpty { candidates[place].errors = codes }
    case .simulationFailed(let ticket, let code, let detail):
      queue(place, ticket, .failed)
      candidates[place].errors = [detail.isEmpty ? code : detail]
    case .simulationCompleted(let result):
      queue(place, result.ticket, .simulated)
      complete(place, result, stored)
    default: break
    }
  }

  private mutating func queue(
    _ place: Int, _ ticket: SimulationTicket, _ state: RunCandidate.State
  ) {
    candidates[place].state = state
    count(ticket, at: place)
  }

  private mutating func count(_ ticket: SimulationTicket, at place: Int) {
    candidates[place].attempts = max(candidates[place].attempts, ticket.validationAttempts)
  }

  /// One that was rejected stays so: being dropped is what follows from it.
  private mutating func drop(_ place: Int, _ reason: String) {
    if candidates[place].state != .rejected { candidates[place].state = .dropped }
    if candidates[place].errors.isEmpty, !reason.isEmpty { candidates[place].errors = [reason] }
  }

  private mutating func link(_ place: Int, _ mutation: MutationFacts, _ seq: Int64) {
    candidates[place].mutationSource = mutation.source
    guard let parent = mutation.child.lineage.parent, let earlier = places[parent],
      earlier < place
    else { return }
    edges.append(
      Edge(parent: parent, child: candidates[place].key, source: mutation.source, seq: seq))
  }

  private mutating func complete(
    _ place: Int, _ result: SimulationResultFacts, _ stored: JournalEvent
  ) {
    candidates[place].errors = []
    candidates[place].metrics = result.metrics
    candidates[place].panel = shared(result.panel == .null ? startPanel : result.panel)
    candidates[place].settings = shared(result.settings)
    // Simulations outside of research are judged at once, and say so.
    let payload = stored.payload ?? .null
    if let trials = payload["trials"] {
      candidates[place].trust = [
        "trials": trials, "deflated_sharpe": payload["deflated_sharpe"] ?? .null,
      ]
    }
  }

  private mutating func judge(_ evaluation: EvaluationFacts, _ seq: Int64) {
    for card in evaluation.scorecards {
      for place in placesOfAlpha[card.alphaID] ?? [] {
        candidates[place].passed = card.passed
        candidates[place].score = card.score
        candidates[place].errors = card.reasons
        candidates[place].lastSeq = seq
      }
    }
  }

  /// The document, sharing its memory with an equal one.
  private mutating func shared(_ document: JSONValue) -> JSONValue {
    guard document != .null, documents.count < Self.candidatesMax else { return document }
    return documents.insert(document).memberAfterInsert
  }
}

extension CandidateBoard: RunFold {}
