import Essentials

@testable import Research
@testable import Storage

/// One event of each kind, and journal events out of drafts.
enum EventSamples {
  /// 2026-11-20T00:00:00Z, a Friday.
  static let friday = Timestamp(millisecondsSinceEpoch: 1_795_132_800_000)

  private static let noChain = DigestBytes(hexadecimal: String(repeating: "0", count: 64))!

  static func second(_ seconds: Double) -> Timestamp {
    Timestamp(
      millisecondsSinceEpoch: friday.millisecondsSinceEpoch + Int64((seconds * 1000).rounded()))
  }

  static func stored(_ draft: JournalDraft, seq: Int64 = 1) -> JournalEvent {
    JournalEvent(
      seq: seq, at: draft.at, run: draft.run, world: draft.world, subject: draft.subject,
      kind: draft.kind, cause: nil, version: draft.version,
      payloadText: draft.payload.compactText, chain: noChain)
  }

  static func stored(_ kind: String, _ payload: JSONValue, seq: Int64 = 1) -> JournalEvent {
    stored(JournalDraft(kind, at: friday, run: "r1", payload: payload), seq: seq)
  }

  static func stored(_ event: BudgetEvent, seq: Int64 = 1) -> JournalEvent {
    stored(
      JournalDraft(
        event.kind, at: event.at, run: event.run ?? "", subject: event.idea ?? "",
        payload: event.payload), seq: seq)
  }

  static var candidate: CandidateFacts {
    var candidate = CandidateFacts(
      key: "0123456789abcdef", lane: .explore,
      formula: .init(text: "rank( close )", canonical: "rank(close)", fingerprint: "ab12"))
    candidate.usedFields = ["close"]
    candidate.usedOperators = ["rank"]
    candidate.usedSubcategories = ["pv-price"]
    candidate.lineage = .init(parent: "p", root: "p", generation: 1)
    return candidate
  }

  static var ticket: SimulationTicket {
    SimulationTicket(
      candidate: candidate, validationPassed: true, validationAttempts: 2, fingerprint: "cd34",
      mode: "multi", candidateCount: 3)
  }

  static var pack: RetrievalPack {
    var pack = RetrievalPack(ideaID: "i1", query: "earnings surprise")
    pack.selectedSubcategories = ["earnings", "analyst"]
    pack.fields = [
      .init(id: "eps", datasetID: "d1", type: "MATRIX", lane: .exploit, score: 0.5)
    ]
    pack.visualGraph = [
      "version": "v1", "nodes": .array(["idea:i1", "field:eps"]), "edges": .array([]),
    ]
    return pack
  }

  static var metrics: RecordedMetrics {
    RecordedMetrics(["sharpe": .number(1.5), "coverage": .null, "margin": .number(0.25)])
  }

  static var result: SimulationResultFacts {
    var ticket = ticket
    ticket.candidate.alphaID = "a1"
    return SimulationResultFacts(
      ticket: ticket, metrics: metrics, panel: ["name": "p", "fingerprint": "ef56"],
      settings: ["delay": 1], recordsets: ["pnl"])
  }

  static var fallback: FallbackStep {
    var step = FallbackStep(
      phase: "fields", factor: 0.85, count: 1, promptTokens: 15_000, completionTokens: 1600,
      maxPromptTokens: 12_000, maxCompletionTokens: 1600)
    step.exceeded = ["request_prompt"]
    step.laneRatio = ["explore_ratio": .number(0.32)]
    step.coverage = 4
    step.novelty = 1
    return step
  }

  static var outcome: RunOutcome {
    var outcome = RunOutcome()
    outcome.validationPassed = true
    outcome.validationAttempts = 2
    outcome.errorCodes = ["unknown_field"]
    outcome.simulated = 3
    outcome.evaluated = 3
    outcome.alphaIDs = ["a1", "a2", "a3"]
    outcome.accepted = 2
    outcome.tokens = 20_000
    outcome.cost = NanoDollars(34_000_000)
    return outcome
  }

  static var job: ControlJobFacts {
    var job = ControlJobFacts(jobID: "j1", action: "run-alpha-maker")
    job.runID = "run"
    job.parameters = ["seed": 3]
    job.requestedBy = "ada"
    job.idempotencyKey = "k1"
    job.request = "0a1b"
    job.attempt = 1
    job.process = ["pid": 7]
    job.reason = "timed_out"
    job.returnCode = 0
    job.result = ["ok": .bool(true)]
    job.artifacts = ["idea": "idea.json"]
    return job
  }

  /// One fact of each kind, in the order of the kinds.
  static var facts: [ResearchFact] {
    var idea = IdeaSpec(ideaID: "i1", hypothesis: "Surprises drift.")
    idea.candidateSubcategories = ["earnings"]
    idea.keywordsForRetrieval = ["surprise"]
    let counts = CandidateCounts(pack)
    var failed = job
    failed.error = "no such file"
    func defeat(_ attempt: Int) -> ValidationDefeat {
      ValidationDefeat(
        attempt: attempt, errorCodes: ["unknown_field"], errors: ["clse is no field."],
        repeatCount: 1)
    }
    return [
      .ideaStarted(inputKeys: ["overview"]), .ideaGenerated(idea),
      .ideaParseFailed(ParseDefect(code: "no_json", detail: "Prose.", attempt: 1)),
      .ideaRepairAttempted(attempt: 2),
      .packBuilt(
        PackFacts(pack, available: .init(subcategories: 20, targets: 2), output: "p.json")),
      .alphaStarted(counts), .alphaGenerated(candidate, novelty: 0.75),
      .alphaParseFailed(ParseDefect(code: "no_json", detail: "Prose.", attempt: 1)),
      .alphaRepairAttempted(attempt: 2), .fallbackApplied(fallback),
      .validationHandoff(candidate),
      .validationStarted(
        candidate, ValidationTerms(maxRepairAttempts: 3, stopsOnRepeatedError: true)),
      .validationPassed(candidate, attempt: 0), .validationFailed(candidate, defeat(0)),
      .retryStarted(
        candidate,
        RepairOrder(attempt: 1, instruction: "Name a field.", instructionJSON: ["attempt": 1])),
      .validationPassed(candidate, attempt: 1), .validationFailed(candidate, defeat(1)),
      .retrievalExpanded(
        candidate,
        RetrievalExpansion(attempt: 2, repeatCount: 2, threshold: 2, before: counts, after: counts)),
      .retryAborted(
        candidate,
        RepairSurrender(attempt: 2, repeatCount: 2, threshold: 2, errorCodes: ["unknown_field"])),
      .orderViolated(["validation.passed comes too early."]),
      .simulationEnqueued(ticket), .simulationStarted(ticket),
      .simulationProgress(ticket, progress: 0.5, raw: ["progress": .number(0.5)]),
      .simulationCompleted(result),
      .simulationFailed(ticket, code: "timed_out", detail: "No answer."),
      .simulationDuplicate(ticket), .simulationBlocked(ticket, errorCodes: ["unknown_field"]),
      .simulationSkipped(ticket), .recordsetsUnavailable(ticket, error: "not JSON"),
      .evaluationCompleted(
        EvaluationFacts([
          ScoreLine(alphaID: "a1", passed: true, score: 1.25, reasons: [], metrics: metrics),
          ScoreLine(
            alphaID: "a2", passed: false, score: nil, reasons: ["sharpe<1.25"],
            metrics: RecordedMetrics(.null)),
        ])),
      .trustAssessed(candidate, trust: ["verdict": "doubtful"], isAccepted: true),
      .childCreated(
        MutationFacts(
          child: candidate, parentAlphaID: "a1", index: 0, source: "parameter_search",
          failureLabel: "LOW_SHARPE", failureActions: ["winsorize"], reasons: ["sharpe<1.25"])),
      .candidateDropped(candidate, reason: "A twin is better."), .runSummary(outcome),
      .jobQueued(job), .jobStarted(job), .jobCompleted(job), .jobFailed(failed),
      .jobCancelled(job), .metadataSynced(["fields": 12]), .cycleCompleted(["alphas": 3]),
    ]
  }
}
