/// The names of everything that research records beside what its budget records.
///
/// Each event has one name. Names that other programs gave the same thing are understood when a log
/// is read, and are never written.
package enum ResearchEventKind: String, Hashable, Sendable, CaseIterable {
  case ideaStarted = "agent.idea_started"
  case ideaGenerated = "agent.idea_generated"
  case ideaParseFailed = "agent.idea_parse_failed"
  case ideaRepairAttempted = "agent.idea_repair_attempted"
  case packBuilt = "retrieval.pack_built"
  case alphaStarted = "agent.alpha_started"
  case alphaGenerated = "agent.alpha_generated"
  case alphaParseFailed = "agent.alpha_parse_failed"
  case alphaRepairAttempted = "agent.alpha_repair_attempted"
  case fallbackApplied = "budget.fallback_applied"
  case validationHandoff = "agent.validation_handoff"
  case validationStarted = "validation.started"
  case validationPassed = "validation.passed"
  case validationFailed = "validation.failed"
  case retryStarted = "validation.retry_started"
  case retryPassed = "validation.retry_passed"
  case retryFailed = "validation.retry_failed"
  case retrievalExpanded = "validation.retrieval_expanded"
  case retryAborted = "validation.retry_aborted_repeated_error"
  case orderViolated = "validation.event_order_violation"
  case simulationEnqueued = "simulation.enqueued"
  case simulationStarted = "simulation.started"
  case simulationProgress = "simulation.progress"
  case simulationCompleted = "simulation.completed"
  case simulationFailed = "simulation.failed"
  case simulationDuplicate = "simulation.skipped_duplicate"
  case simulationBlocked = "simulation.blocked_validation"
  case simulationSkipped = "simulation.skipped_by_option"
  case recordsetsUnavailable = "simulation.recordsets_unavailable"
  case evaluationCompleted = "evaluation.completed"
  case trustAssessed = "evaluation.trust_assessed"
  case childCreated = "mutation.child_created"
  case candidateDropped = "candidate.dropped"
  case runSummary = "run.summary"
  case jobQueued = "control.job_queued"
  case jobStarted = "control.job_started"
  case jobCompleted = "control.job_completed"
  case jobFailed = "control.job_failed"
  case jobCancelled = "control.job_cancelled"
  case metadataSynced = "metadata.synced"
  case cycleCompleted = "pipeline.cycle_completed"

  /// Names in older logs, and what they mean here.
  package static let aliases: [String: ResearchEventKind] = [
    "simulation_completed": .simulationCompleted,
    "simulation_skipped_duplicate": .simulationDuplicate,
    "metadata_sync": .metadataSynced,
    "cycle_completed": .cycleCompleted,
  ]

  /// The kind of that name or older name, nil where it is none of research.
  package init?(name: String) {
    guard let kind = Self(rawValue: name) ?? Self.aliases[name] else { return nil }
    self = kind
  }

  /// The stage of research that the event belongs to.
  package var stage: String {
    switch self {
    case .ideaStarted, .ideaGenerated, .ideaParseFailed, .ideaRepairAttempted: "idea_research"
    case .packBuilt: "retrieval"
    case .alphaStarted, .alphaGenerated, .alphaParseFailed, .alphaRepairAttempted: "alpha_maker"
    case .fallbackApplied: "budget"
    case .validationHandoff, .validationStarted, .validationPassed, .validationFailed,
      .retryStarted, .retryPassed, .retryFailed, .retrievalExpanded, .retryAborted, .orderViolated:
      "validation"
    case .simulationEnqueued, .simulationStarted, .simulationProgress, .simulationCompleted,
      .simulationFailed, .simulationDuplicate, .simulationBlocked, .simulationSkipped,
      .recordsetsUnavailable:
      "simulation"
    case .evaluationCompleted, .trustAssessed: "evaluation"
    case .childCreated, .candidateDropped: "feedback"
    case .runSummary: "summary"
    case .jobQueued, .jobStarted, .jobCompleted, .jobFailed, .jobCancelled: "control"
    case .metadataSynced: "metadata_sync"
    case .cycleCompleted: "pipeline_cycle"
    }
  }

  /// How much attention the event asks for, where its payload does not decide that.
  package var severity: EventSeverity {
    switch self {
    case .ideaParseFailed, .alphaParseFailed, .simulationFailed, .jobFailed: .error
    case .ideaRepairAttempted, .alphaRepairAttempted, .fallbackApplied, .validationFailed,
      .retryFailed, .retrievalExpanded, .retryAborted, .orderViolated, .simulationBlocked,
      .simulationSkipped, .recordsetsUnavailable, .jobCancelled:
      .warn
    default: .info
    }
  }
}

/// How much attention an event asks for.
package enum EventSeverity: String, Hashable, Sendable, CaseIterable {
  case info, warn, error
}
