package import Essentials

/// Why a BRAIN-compatible server cannot begin.
package enum BrainServerFailure: ExplainedFailure, Hashable {
  case unreadableAlpha(path: String)
  /// A line of the record of simulations, counted from 1.
  case unreadableLog(path: String, line: Int)
  /// Another server keeps its alphas there.
  case folderInUse(String)

  package var key: String {
    switch self {
    case .unreadableAlpha: "unreadable_alpha"
    case .unreadableLog: "unreadable_simulations"
    case .folderInUse: "alphas_in_use"
    }
  }

  package var explanation: String {
    switch self {
    case .unreadableAlpha(let path): "The file \(path) is not an alpha of this server."
    case .unreadableLog(let path, let line):
      "Line \(line) of \(path) is no record of a simulation."
    case .folderInUse(let path): "Another server keeps its alphas in \(path)."
    }
  }

  package var remedy: String {
    switch self {
    case .unreadableAlpha, .unreadableLog:
      "Move the file away, or name another folder with --alphas."
    case .folderInUse: "Stop it, or name another folder with --alphas."
    }
  }

  package var outcome: FailureOutcome {
    if case .folderInUse = self { .refused } else { .integrityViolated }
  }
}
