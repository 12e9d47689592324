package import Essentials

/// A record of a decision that cannot be read back.
package enum WorldRecordFailure: ExplainedFailure, Hashable {
  /// A member is not there, by the path to it.
  case missing(String)
  /// A member is not what it has to be.
  case wrong(String, expected: String)
  /// A member that no record has.
  case unknown(String)

  package var key: String { "bad_world_record" }

  package var explanation: String {
    switch self {
    case .missing(let path): "The record has no \(path)."
    case .wrong(let path, let expected): "In the record, \(path) is not \(expected)."
    case .unknown(let path): "The record has a member \(path) that means nothing here."
    }
  }

  package var remedy: String {
    "Hand in a record as it was written; records are not edited."
  }

  package var outcome: FailureOutcome { .integrityViolated }
}
