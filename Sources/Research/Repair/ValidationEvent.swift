package import Essentials

/// Something that happened during a validation and is worth recording.
package enum ValidationEvent: Hashable, Sendable {
  /// What was wrong with a text.
  package struct Failure: Hashable, Sendable {
    /// 0 for the first text, then the number of the repair that made it.
    package let attempt: Int
    package let errorKeys: [String]
    package let errors: [String]
    /// How often the text was seen with these errors, this time included.
    package let repeatCount: Int
  }

  /// What a repair is told.
  package struct Instruction: Hashable, Sendable {
    package let attempt: Int
    package let errorKeys: [String]
    /// A line for each error, with the place and the hint.
    package let findings: [String]
    package let repeatCount: Int
    package let wasExpanded: Bool
    package let lane: Lane?

    /// The instruction as one text.
    package var text: String { findings.joined(separator: "\n") }

    /// The instruction as a document.
    package var json: JSONValue {
      [
        "attempt": .integer(attempt), "error_codes": .strings(errorKeys),
        "errors": .strings(findings), "repeated_error_count": .integer(repeatCount),
        "expanded_retrieval": .bool(wasExpanded),
        "candidate_lane": lane.map { .string($0.rawValue) } ?? .null,
      ]
    }
  }

  case started(repairsMax: Int, stopsOnRepeats: Bool, lane: Lane?)
  case passed
  case failed(Failure)
  case retryStarted(attempt: Int, instruction: Instruction)
  case retryPassed(attempt: Int)
  case retryFailed(Failure)
  /// Edits of the tree gave another text.
  case repairedByTree(attempt: Int, edits: [RepairEdit])
  /// The model gave another text.
  case answeredByModel(attempt: Int)
  case retrievalExpanded(
    attempt: Int, repeatCount: Int, threshold: Int, before: [String: Int], after: [String: Int])
  case expansionRefused(attempt: Int, reason: String)
  case abortedOnRepeats(attempt: Int, repeatCount: Int, threshold: Int, errorKeys: [String])
  /// A repair that was begun came to no text.
  case retryAbandoned(attempt: Int, reason: String)

  /// The name of the event in the journal.
  package var name: String {
    switch self {
    case .started: "validation.started"
    case .passed: "validation.passed"
    case .failed: "validation.failed"
    case .retryStarted: "validation.retry_started"
    case .retryPassed: "validation.retry_passed"
    case .retryFailed: "validation.retry_failed"
    case .repairedByTree: "validation.repaired_by_tree"
    case .answeredByModel: "validation.answered_by_model"
    case .retrievalExpanded: "validation.retrieval_expanded"
    case .expansionRefused: "validation.expansion_refused"
    case .abortedOnRepeats: "validation.retry_aborted_repeated_error"
    case .retryAbandoned: "validation.retry_abandoned"
    }
  }

  /// The members of the event; counts of an expansion are sorted by name.
  package var payload: JSONValue {
    switch self {
    case .started(let repairsMax, let stopsOnRepeats, let lane):
      [
        "max_repair_attempts": .integer(repairsMax),
        "stop_on_repeated_error": .bool(stopsOnRepeats),
        "candidate_lane": lane.map { .string($0.rawValue) } ?? .null,
      ]
    case .passed: ["attempt": 0, "error_codes": .array([])]
    case .retryPassed(let attempt): ["attempt": .integer(attempt), "error_codes": .array([])]
    case .failed(let failure), .retryFailed(let failure):
      [
        "attempt": .integer(failure.attempt), "error_codes": .strings(failure.errorKeys),
        "errors": .strings(failure.errors), "repeat_count": .integer(failure.repeatCount),
      ]
    case .retryStarted(let attempt, let instruction):
      [
        "attempt": .integer(attempt), "instruction": .string(instruction.text),
        "instruction_json": instruction.json,
      ]
    case .repairedByTree(let attempt, let edits):
      ["attempt": .integer(attempt), "edits": .array(edits.map(\.json))]
    case .answeredByModel(let attempt): ["attempt": .integer(attempt)]
    case .retrievalExpanded(let attempt, let repeatCount, let threshold, let before, let after):
      [
        "attempt": .integer(attempt), "repeat_count": .integer(repeatCount),
        "threshold": .integer(threshold), "topk_before": Self.counts(before),
        "topk_after": Self.counts(after),
      ]
    case .expansionRefused(let attempt, let reason), .retryAbandoned(let attempt, let reason):
      ["attempt": .integer(attempt), "reason": .string(reason)]
    case .abortedOnRepeats(let attempt, let repeatCount, let threshold, let keys):
      [
        "attempt": .integer(attempt), "repeat_count": .integer(repeatCount),
        "threshold": .integer(threshold), "error_codes": .strings(keys),
      ]
    }
  }

  private static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(counts.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .integer($0.value)) })
  }
}
