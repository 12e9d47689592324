import Essentials
import Worlds

/// What can go wrong with commands about worlds beside what a world refuses.
enum WorldCommandFailure: ExplainedFailure, Hashable {
  case noPolicyFile
  /// Neither an alpha nor a formula is named, or both are.
  case noSubmission
  /// A person has to let the promotion happen.
  case approvalMissing(instance: String, world: String, approvers: [String])
  case timedOut(instance: String, wanted: StrategyPhase, phase: StrategyPhase, after: TimeSpan)
  /// It cannot come there any more without a person.
  case outOfReach(instance: String, wanted: StrategyPhase, phase: StrategyPhase)
  case notJudged(instance: String, world: String)
  /// So many plans that were made again differ from the record, the first of them in these cycles.
  case plansDiffer(world: String, count: Int, cycles: [Int])
  case cutoverFailed(run: String, stage: String, reason: String, needsOperator: [String])
  case notUnderWay(world: String)

  var key: String {
    switch self {
    case .noPolicyFile: "no_policy_file"
    case .noSubmission: "no_submission"
    case .approvalMissing: "manual_action_required"
    case .timedOut: "timed_out"
    case .outOfReach: "out_of_reach"
    case .notJudged: "not_judged"
    case .plansDiffer: "plans_differ"
    case .cutoverFailed: "cutover_failed"
    case .notUnderWay: "nothing_to_lift"
    }
  }

  var explanation: String {
    switch self {
    case .noPolicyFile: "No policy is named."
    case .noSubmission: "An instance is one alpha or one formula."
    case .approvalMissing(let instance, _, let approvers):
      "A person must let \(instance) go live: "
        + (approvers.isEmpty ? "nobody is named who may" : approvers.joined(separator: ", ")) + "."
    case .timedOut(let instance, let wanted, let phase, let after):
      "After \(after) \(instance) is \(phase.rawValue), not \(wanted.rawValue)."
    case .outOfReach(let instance, let wanted, let phase):
      "\(instance) is \(phase.rawValue) and will not become \(wanted.rawValue) by itself."
    case .notJudged(let instance, let world):
      "No plan of the world \(world) says anything of \(instance) yet."
    case .plansDiffer(let world, let count, let cycles):
      (count == 1
        ? "A plan of the world \(world) is not what its record gives: cycle "
        : "\(count) plans of the world \(world) are not what their record gives: cycles ")
        + cycles.prefix(10).map(String.init).joined(separator: ", ")
        + (cycles.count > 10 ? " and more" : "") + "."
    case .cutoverFailed(let run, let stage, let reason, let needsOperator):
      "The cutover \(run) ended \(stage): \(reason)."
        + (needsOperator.isEmpty
          ? "" : " Somebody must look at \(needsOperator.joined(separator: ", ")).")
    case .notUnderWay(let world): "The world \(world) is neither frozen nor paused."
    }
  }

  var remedy: String {
    switch self {
    case .noPolicyFile: "Name a file such as world.yml, or ask for --schema."
    case .noSubmission: "Name an alpha with --alpha, or a formula with --formula."
    case .approvalMissing(let instance, let world, _):
      "One of them runs `athanor world approve \(world) \(instance)`."
    case .timedOut: "Wait longer, or ask `athanor world explain` what it lacks."
    case .outOfReach: "Look at `athanor world audit` for why, and submit or retry it."
    case .notJudged: "Evaluate the world first: `athanor world eval`."
    case .plansDiffer: "Keep the journal for examination, and run `athanor journal verify`."
    case .cutoverFailed: "Look at `athanor world audit` for its steps; nothing trades meanwhile."
    case .notUnderWay: "`athanor world get` shows how it stands."
    }
  }

  var outcome: FailureOutcome {
    switch self {
    case .noPolicyFile, .noSubmission: .badConfiguration
    case .approvalMissing: .personMustAct
    case .timedOut: .timedOut
    case .outOfReach, .notJudged, .notUnderWay: .refused
    case .plansDiffer: .integrityViolated
    case .cutoverFailed(_, _, _, let needsOperator):
      needsOperator.isEmpty ? .refused : .personMustAct
    }
  }
}
