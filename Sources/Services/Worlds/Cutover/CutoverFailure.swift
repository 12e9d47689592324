package import Essentials
package import Worlds

/// Why a run cannot be begun or carried on.
package enum CutoverFailure: ExplainedFailure {
  case refused(CutoverRefusal)
  /// What was recorded of the run cannot be understood.
  case unreadable(CutoverRecordFailure)
  /// What happens cannot be recorded, so nothing more is done; it can be taken up later.
  case records(any ExplainedFailure)

  private var cause: any ExplainedFailure {
    switch self {
    case .refused(let refusal): refusal
    case .unreadable(let failure): failure
    case .records(let failure): failure
    }
  }

  package var key: String { cause.key }
  package var explanation: String { cause.explanation }
  package var remedy: String { cause.remedy }
  package var outcome: FailureOutcome { cause.outcome }
}
