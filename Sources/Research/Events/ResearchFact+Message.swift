extension ResearchFact {
  /// What happened, in one sentence for a person.
  package var message: String {
    switch self {
    case .ideaStarted(let keys): "An idea is asked for from \(Self.list(keys, "no notes"))."
    case .ideaGenerated(let idea): Self.sentence("Idea: \(idea.hypothesis)")
    case .ideaParseFailed(let defect):
      Self.sentence("Answer \(defect.attempt) holds no idea that can be read: \(defect.detail)")
    case .ideaRepairAttempted(let attempt): "The idea is asked for again, attempt \(attempt)."
    case .packBuilt(let pack):
      "Found \(pack.counts.fields) fields and \(pack.counts.operators) operators in "
        + "\(Self.list(pack.selectedSubcategories, "no subcategory"))."
    case .alphaStarted(let counts):
      "An alpha is asked for from \(counts.fields) fields and \(counts.operators) operators."
    case .alphaGenerated(let candidate, _): "Proposed \(Self.shown(candidate))."
    case .alphaParseFailed(let defect):
      Self.sentence("Answer \(defect.attempt) holds no alpha that can be read: \(defect.detail)")
    case .alphaRepairAttempted(let attempt): "The alpha is asked for again, attempt \(attempt)."
    case .fallbackApplied(let step):
      "The prompt's \(step.phase) were cut, to \(step.promptTokens) tokens of "
        + "\(step.maxPromptTokens)."
    case .validationHandoff(let candidate): "\(Self.shown(candidate)) is handed to validation."
    case .validationStarted(let candidate, let terms):
      "Validation of \(Self.shown(candidate)) begins, with \(terms.maxRepairAttempts) repairs "
        + "at most."
    case .validationPassed(let candidate, let attempt):
      attempt == 0
        ? "\(Self.shown(candidate)) is valid."
        : "Repair \(attempt) is valid: \(Self.shown(candidate))."
    case .validationFailed(_, let defeat):
      (defeat.attempt == 0 ? "The formula" : "Repair \(defeat.attempt)")
        + " is not valid: \(Self.list(defeat.errorCodes, "no reason given"))."
    case .retryStarted(_, let order): "Repair \(order.attempt) begins."
    case .retrievalExpanded(_, let expansion):
      "The candidates grow from \(expansion.before.fields) to \(expansion.after.fields) fields, "
        + "after \(expansion.repeatCount) equal errors."
    case .retryAborted(_, let surrender):
      "Repair is given up after \(surrender.repeatCount) equal errors."
    case .orderViolated(let violations): Self.list(violations, "Events are out of order.")
    case .simulationEnqueued(let ticket): "\(Self.shown(ticket.candidate)) waits for simulation."
    case .simulationStarted(let ticket): "Simulation of \(Self.shown(ticket.candidate)) begins."
    case .simulationProgress(_, let progress, _):
      progress.map { "Simulation is at \(Int(($0 * 100).rounded())) %." }
        ?? "Simulation goes on."
    case .simulationCompleted(let result):
      "Simulated \(Self.shown(result.ticket.candidate))"
        + (result.metrics.sharpe.map { ", Sharpe ratio \(Self.hundredths($0))." } ?? ".")
    case .simulationFailed(_, let code, let detail):
      Self.sentence("Simulation failed, \(code): \(detail)")
    case .simulationDuplicate(let ticket):
      "\(Self.shown(ticket.candidate)) was simulated before and is not simulated again."
    case .simulationBlocked(let ticket, _):
      "\(Self.shown(ticket.candidate)) is not valid and is not simulated."
    case .simulationSkipped(let ticket):
      "\(Self.shown(ticket.candidate)) is not simulated, as was asked for."
    case .recordsetsUnavailable(_, let error): Self.sentence("Record sets cannot be had: \(error)")
    case .evaluationCompleted(let evaluation):
      "\(evaluation.passed) of \(evaluation.total) alphas passed."
    case .trustAssessed(let candidate, _, let isAccepted):
      "\(Self.shown(candidate)) is \(isAccepted ? "accepted" : "not accepted")."
    case .childCreated(let mutation):
      "Child \(mutation.index + 1) of \(mutation.parentAlphaID ?? "a candidate"), "
        + "for \(mutation.failureLabel): \(Self.shown(mutation.child))."
    case .candidateDropped(let candidate, let reason):
      Self.sentence("\(Self.shown(candidate)) is dropped: \(reason)")
    case .runSummary(let outcome):
      "The run ended: \(outcome.simulated) simulated, \(outcome.accepted) accepted"
        + (outcome.cost.map { ", for \($0)." } ?? ".")
    case .jobQueued(let job): "Job \(job.action) waits."
    case .jobStarted(let job): "Job \(job.action) begins."
    case .jobCompleted(let job): "Job \(job.action) is done."
    case .jobFailed(let job):
      Self.sentence("Job \(job.action) failed" + (job.error.map { ": \($0)" } ?? ""))
    case .jobCancelled(let job): "Job \(job.action) was cancelled."
    case .metadataSynced: "The catalogue was brought up to date."
    case .cycleCompleted: "A cycle of research is complete."
    }
  }

  private static func sentence(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }

  private static func list(_ words: [String], _ none: String) -> String {
    words.isEmpty ? none : words.joined(separator: ", ")
  }

  /// A longer formula is shown by its beginning.
  private static let shownMax = 120

  private static func shown(_ candidate: CandidateFacts) -> String {
    guard let text = candidate.formula?.text, !text.isEmpty else {
      return candidate.key.isEmpty ? "the candidate" : "candidate \(candidate.key)"
    }
    return text.count <= shownMax ? text : text.prefix(shownMax) + "…"
  }

  /// A number with two decimals.
  private static func hundredths(_ number: Double) -> String {
    guard number.magnitude < 1e12 else { return number.description }
    let hundredths = Int((number.magnitude * 100).rounded())
    let decimals = hundredths % 100
    return (number < 0 && hundredths > 0 ? "-" : "") + "\(hundredths / 100)."
      + (decimals < 10 ? "0" : "") + "\(decimals)"
  }
}
