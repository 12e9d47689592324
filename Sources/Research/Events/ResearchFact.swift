package import Essentials

/// What happened in research, beside what happened to its budget.
package enum ResearchFact: Hashable, Sendable {
  /// The notes that an idea is asked for, by the names of what they hold.
  case ideaStarted(inputKeys: [String])
  case ideaGenerated(IdeaSpec)
  case ideaParseFailed(ParseDefect)
  case ideaRepairAttempted(attempt: Int)
  case packBuilt(PackFacts)
  case alphaStarted(CandidateCounts)
  /// A candidate was proposed; its novelty is against everything known, nil where nobody measured.
  case alphaGenerated(CandidateFacts, novelty: Double?)
  case alphaParseFailed(ParseDefect)
  case alphaRepairAttempted(attempt: Int)
  case fallbackApplied(FallbackStep)
  case validationHandoff(CandidateFacts)
  case validationStarted(CandidateFacts, ValidationTerms)
  /// A text of the candidate checks: the proposed one at attempt 0, a repaired one after it.
  case validationPassed(CandidateFacts, attempt: Int)
  /// A text of the candidate does not check: the proposed one at attempt 0, a repaired one after it.
  case validationFailed(CandidateFacts, ValidationDefeat)
  case retryStarted(CandidateFacts, RepairOrder)
  case retrievalExpanded(CandidateFacts, RetrievalExpansion)
  case retryAborted(CandidateFacts, RepairSurrender)
  /// Events stand in an order that they must not have, a sentence for each violation.
  case orderViolated([String])
  case simulationEnqueued(SimulationTicket)
  case simulationStarted(SimulationTicket)
  /// How far a simulation is, in [0, 1], nil where the simulator did not say; and its own words.
  case simulationProgress(SimulationTicket, progress: Double?, raw: JSONValue)
  case simulationCompleted(SimulationResultFacts)
  /// A simulation ended without a result: a stable name of the reason, and a sentence.
  case simulationFailed(SimulationTicket, code: String, detail: String)
  /// The same settings and formula were simulated before.
  case simulationDuplicate(SimulationTicket)
  case simulationBlocked(SimulationTicket, errorCodes: [String])
  case simulationSkipped(SimulationTicket)
  case recordsetsUnavailable(SimulationTicket, error: String)
  case evaluationCompleted(EvaluationFacts)
  /// What a candidate's figures are worth beside all that was tried, as the document of its report, and
  /// whether it was accepted.
  case trustAssessed(CandidateFacts, trust: JSONValue, isAccepted: Bool)
  case childCreated(MutationFacts)
  case candidateDropped(CandidateFacts, reason: String)
  case runSummary(RunOutcome)
  case jobQueued(ControlJobFacts)
  case jobStarted(ControlJobFacts)
  case jobCompleted(ControlJobFacts)
  case jobFailed(ControlJobFacts)
  case jobCancelled(ControlJobFacts)
  /// Counts by what was counted, an object.
  case metadataSynced(JSONValue)
  case cycleCompleted(JSONValue)

  /// The event's name.
  package var kind: ResearchEventKind {
    switch self {
    case .ideaStarted: .ideaStarted
    case .ideaGenerated: .ideaGenerated
    case .ideaParseFailed: .ideaParseFailed
    case .ideaRepairAttempted: .ideaRepairAttempted
    case .packBuilt: .packBuilt
    case .alphaStarted: .alphaStarted
    case .alphaGenerated: .alphaGenerated
    case .alphaParseFailed: .alphaParseFailed
    case .alphaRepairAttempted: .alphaRepairAttempted
    case .fallbackApplied: .fallbackApplied
    case .validationHandoff: .validationHandoff
    case .validationStarted: .validationStarted
    case .validationPassed(_, let attempt): attempt == 0 ? .validationPassed : .retryPassed
    case .validationFailed(_, let defeat): defeat.attempt == 0 ? .validationFailed : .retryFailed
    case .retryStarted: .retryStarted
    case .retrievalExpanded: .retrievalExpanded
    case .retryAborted: .retryAborted
    case .orderViolated: .orderViolated
    case .simulationEnqueued: .simulationEnqueued
    case .simulationStarted: .simulationStarted
    case .simulationProgress: .simulationProgress
    case .simulationCompleted: .simulationCompleted
    case .simulationFailed: .simulationFailed
    case .simulationDuplicate: .simulationDuplicate
    case .simulationBlocked: .simulationBlocked
    case .simulationSkipped: .simulationSkipped
    case .recordsetsUnavailable: .recordsetsUnavailable
    case .evaluationCompleted: .evaluationCompleted
    case .trustAssessed: .trustAssessed
    case .childCreated: .childCreated
    case .candidateDropped: .candidateDropped
    case .runSummary: .runSummary
    case .jobQueued: .jobQueued
    case .jobStarted: .jobStarted
    case .jobCompleted: .jobCompleted
    case .jobFailed: .jobFailed
    case .jobCancelled: .jobCancelled
    case .metadataSynced: .metadataSynced
    case .cycleCompleted: .cycleCompleted
    }
  }

  /// The candidate that the event is about, nil where it is about none.
  package var candidate: CandidateFacts? {
    switch self {
    case .alphaGenerated(let candidate, _), .validationHandoff(let candidate),
      .validationStarted(let candidate, _), .validationPassed(let candidate, _),
      .validationFailed(let candidate, _), .retryStarted(let candidate, _),
      .retrievalExpanded(let candidate, _), .retryAborted(let candidate, _),
      .candidateDropped(let candidate, _), .trustAssessed(let candidate, _, _):
      candidate
    case .simulationEnqueued(let ticket), .simulationStarted(let ticket),
      .simulationProgress(let ticket, _, _), .simulationFailed(let ticket, _, _),
      .simulationDuplicate(let ticket), .simulationBlocked(let ticket, _),
      .simulationSkipped(let ticket), .recordsetsUnavailable(let ticket, _):
      ticket.candidate
    case .simulationCompleted(let result): result.ticket.candidate
    case .childCreated(let mutation): mutation.child
    default: nil
    }
  }

  /// The job that the event is about, nil where it is about none.
  package var job: ControlJobFacts? {
    switch self {
    case .jobQueued(let job), .jobStarted(let job), .jobCompleted(let job), .jobFailed(let job),
      .jobCancelled(let job):
      job
    default: nil
    }
  }

  /// How much attention the event asks for.
  package var severity: EventSeverity {
    if case .runSummary(let outcome) = self {
      return outcome.validationPassed == false || outcome.eventOrderViolation ? .warn : .info
    }
    return kind.severity
  }
}
