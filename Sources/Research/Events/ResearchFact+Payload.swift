import Essentials

extension ResearchFact {
  /// The members of the payload but for `idea_id`.
  var members: [JSONValue.Member] {
    switch self {
    case .ideaStarted(let keys): [.init("input_keys", .strings(keys))]
    case .ideaGenerated(let idea):
      [
        .init("candidate_subcategories", .strings(idea.candidateSubcategories)),
        .init("keywords_for_retrieval", .strings(idea.keywordsForRetrieval)),
        .init("idea", idea.json),
      ]
    case .ideaParseFailed(let defect), .alphaParseFailed(let defect): defect.json.memberList
    case .ideaRepairAttempted(let attempt), .alphaRepairAttempted(let attempt):
      [.init("attempt", .integer(attempt))]
    case .packBuilt(let pack): pack.json.memberList
    case .alphaStarted(let counts): [.init("retrieval_candidates", counts.json)]
    case .alphaGenerated(let candidate, let novelty):
      candidate.membersWithFingerprint + [.init("novelty", .optional(novelty))]
    case .fallbackApplied(let step): step.json.memberList
    case .validationHandoff(let candidate): candidate.membersWithFingerprint
    case .validationStarted(let candidate, let terms):
      candidate.membersWithFingerprint + terms.json.memberList
    case .validationPassed(let candidate, let attempt):
      candidate.membersWithFingerprint + [
        .init("attempt", .integer(attempt)), .init("error_codes", .array([])),
      ]
    case .validationFailed(let candidate, let defeat):
      candidate.membersWithFingerprint + defeat.json.memberList
    case .retryStarted(let candidate, let order):
      candidate.membersWithFingerprint + order.json.memberList
    case .retrievalExpanded(let candidate, let expansion):
      candidate.membersWithFingerprint + expansion.json.memberList
    case .retryAborted(let candidate, let surrender):
      candidate.membersWithFingerprint + surrender.json.memberList
    case .orderViolated(let violations):
      [
        .init("event_order_violation", .bool(true)), .init("violations", .strings(violations)),
      ]
    case .simulationEnqueued(let ticket), .simulationStarted(let ticket),
      .simulationDuplicate(let ticket), .simulationSkipped(let ticket):
      ticket.json.memberList
    case .simulationProgress(let ticket, let progress, let raw):
      ticket.json.memberList + [.init("progress", .optional(progress)), .init("raw", raw)]
    case .simulationCompleted(let result): result.json.memberList
    case .simulationFailed(let ticket, let code, let detail):
      ticket.json.memberList + [.init("code", .string(code)), .init("detail", .string(detail))]
    case .simulationBlocked(let ticket, let codes):
      ticket.json.memberList + [.init("error_codes", .strings(codes))]
    case .recordsetsUnavailable(let ticket, let error):
      ticket.json.memberList + [.init("error", .string(error))]
    case .evaluationCompleted(let evaluation): evaluation.json.memberList
    case .trustAssessed(let candidate, let trust, let isAccepted):
      candidate.membersWithFingerprint + [
        .init("trust", trust), .init("accepted", .bool(isAccepted)),
      ]
    case .childCreated(let mutation): mutation.json.memberList
    case .candidateDropped(let candidate, let reason):
      candidate.membersWithFingerprint + [.init("reason", .string(reason))]
    case .runSummary(let outcome): outcome.json.memberList
    case .jobQueued(let job), .jobStarted(let job), .jobCompleted(let job), .jobFailed(let job),
      .jobCancelled(let job):
      job.json.memberList
    case .metadataSynced(let counts), .cycleCompleted(let counts): counts.memberList
    }
  }

  /// Reads the payload of a kind; what is wrong is noted by the reader.
  init(_ kind: ResearchEventKind, payload: JSONValue, _ reader: inout DocumentReader) {
    switch kind {
    case .ideaStarted: self = .ideaStarted(inputKeys: reader.texts("input_keys") ?? [])
    case .ideaGenerated: self = .ideaGenerated(Self.idea(&reader))
    case .ideaParseFailed: self = .ideaParseFailed(ParseDefect(reading: &reader))
    case .alphaParseFailed: self = .alphaParseFailed(ParseDefect(reading: &reader))
    case .ideaRepairAttempted: self = .ideaRepairAttempted(attempt: Self.attempt(&reader))
    case .alphaRepairAttempted: self = .alphaRepairAttempted(attempt: Self.attempt(&reader))
    case .packBuilt: self = .packBuilt(PackFacts(reading: &reader))
    case .alphaStarted:
      self = .alphaStarted(
        reader.object("retrieval_candidates", CandidateCounts.init(reading:)) ?? CandidateCounts())
    case .alphaGenerated:
      self = .alphaGenerated(
        CandidateFacts(reading: &reader), novelty: reader.number("novelty", in: 0...1))
    case .fallbackApplied: self = .fallbackApplied(FallbackStep(reading: &reader))
    case .validationHandoff: self = .validationHandoff(CandidateFacts(reading: &reader))
    case .validationStarted:
      self = .validationStarted(
        CandidateFacts(reading: &reader), ValidationTerms(reading: &reader))
    case .validationPassed, .retryPassed:
      self = .validationPassed(
        CandidateFacts(reading: &reader), attempt: Self.attempt(&reader))
    case .validationFailed, .retryFailed:
      self = .validationFailed(
        CandidateFacts(reading: &reader), ValidationDefeat(reading: &reader))
    case .retryStarted:
      self = .retryStarted(CandidateFacts(reading: &reader), RepairOrder(reading: &reader))
    case .retrievalExpanded:
      self = .retrievalExpanded(
        CandidateFacts(reading: &reader), RetrievalExpansion(reading: &reader))
    case .retryAborted:
      self = .retryAborted(CandidateFacts(reading: &reader), RepairSurrender(reading: &reader))
    case .orderViolated: self = .orderViolated(reader.texts("violations") ?? [])
    case .simulationEnqueued: self = .simulationEnqueued(SimulationTicket(reading: &reader))
    case .simulationStarted: self = .simulationStarted(SimulationTicket(reading: &reader))
    case .simulationDuplicate: self = .simulationDuplicate(SimulationTicket(reading: &reader))
    case .simulationSkipped: self = .simulationSkipped(SimulationTicket(reading: &reader))
    case .simulationProgress:
      self = .simulationProgress(
        SimulationTicket(reading: &reader), progress: reader.number("progress", in: 0...1),
        raw: reader.value("raw") ?? .null)
    case .simulationCompleted:
      self = .simulationCompleted(SimulationResultFacts(reading: &reader))
    case .simulationFailed:
      self = .simulationFailed(
        SimulationTicket(reading: &reader), code: reader.line("code") ?? "",
        detail: reader.line("detail") ?? "")
    case .simulationBlocked:
      self = .simulationBlocked(
        SimulationTicket(reading: &reader), errorCodes: reader.texts("error_codes") ?? [])
    case .recordsetsUnavailable:
      self = .recordsetsUnavailable(
        SimulationTicket(reading: &reader), error: reader.line("error") ?? "")
    case .evaluationCompleted: self = .evaluationCompleted(EvaluationFacts(reading: &reader))
    case .trustAssessed:
      self = .trustAssessed(
        CandidateFacts(reading: &reader), trust: reader.value("trust") ?? .null,
        isAccepted: reader.flag("accepted") ?? false)
    case .childCreated: self = .childCreated(MutationFacts(reading: &reader))
    case .candidateDropped:
      self = .candidateDropped(
        CandidateFacts(reading: &reader), reason: reader.line("reason") ?? "")
    case .runSummary: self = .runSummary(RunOutcome(reading: &reader))
    case .jobQueued: self = .jobQueued(ControlJobFacts(reading: &reader))
    case .jobStarted: self = .jobStarted(ControlJobFacts(reading: &reader))
    case .jobCompleted: self = .jobCompleted(ControlJobFacts(reading: &reader))
    case .jobFailed: self = .jobFailed(ControlJobFacts(reading: &reader))
    case .jobCancelled: self = .jobCancelled(ControlJobFacts(reading: &reader))
    case .metadataSynced: self = .metadataSynced(Self.counts(payload))
    case .cycleCompleted: self = .cycleCompleted(Self.counts(payload))
    }
    if self.kind != kind {
      reader.noteContradiction(
        "attempt", "contradicts the name \(kind.rawValue)",
        remedy: "The proposed text is attempt 0, a repaired one has a higher number.")
    }
  }

  private static func attempt(_ reader: inout DocumentReader) -> Int {
    reader.whole("attempt", in: 0...1_000_000) ?? 0
  }

  /// The whole idea, or in older logs what is said of it.
  private static func idea(_ reader: inout DocumentReader) -> IdeaSpec {
    if let idea = reader.object("idea", IdeaSpec.init(reading:)) { return idea }
    var idea = IdeaSpec(ideaID: reader.line("idea_id") ?? "", hypothesis: "")
    idea.candidateSubcategories = reader.texts("candidate_subcategories") ?? []
    idea.keywordsForRetrieval = reader.texts("keywords_for_retrieval") ?? []
    return idea
  }

  private static func counts(_ payload: JSONValue) -> JSONValue {
    .object(payload.memberList.filter { $0.name != "idea_id" })
  }
}
