/// How the validation of a candidate ended.
package struct ValidationVerdict: Hashable, Sendable {
  /// Why there is no valid text.
  package enum StopReason: Hashable, Sendable {
    /// As many texts were mended as may be.
    case attemptsSpent
    /// The same text came back with the same errors.
    case repeatedErrors
    /// Neither the tree nor the model gave another text; the sentence says why.
    case noOtherText(String)

    /// The name of the reason in events and reports.
    package var key: String {
      switch self {
      case .attemptsSpent: "attempts_spent"
      case .repeatedErrors: "repeated_errors"
      case .noOtherText: "no_other_text"
      }
    }
  }

  /// The last text that was checked; the valid one where there is one.
  package let text: String
  /// Nil for a candidate that passed.
  package let stopReason: StopReason?
  /// How many texts were checked.
  package let attempts: Int
  /// The keys of the last text's errors; empty for one that passed.
  package let errorKeys: [String]
  package let usedFields: [String]
  package let usedOperators: [String]
  /// Whether the expansion was tried for this candidate.
  package let wasExpanded: Bool
  /// The edits that led to the text since a model last wrote it.
  package let edits: [RepairEdit]

  package var passed: Bool { stopReason == nil }

  /// Returns the candidate with the text and the notes of the verdict.
  package func applied(to candidate: CandidateAlpha) -> CandidateAlpha {
    var candidate = candidate
    candidate.simulation.regular = text
    candidate.notes.usedFields = usedFields
    candidate.notes.usedOperators = usedOperators
    candidate.notes.validationPassed = passed
    candidate.notes.validationAttempts = attempts
    return candidate
  }
}
