package import Essentials

/// Why a world does not do what it is told.
package enum WorldRefusal: ExplainedFailure, Hashable {
  /// The actor's role in the world is too small; it is recorded.
  case denied(world: String, actor: String, denial: WorldDenial)
  case noWorld(String)
  case deleted(String)
  case noPolicy(String)
  case policyOfOtherWorld(world: String, found: String)
  case unknownVersion(Int, latest: Int)
  case unknownInstance(String, nearest: String?)
  /// The id is taken by an instance that is something else.
  case instanceConflict(String)
  /// The world has the same formula with the same settings, side and universe already.
  case sameInstance(String, as: String)
  case unusableInstance(String, reason: String)
  case phase(String, PhaseMistake)
  case wrongSide(String, side: TradingSide)
  /// The gate may not be opened: one word says why.
  case gateStaysClosed(String, reason: String)
  case clockWentBack(at: Timestamp, last: Timestamp)
  case paused(String)
  case runInProgress(String)
  /// The cutover cannot begin.
  case cutover(CutoverRefusal)
  /// The latest plan does not let it go live: the plan's own word says why.
  case notPromotable(String, reason: String)
  case notApprover(String, instance: String)
  /// Whoever published the policy may not let a promotion under it happen.
  case selfApproval(String)
  case planUnknown(String)

  /// How a service answers.
  package enum Kind: Hashable, Sendable {
    case forbidden, missing, conflict, unusable
  }

  /// The class of the refusal.
  package var kind: Kind {
    switch self {
    case .denied, .notApprover, .selfApproval: .forbidden
    case .noWorld, .deleted, .unknownInstance, .unknownVersion, .planUnknown: .missing
    case .policyOfOtherWorld, .unusableInstance, .wrongSide: .unusable
    case .noPolicy, .instanceConflict, .sameInstance, .phase, .gateStaysClosed, .clockWentBack,
      .paused, .runInProgress, .cutover, .notPromotable:
      .conflict
    }
  }

  /// The stable name that programs branch on.
  package var key: String {
    switch self {
    case .denied: "denied"
    case .noWorld: "unknown_world"
    case .deleted: "world_deleted"
    case .noPolicy: "no_policy"
    case .policyOfOtherWorld: "policy_of_other_world"
    case .unknownVersion: "unknown_version"
    case .unknownInstance: "unknown_instance"
    case .instanceConflict: "instance_conflict"
    case .sameInstance: "same_instance"
    case .unusableInstance: "unusable_instance"
    case .phase: "wrong_phase"
    case .wrongSide: "wrong_side"
    case .gateStaysClosed: "gate_stays_closed"
    case .clockWentBack: "clock_went_back"
    case .paused: "world_paused"
    case .runInProgress: "run_in_progress"
    case .cutover(let refusal): refusal.key
    case .notPromotable: "not_promotable"
    case .notApprover: "not_an_approver"
    case .selfApproval: "self_approval"
    case .planUnknown: "unknown_plan"
    }
  }

  /// What is refused and why, in one sentence.
  package var explanation: String {
    switch self {
    case .denied(let world, let actor, let denial):
      "\(actor) may not \(denial.command) in the world \(world): it takes the role"
        + " \(denial.needed.rawValue), and \(actor) has \(denial.role?.rawValue ?? "none")."
    case .noWorld(let world): "There is no world \(world)."
    case .deleted(let world): "The world \(world) was deleted."
    case .noPolicy(let world): "The world \(world) has no policy yet."
    case .policyOfOtherWorld(let world, let found):
      "The policy is of the world \(found), not of \(world)."
    case .unknownVersion(let version, let latest):
      "The policy has no version \(version); the latest is \(latest)."
    case .unknownInstance(let id, let nearest):
      "The world has no instance \(id)." + (nearest.map { " There is \($0)." } ?? "")
    case .instanceConflict(let id): "Another instance of the world is called \(id)."
    case .sameInstance(let id, let other):
      "\(id) is the same formula, settings, side and universe as \(other)."
    case .unusableInstance(let id, let reason): "The instance \(id) cannot be entered: \(reason)."
    case .phase(let id, let mistake): "\(id): \(mistake)"
    case .wrongSide(let id, let side): "The instance \(id) is not \(side.rawValue)."
    case .gateStaysClosed(let id, let reason): "The gate of \(id) stays closed: \(reason)."
    case .clockWentBack(let at, let last):
      "An evaluation at \(at) is not after the last one, at \(last)."
    case .paused(let world): "The world \(world) is paused, and nothing is judged in it."
    case .runInProgress(let run): "The cutover \(run) is not over."
    case .cutover(let refusal): refusal.explanation
    case .notPromotable(let id, let reason): "\(id) is not promoted: \(reason)."
    case .notApprover(let actor, let instance):
      "\(actor) is not among those who may let \(instance) go live."
    case .selfApproval(let actor):
      "\(actor) published the policy, and may not let promotions under it happen."
    case .planUnknown(let plan): "The world has no record of \(plan)."
    }
  }

  /// What to do instead, in one sentence.
  package var remedy: String {
    switch self {
    case .denied: "Ask somebody who has the role, or an owner to change `rbac` in the policy."
    case .noWorld: "Publish a policy for it, or list the worlds there are."
    case .deleted: "Its audit can still be read; a new world needs another name."
    case .noPolicy: "Publish a policy first."
    case .policyOfOtherWorld: "Correct `world:` in the document, or name the other world."
    case .unknownVersion: "Name a version that was published."
    case .unknownInstance: "List the instances of the world."
    case .instanceConflict: "Give it another name."
    case .sameInstance: "Use the instance that is there."
    case .unusableInstance: "Correct the instance."
    case .phase: "Look at the phases of the instances first."
    case .wrongSide: "Name the side that the instance has."
    case .gateStaysClosed: "Remove the cause first; closing is always possible."
    case .clockWentBack: "Evaluate at a later instant, and look at the clock."
    case .paused: "Declare the world active or eval_only."
    case .runInProgress: "Wait until it is over."
    case .cutover(let refusal): refusal.remedy
    case .notPromotable: "Let the evidence ripen; `explain` tells what is missing."
    case .notApprover: "Ask one of the approvers that the policy names."
    case .selfApproval: "Ask another of the approvers."
    case .planUnknown: "Look at the audit for what was decided when."
    }
  }

  package var outcome: FailureOutcome { .refused }
}
