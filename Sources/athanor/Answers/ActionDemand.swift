import Essentials
import Research

/// A failure that a person can mend at an address of the web.
struct ActionDemand: ExplainedFailure {
  /// What the person opens.
  let actionURL: String
  /// What to do there and afterwards.
  let hint: String
  let explanation: String

  /// What BRAIN demands, or nil where `failure` is none of its demands for a face.
  init?(_ failure: BrainFailure) {
    guard case .personMustAct(let persona) = failure else { return nil }
    actionURL = persona.actionURL
    hint = persona.hint
    explanation = failure.explanation
  }

  var key: String { "manual_action_required" }
  var remedy: String { hint }
  var outcome: FailureOutcome { .personMustAct }
}
