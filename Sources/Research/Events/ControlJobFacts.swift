package import Essentials

/// What became of a job that a person started from a page.
///
/// The event that queues a job says what was asked for, the one that starts it which process works,
/// and the one that ends it what came out.
package struct ControlJobFacts: Hashable, Sendable, ReadableDocument {
  /// 32 hexadecimal digits.
  package var jobID: String
  package var action: String
  /// The run that the job works in.
  package var runID: String?
  /// The checked parameters, defaults included.
  package var parameters: JSONValue?
  /// The name of the token that asked for the job, or of the one that cancelled it.
  package var requestedBy: String?
  /// What the requester names the request by, so that it is carried out once.
  package var idempotencyKey: String?
  /// The fingerprint of what was requested.
  package var request: String?
  /// How many times the job was started, this time included.
  package var attempt: Int?
  /// The process that works on it, as an object that tells it from every other.
  package var process: JSONValue?
  /// Why it did not come to its end, a stable name such as `timed_out`.
  package var reason: String?
  /// The exit code, nil while there is none.
  package var returnCode: Int?
  package var result: JSONValue?
  package var artifacts: JSONValue?
  package var error: String?

  package init(jobID: String, action: String) {
    self.jobID = jobID
    self.action = action
  }

  package init(reading reader: inout DocumentReader) {
    jobID = reader.line("job_id") ?? ""
    action = reader.line("action") ?? ""
    runID = reader.line("run_id")
    parameters = reader.value("params")
    requestedBy = reader.line("requested_by")
    idempotencyKey = reader.line("idempotency_key")
    request = reader.line("request")
    attempt = reader.whole("attempt", in: 1...Int.max)
    process = reader.value("process")
    reason = reader.line("reason")
    returnCode = reader.whole("return_code", in: Int.min...Int.max)
    result = reader.value("result")
    artifacts = reader.value("artifacts")
    error = reader.line("error")
  }

  package var json: JSONValue {
    let members: [(String, JSONValue?)] = [
      ("job_id", .string(jobID)), ("action", .string(action)),
      ("run_id", runID.map(JSONValue.string)), ("params", parameters),
      ("requested_by", requestedBy.map(JSONValue.string)),
      ("idempotency_key", idempotencyKey.map(JSONValue.string)),
      ("request", request.map(JSONValue.string)), ("attempt", attempt.map(JSONValue.integer)),
      ("process", process), ("reason", reason.map(JSONValue.string)),
      ("return_code", returnCode.map(JSONValue.integer)), ("result", result),
      ("artifacts", artifacts), ("error", error.map(JSONValue.string)),
    ]
    return .object(members.compactMap { name, value in value.map { .init(name, $0) } })
  }
}
