package import Essentials
package import Storage
package import Worlds

/// Why a desk of worlds does not do what it is asked.
package enum WorldDeskFailure: ExplainedFailure {
  case journal(JournalFailure)
  case refused(WorldRefusal)
  /// An event of the journal is none that a world records.
  case unreadable(world: String, seq: Int64, WorldEventMistake)
  /// Evidence could not be computed.
  case evidence(any ExplainedFailure)
  /// No alpha of that name is in the journal.
  case unknownAlpha(String)
  /// What is recorded of the alpha does not suffice to trade it: one word says what is missing.
  case incompleteAlpha(String, missing: String)
  case unknownCycle(world: String, cycle: Int)
  case snapshotMissing(world: String, cycle: Int)

  /// The stable name that programs branch on.
  package var key: String {
    switch self {
    case .journal(let failure): failure.key
    case .refused(let refusal): refusal.key
    case .unreadable: "unreadable_world"
    case .evidence(let failure): failure.key
    case .unknownAlpha: "unknown_alpha"
    case .incompleteAlpha: "incomplete_alpha"
    case .unknownCycle: "unknown_cycle"
    case .snapshotMissing: "snapshot_missing"
    }
  }

  /// What happened, in one sentence.
  package var explanation: String {
    switch self {
    case .journal(let failure): failure.explanation
    case .refused(let refusal): refusal.explanation
    case .unreadable(let world, let seq, let mistake):
      "Event \(seq) of the world \(world) cannot be understood: \(mistake)"
    case .evidence(let failure): failure.explanation
    case .unknownAlpha(let name): "The journal knows no alpha \(name)."
    case .incompleteAlpha(let name, let missing):
      "The journal does not say with which \(missing) the alpha \(name) was simulated."
    case .unknownCycle(let world, let cycle):
      "The world \(world) has no record of cycle \(cycle)."
    case .snapshotMissing(let world, let cycle):
      "What the world \(world) saw in cycle \(cycle) is not in the journal any more."
    }
  }

  /// What to do about it, in one sentence.
  package var remedy: String {
    switch self {
    case .journal(let failure): failure.remedy
    case .refused(let refusal): refusal.remedy
    case .unreadable: "Verify the journal, or use the program that wrote it."
    case .evidence(let failure): failure.remedy
    case .unknownAlpha:
      "Name a candidate key or an alpha id of a run; `athanor journal runs` lists the runs."
    case .incompleteAlpha: "Simulate it on a panel of this desk first."
    case .unknownCycle: "Look at the history of the world for its cycles."
    case .snapshotMissing: "Bring the archive of earlier events back to its place."
    }
  }

  /// The class of the failure.
  package var outcome: FailureOutcome {
    switch self {
    case .journal(let failure): failure.outcome
    case .refused(let refusal): refusal.outcome
    case .evidence(let failure): failure.outcome
    case .unreadable, .snapshotMissing: .integrityViolated
    case .unknownAlpha, .incompleteAlpha, .unknownCycle: .badConfiguration
    }
  }
}

/// Runs `body`; what fails in the journal fails at the desk.
func inJournal<Result>(
  _ body: () throws(JournalFailure) -> Result
) throws(WorldDeskFailure) -> Result {
  do throws(JournalFailure) { return try body() } catch { throw .journal(error) }
}

/// Runs `body`; what a world refuses the desk refuses.
func inWorld<Result>(
  _ body: () throws(WorldRefusal) -> Result
) throws(WorldDeskFailure) -> Result {
  do throws(WorldRefusal) { return try body() } catch { throw .refused(error) }
}
