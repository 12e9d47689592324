import Essentials
import Networking
import Research

/// Why a request about jobs is refused.
enum JobRefusal: RouteRefusal, Hashable {
  case missingAction
  case unsupportedAction(String)
  case unreadableBody(reason: String)
  /// Required parameters that are missing, and defects of the others.
  case badParameters(action: String, missing: [String], defects: [DocumentDefect])
  /// A document that a parameter holds or names cannot be used.
  case badDocument(parameter: String, reason: String, remedy: String)
  /// The request holds a key or a password of the server.
  case holdsSecret
  case unknownJob
  /// The key named another request before.
  case keyReused(String)
  case queueFull(waiting: Int)
  case stopping
  case hasEnded(JobState)
  /// Another job works on the run.
  case runIsActive(String)
  /// No job began a campaign by that name.
  case unknownRun(String)
  /// The journal has a campaign by that name.
  case runExists(String)

  var key: String {
    switch self {
    case .missingAction: "missing_action"
    case .unsupportedAction: "unsupported_action"
    case .unreadableBody: "unreadable_body"
    case .badParameters: "invalid_parameters"
    case .badDocument: "invalid_document"
    case .holdsSecret: "secret_in_request"
    case .unknownJob: "unknown_job"
    case .keyReused: "idempotency_key_reused"
    case .queueFull: "queue_full"
    case .stopping: "stopping"
    case .hasEnded: "job_has_ended"
    case .runIsActive: "run_is_active"
    case .unknownRun: "unknown_run"
    case .runExists: "run_exists"
    }
  }

  var explanation: String {
    switch self {
    case .missingAction: "Missing action"
    case .unsupportedAction(let name): "Unsupported action: \(name.prefix(128))"
    case .unreadableBody(let reason): "The body cannot be read: \(reason)."
    case .badParameters(let action, let missing, let defects):
      (missing.map { "Missing required param '\($0)' of \(action)." }
        + defects.map(\.explanation)).joined(separator: " ")
    case .badDocument(let parameter, let reason, _): "\(parameter) cannot be used: \(reason)"
    case .holdsSecret: "The request holds a key or a password of this server."
    case .unknownJob: "Job not found"
    case .keyReused(let key): "The idempotency key \(key) named another request before."
    case .queueFull(let waiting): "\(waiting) jobs are waiting already."
    case .stopping: "The server is about to stop."
    case .hasEnded(let state): "The job has ended: it is \(state.rawValue)."
    case .runIsActive(let run): "A job is working on the run \(run)."
    case .unknownRun(let run): "No job of this desk began a campaign \(run)."
    case .runExists(let run): "The journal has a campaign \(run) already."
    }
  }

  var remedy: String {
    switch self {
    case .missingAction: "Name one of the actions of GET /api/control/actions."
    case .unsupportedAction(let name):
      nearestName(to: name, among: ControlAction.all.map(\.name)).map { "Did you mean \($0)?" }
        ?? "Name one of the actions of GET /api/control/actions."
    case .unreadableBody: "Send a JSON object with action and params."
    case .badParameters(_, let missing, let defects):
      ((missing.isEmpty ? [] : ["Add \(missing.joined(separator: ", "))."])
        + defects.map { "\($0.keyPath): \($0.remedy)" }).joined(separator: " ")
    case .badDocument(_, _, let remedy): remedy
    case .holdsSecret: "Leave it out; the server hands its keys to its jobs by itself."
    case .unknownJob: "List the jobs with GET /api/control/jobs."
    case .keyReused: "Use a key of its own for every request."
    case .queueFull: "Try again when one of them has ended, or cancel one."
    case .stopping: "Try again when it is back."
    case .hasEnded: "Only a job that waits or runs can be cancelled."
    case .runIsActive: "Wait for the job, or cancel it."
    case .unknownRun:
      "Resume it with `athanor research run --resume`, by the options of its beginning."
    case .runExists: "Choose another name, or resume it with research-resume."
    }
  }

  var outcome: FailureOutcome {
    switch self {
    case .missingAction, .unsupportedAction, .unreadableBody, .badParameters, .badDocument,
      .holdsSecret, .unknownJob:
      .badConfiguration
    default: .refused
    }
  }

  var status: Int {
    switch self {
    case .missingAction, .unsupportedAction, .unreadableBody, .badParameters, .badDocument,
      .holdsSecret:
      400
    case .unknownJob, .unknownRun: 404
    case .keyReused, .hasEnded, .runIsActive, .runExists: 409
    case .queueFull: 429
    case .stopping: 503
    }
  }

  var headers: HTTPHeaders {
    switch self {
    case .queueFull, .stopping: ["Retry-After": "5"]
    default: [:]
    }
  }
}
