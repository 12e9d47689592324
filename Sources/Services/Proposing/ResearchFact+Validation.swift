package import AlphaLanguage
import Essentials
package import Research

extension ResearchFact {
  /// The fact of an event of validation; nil for those that only this desk knows.
  package init?(_ event: ValidationEvent, _ candidate: CandidateFacts) {
    switch event {
    case .started(let repairsMax, let stopsOnRepeats, _):
      self = .validationStarted(
        candidate,
        ValidationTerms(maxRepairAttempts: repairsMax, stopsOnRepeatedError: stopsOnRepeats))
    case .passed: self = .validationPassed(candidate, attempt: 0)
    case .retryPassed(let attempt): self = .validationPassed(candidate, attempt: attempt)
    case .failed(let failure), .retryFailed(let failure):
      self = .validationFailed(
        candidate,
        ValidationDefeat(
          attempt: failure.attempt, errorCodes: failure.errorKeys, errors: failure.errors,
          repeatCount: failure.repeatCount))
    case .retryStarted(let attempt, let instruction):
      self = .retryStarted(
        candidate,
        RepairOrder(
          attempt: attempt, instruction: instruction.text, instructionJSON: instruction.json))
    case .retrievalExpanded(let attempt, let repeats, let threshold, let before, let after):
      self = .retrievalExpanded(
        candidate,
        RetrievalExpansion(
          attempt: attempt, repeatCount: repeats, threshold: threshold,
          before: CandidateCounts(before), after: CandidateCounts(after)))
    case .abortedOnRepeats(let attempt, let repeats, let threshold, let keys):
      self = .retryAborted(
        candidate,
        RepairSurrender(
          attempt: attempt, repeatCount: repeats, threshold: threshold, errorCodes: keys))
    case .repairedByTree, .answeredByModel, .expansionRefused, .retryAbandoned: return nil
    }
  }
}

extension CandidateCounts {
  fileprivate init(_ counts: [String: Int]) {
    self.init()
    subcategories = counts["subcategories"] ?? 0
    datasets = counts["datasets"] ?? 0
    fields = counts["fields"] ?? 0
    operators = counts["operators"] ?? 0
  }
}

extension CandidateFacts.Formula {
  /// Says of a formula what pages and the count of trials need.
  package init(_ formula: CheckedFormula) {
    self.init(
      text: formula.source, canonical: formula.canonicalText,
      fingerprint: formula.fingerprint.hexadecimal)
  }
}
