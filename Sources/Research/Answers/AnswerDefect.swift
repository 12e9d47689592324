package import Essentials

/// Why an answer of a model, or one candidate of it, cannot be used.
package struct AnswerDefect: ExplainedFailure, Hashable {
  /// What is wrong; the raw value is the code of events.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    case emptyOutput = "empty_output"
    case undecodable = "json_decode_error"
    case payloadNotObject = "payload_not_object"
    /// A member is missing or has a value that its kind does not allow.
    case schemaViolated = "schema_validation_error"
    /// The value is well formed and still not what was asked for, such as a super alpha.
    case contractViolated = "contract_violation"
  }

  package let code: Code
  package let stage: ModelCall.Stage
  /// What exactly, in one sentence or more with the names and values concerned.
  package let detail: String
  /// The position of the candidate in a list of several, from 0; nil for the answer as a whole.
  package let element: Int?

  package init(_ code: Code, _ stage: ModelCall.Stage, _ detail: String, element: Int? = nil) {
    self.code = code
    self.stage = stage
    self.detail = detail
    self.element = element
  }

  package var key: String { code.rawValue }
  package var explanation: String {
    element.map { "Candidate \($0 + 1) of the answer: \(detail)" } ?? detail
  }
  package var remedy: String { "Ask the model again, or give the answer as one JSON object." }
  package var outcome: FailureOutcome { .refused }
}
