package import Essentials

/// The runs of a world: which there were, of which plans, and how they ended.
///
/// A run's name has one plan and one outcome for ever, and two runs of a world never overlap.
package struct CutoverRegistry: Hashable, Sendable {
  /// A run of the registry.
  package struct Entry: Hashable, Sendable {
    package var planHash: Fingerprint
    /// Nil while it is under way.
    package var outcome: CutoverOutcome?
  }

  package private(set) var runs: [String: Entry] = [:]
  /// The run that has not come to its end.
  package private(set) var current: String?

  package init() {}

  /// What becomes of a demand for a run.
  package enum Admission: Hashable, Sendable {
    case begin
    /// It is under way, or was interrupted: it is to be taken up, not begun again.
    case takeUp
    /// It ended; nothing is recorded.
    case ended(CutoverOutcome)
    case refused(CutoverRefusal)
  }

  /// Holds a plan against the runs that there were. Whether the world is at the epoch of the plan is
  /// asked only of a run that would begin: one that is known is known at any epoch.
  package func admit(_ plan: CutoverPlan, worldEpoch: Int) -> Admission {
    if let entry = runs[plan.run] {
      guard entry.planHash == plan.hash else { return .refused(.runConflict(run: plan.run)) }
      return entry.outcome.map(Admission.ended) ?? .takeUp
    }
    if let current { return .refused(.runInProgress(run: plan.run, other: current)) }
    guard plan.baseEpoch == worldEpoch else {
      return .refused(.stalePlan(base: plan.baseEpoch, current: worldEpoch))
    }
    return .begin
  }

  /// Takes in what happened. A run that begins while another is under way contradicts the record.
  package mutating func apply(_ event: CutoverEvent) throws(CutoverRecordFailure) {
    if case .planned(let demand) = event.fact {
      guard current == nil, runs[event.run] == nil else {
        throw .contradiction(kind: event.kind, stage: nil)
      }
      runs[event.run] = Entry(planHash: demand.plan.hash)
      current = event.run
    } else {
      guard current == event.run else { throw .contradiction(kind: event.kind, stage: nil) }
      guard let outcome = event.outcome else { return }
      runs[event.run]?.outcome = outcome
      current = nil
    }
  }
}
