package import Essentials

/// What somebody wants of a world.
package enum WorldCommand: Hashable, Sendable {
  /// A policy, read and checked; the first one creates the world.
  case publish(PolicyProposal)
  /// An earlier version comes into force again, as a version of its own.
  case rollBack(version: Int, reason: String)
  case declare(DeclaredState, reason: String)
  case submit(InstanceSubmission)
  case evaluate(at: Timestamp)
  case approve(instance: String, plan: Fingerprint?)
  /// Takes one on paper back.
  case withdraw(instance: String, reason: String)
  case retry(instance: String, reason: String)
  case retire(instance: String, reason: String)
  /// Its history cannot be replayed.
  case fail(instance: String, reason: String)
  case setActive(GateKey, Bool, reason: String)
  case freeze(reason: String)
  case resume(reason: String)
  /// Cuts that the judges of risk found.
  case trip([RiskTrip])
  /// A cycle in which no cut stands.
  case clear(at: Timestamp)
  case resetBreaker(reason: String)
  /// Gates become what the state of the world asks for.
  case reconcile(reason: String)
  /// A cutover of the latest plan, or of what a person wants.
  case cutOver(CutoverWish)
  case delete(reason: String)

  /// As refusals and records call it.
  package var name: String {
    switch self {
    case .publish: "publish_policy"
    case .rollBack: "roll_back_policy"
    case .declare: "declare_state"
    case .submit: "submit"
    case .evaluate: "evaluate"
    case .approve: "approve"
    case .withdraw: "withdraw"
    case .retry: "retry"
    case .retire: "retire"
    case .fail: "fail"
    case .setActive: "set_activation"
    case .freeze: "freeze"
    case .resume: "resume"
    case .trip: "trip_breaker"
    case .clear: "clear_breaker"
    case .resetBreaker: "reset_breaker"
    case .reconcile: "reconcile"
    case .cutOver: "apply"
    case .delete: "delete"
    }
  }

  /// The least role that may give it.
  package var roleNeeded: WorldRole {
    switch self {
    case .publish, .rollBack, .resetBreaker, .delete: .owner
    // Who may approve is a list of the policy's own.
    case .approve: .reader
    case .declare, .submit, .evaluate, .withdraw, .retry, .retire, .fail, .setActive, .freeze,
      .resume, .trip, .clear, .reconcile, .cutOver:
      .operator
    }
  }
}

/// A policy that is to come into force.
package struct PolicyProposal: Hashable, Sendable {
  package var policy: WorldPolicy
  package var fingerprint: Fingerprint
  /// What changes against the version in force: objects with `path`, `before` and `after`.
  package var diff: JSONValue
  package var reason: String

  package init(policy: WorldPolicy, fingerprint: Fingerprint, diff: JSONValue, reason: String) {
    self.policy = policy
    self.fingerprint = fingerprint
    self.diff = diff
    self.reason = reason
  }
}

/// What a cutover is to do, before it is known whether it may.
package enum CutoverWish: Hashable, Sendable {
  /// Everything that the latest plan promotes and demotes.
  case plan(Fingerprint)
  /// Instances that the latest plan lets go live.
  case promote([String], reason: String)
  /// Instances that a person takes from live, whatever dwell says.
  case demote([String], reason: String)
}
