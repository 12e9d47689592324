package import Essentials
import Networking
import Research
import Storage

/// Where a job is. The raw value is what the wire says.
package enum JobState: String, Hashable, Sendable, CaseIterable {
  case queued, running, completed, failed, cancelled
  case timedOut = "timed_out"

  /// Whether nothing more will happen to it.
  package var isEnded: Bool { self != .queued && self != .running }
}

/// A file that a job left in its folder.
package struct JobArtifact: Hashable, Sendable {
  /// The path below the job's folder.
  package let name: String
  package let bytes: Int

  /// As the wire and the journal say it.
  package var json: JSONValue { ["name": .string(name), "bytes": .integer(bytes)] }
}

/// A job that a person started: what was asked for and what became of it.
///
/// A fold of the job's own events.
/// ```
///            job_started                       job_completed
///   queued ──────────────▶ running ─────────▶ completed
///     │                    │  ▲ │ job_failed
///     │ job_cancelled      │  └─┘ job_started   failed, timed_out
///     └───▶ cancelled ◀────┘      (resumed)
/// ```
package struct ControlJob: Hashable, Sendable {
  /// 32 hexadecimal digits.
  package let id: String
  package let action: String
  /// The run that it works in.
  package let runID: String
  /// The checked parameters, defaults included.
  package let parameters: JSONValue
  package let requestedBy: String
  package let idempotencyKey: String?
  /// The fingerprint of what was requested.
  package let request: String
  package let queuedAt: Timestamp
  package private(set) var state = JobState.queued
  package private(set) var startedAt: Timestamp?
  package private(set) var endedAt: Timestamp?
  /// How many times it was started.
  package private(set) var attempts = 0
  /// The process that works on it, or the first of several.
  package private(set) var process: ProcessIdentity?
  package private(set) var returnCode: Int?
  package private(set) var result: JSONValue?
  package private(set) var artifacts: JSONValue = .array([])
  package private(set) var error: String?

  /// Begins with the event that queues a job, nil for any other event.
  init?(_ event: JournalEvent) {
    guard case .research(let event) = RecordedEvent(event), case .jobQueued(let facts) = event.fact,
      let run = facts.runID, let parameters = facts.parameters, let requester = facts.requestedBy,
      let request = facts.request
    else { return nil }
    id = facts.jobID
    action = facts.action
    runID = run
    self.parameters = parameters
    requestedBy = requester
    self.request = request
    idempotencyKey = facts.idempotencyKey
    queuedAt = event.at
  }

  /// Takes in an event about the job; one that cannot follow changes nothing.
  mutating func apply(_ event: JournalEvent) {
    guard !state.isEnded, case .research(let event) = RecordedEvent(event),
      let facts = event.fact.job, facts.jobID == id
    else { return }
    switch event.fact {
    case .jobStarted:
      state = .running
      startedAt = startedAt ?? event.at
      attempts = facts.attempt ?? attempts + 1
      process = facts.process.flatMap(ProcessIdentity.init(json:))
    case .jobCompleted: end(.completed, facts, event)
    case .jobFailed:
      end(facts.reason == JobEnding.timedOutReason ? .timedOut : .failed, facts, event)
    case .jobCancelled: end(.cancelled, facts, event)
    default: break
    }
  }

  private mutating func end(_ state: JobState, _ facts: ControlJobFacts, _ event: ResearchEvent) {
    self.state = state
    endedAt = event.at
    returnCode = facts.returnCode
    result = facts.result
    artifacts = facts.artifacts ?? .array([])
    error = facts.error
  }

  /// Waits again, to go on where it stopped.
  mutating func requeue() { state = .queued }

  /// The job as the wire says it, with its progress where it runs.
  func json(_ progress: JobProgress?) -> JSONValue {
    func instant(_ at: Timestamp?) -> JSONValue { at.map { .string($0.wireText) } ?? .null }
    return [
      "job_id": .string(id), "action": .string(action), "state": .string(state.rawValue),
      "run_id": .string(runID), "params": parameters, "queued_at": instant(queuedAt),
      "started_at": instant(startedAt), "ended_at": instant(endedAt),
      "attempts": .integer(attempts),
      "return_code": returnCode.map(JSONValue.integer) ?? .null, "result": result ?? .null,
      "artifacts": artifacts, "error": error.map(JSONValue.string) ?? .null,
      "progress": progress?.json ?? .null, "requested_by": .string(requestedBy),
    ]
  }
}
