import Essentials
import Research

/// How a job ended.
struct JobEnding: Hashable, Sendable {
  /// The event that says so.
  enum Outcome: Hashable, Sendable {
    case completed
    /// A stable name of why, such as `timed_out`.
    case failed(reason: String)
    case cancelled(by: String)
    /// It was stopped with the desk; a job that can be resumed goes on when there is one again.
    case interrupted
  }

  static let timedOutReason = "timed_out"
  static let interruptedReason = "interrupted"

  var outcome: Outcome
  var returnCode: Int?
  var result: JSONValue?
  var artifacts: [JobArtifact] = []
  var error: String?

  /// The fact that ends a job so.
  func fact(of job: ControlJob) -> ResearchFact {
    var facts = ControlJobFacts(jobID: job.id, action: job.action)
    facts.returnCode = returnCode
    facts.result = result
    facts.artifacts = .array(artifacts.map(\.json))
    facts.error = error
    switch outcome {
    case .completed: return .jobCompleted(facts)
    case .failed(let reason):
      facts.reason = reason
      return .jobFailed(facts)
    case .cancelled(let requester):
      facts.requestedBy = requester
      return .jobCancelled(facts)
    case .interrupted:
      facts.reason = Self.interruptedReason
      facts.error = error ?? "The desk stopped while the job ran."
      return .jobFailed(facts)
    }
  }
}
