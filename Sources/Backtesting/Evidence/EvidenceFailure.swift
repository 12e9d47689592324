package import Essentials

/// Why evidence cannot be taken as it is.
package enum EvidenceFailure: ExplainedFailure, Hashable {
  /// A row, or an evaluation, does not come after what is known.
  case rowNotAfterLast(row: Timestamp, last: Timestamp)

  /// The fact's stable name.
  package var key: String {
    switch self {
    case .rowNotAfterLast: "evidence_out_of_order"
    }
  }

  /// The fact as a sentence.
  package var explanation: String {
    switch self {
    case .rowNotAfterLast(let row, let last):
      "A row of evidence ends at \(row), which is not after the last one's end at \(last)."
    }
  }

  /// What to change.
  package var remedy: String {
    switch self {
    case .rowNotAfterLast: "Hand rows in once each, in ascending order of their ends."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
