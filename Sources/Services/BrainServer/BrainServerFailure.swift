package import Essentials

/// Why a BRAIN-compatible server cannot begin.
package enum BrainServerFailure: ExplainedFailure, Hashable {
  case unreadableAlpha(path: String)

  package var key: String { "unreadable_alpha" }

  package var explanation: String {
    switch self {
    case .unreadableAlpha(let path): "The file \(path) is not an alpha of this server."
    }
  }

  package var remedy: String { "Move the file away, or name another folder for the alphas." }
  package var outcome: FailureOutcome { .integrityViolated }
}
