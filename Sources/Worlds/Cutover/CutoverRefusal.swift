package import Essentials

/// Why a run does not begin. Nothing has happened then.
package enum CutoverRefusal: ExplainedFailure, Hashable {
  /// A run of this name switched something else.
  case runConflict(run: String)
  /// Another run of the world has not come to its end.
  case runInProgress(run: String, other: String)
  case stalePlan(base: Int, current: Int)
  case otherWorld(plan: String, world: String)
  case nothingToSwitch
  case liveForbidden
  case notActive(WorldMode)
  case namedTwice(String)
  case unknownInstance(String)
  case wrongPhase(String, phase: StrategyPhase, demanded: StrategyPhase)
  case unusableWeight(String, Double)
  /// `side` is `long`, `short` or `at all`.
  case tooManyLive(side: String, count: Int, max: Int)

  package var key: String {
    switch self {
    case .runConflict: "run_conflict"
    case .runInProgress: "run_in_progress"
    case .stalePlan: "stale_plan"
    case .otherWorld: "other_world"
    case .nothingToSwitch: "nothing_to_switch"
    case .liveForbidden: "allow_live"
    case .notActive: "world_not_active"
    case .namedTwice: "named_twice"
    case .unknownInstance: "unknown_instance"
    case .wrongPhase: "wrong_phase"
    case .unusableWeight: "unusable_weight"
    case .tooManyLive: "too_many_live"
    }
  }

  package var explanation: String {
    switch self {
    case .runConflict(let run): "The run \(run) was asked for before, with another plan."
    case .runInProgress(let run, let other):
      "The run \(run) cannot begin while the run \(other) of this world is under way."
    case .stalePlan(let base, let current):
      "The plan was decided at epoch \(base) of the world, which is at epoch \(current)."
    case .otherWorld(let plan, let world):
      "The plan is one of the world \(plan) and not of \(world)."
    case .nothingToSwitch: "The plan neither promotes nor demotes nor reweights anything."
    case .liveForbidden: "The policy of the world lets nothing trade money."
    case .notActive(let mode): "The world is \(mode.rawValue), so nothing is promoted."
    case .namedTwice(let instance): "The plan names the instance \(instance) twice."
    case .unknownInstance(let instance):
      "The world has no instance \(instance) of that side."
    case .wrongPhase(let instance, let phase, let demanded):
      "The instance \(instance) is \(phase.rawValue) and not \(demanded.rawValue)."
    case .unusableWeight(let instance, let weight):
      "The instance \(instance) cannot trade with a weight of \(weight)."
    case .tooManyLive(let side, let count, let max):
      "After the switch \(count) instances would be live \(side), and \(max) may be."
    }
  }

  package var remedy: String {
    switch self {
    case .runConflict: "Give the run a name of its own."
    case .runInProgress:
      "Wait until it has ended; a freeze of the world closes every gate meanwhile."
    case .stalePlan, .otherWorld, .unknownInstance, .wrongPhase, .namedTwice:
      "Evaluate the world again and apply the new plan."
    case .nothingToSwitch: "Apply a plan that has steps."
    case .liveForbidden: "Publish a policy with `allow_live: true`."
    case .notActive: "Make the world active first; demotions are possible meanwhile."
    case .unusableWeight: "Give a weight from 0 to \(Int(GateState.weightMax))."
    case .tooManyLive: "Demote another instance in the same run, or raise `topk`."
    }
  }

  package var outcome: FailureOutcome { .refused }
}
