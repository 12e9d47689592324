package import Essentials
package import Worlds

/// Where runs are recorded, and where the world that they change can be read.
///
/// Of two processes that record at once, the second sees what the first has recorded.
package protocol CutoverRecords: Sendable {
  /// The world as it stands after everything that was recorded.
  func situation(of world: String) throws(CutoverFailure) -> CutoverSituation
  /// Makes an event of a run durable in one commit.
  ///
  /// - Parameter epoch: the epoch of the world that the event follows on; at another it is refused.
  ///   Nil where the epoch does not matter.
  func record(
    _ event: CutoverEvent, of world: String, after epoch: Int?
  ) throws(CutoverFailure) -> CutoverReceipt
  /// Keeps everybody else from carrying out runs of the world as long as what it returns lives.
  func claimRuns(of world: String) throws(CutoverFailure) -> any Sendable
}

/// What became of an event that was to be recorded.
package enum CutoverReceipt: Hashable, Sendable {
  case recorded
  /// The world's gates have changed meanwhile.
  case refused
  /// The run is one that somebody else has begun or ended.
  case known
}

/// A world as whoever carries out its runs must know it.
package struct CutoverSituation: Sendable {
  package var world: CutoverWorld
  package var rules: CutoverRules
  package var registry: CutoverRegistry
  /// Every gate of the world, with the epoch of its last change.
  package var gates: [OrderGate]
  /// The events of the run that has not ended; empty where there is none.
  package var current: [RecordedCutoverEvent]
  /// Why nothing may be let through, such as `breaker:daily_loss`; nil where something may.
  package var halt: String?

  package init(
    world: CutoverWorld, rules: CutoverRules, registry: CutoverRegistry, gates: [OrderGate],
    current: [RecordedCutoverEvent], halt: String?
  ) {
    self.world = world
    self.rules = rules
    self.registry = registry
    self.gates = gates
    self.current = current
    self.halt = halt
  }

  /// What holders are told who may have missed something.
  package func notice(at now: Timestamp) -> GateNotice {
    GateNotice(
      world: world.world, epoch: world.epoch, at: now, isWhole: true,
      gates: gates.map { GateChange($0.key, $0.state) })
  }

  /// The word by which leases are renewed.
  package func renewal(at now: Timestamp) -> GateRenewal {
    GateRenewal(
      world: world.world, epoch: world.epoch, at: now, curb: GateCurb(mode: world.mode))
  }

  /// What others did while a run was under way: a halt, and gates of its instances that bear a later
  /// epoch than the run gave.
  func news(since history: CutoverHistory) -> [CutoverNews] {
    let named = Set(history.demand.standings.map(\.key))
    let foreign = gates.filter { gate in
      guard named.contains(gate.key) else { return false }
      if gate.epoch > history.epoch { return true }
      // A gate that is watched by its run and was closed by nobody else would not be closed.
      return history.stage == .opening && gate.state == .closed
        && history.plan.promote.contains { $0.key == gate.key }
    }
    var news: [CutoverNews] = []
    // First, for a run that is about to end goes on with each word that it is told, and whoever knows
    // the epoch of a halt must know of the halt: gates that the run closed itself bear no trace of it.
    if let halt { news.append(.halted(reason: halt, epoch: world.epoch)) }
    if world.epoch > history.epoch || !foreign.isEmpty {
      news.append(
        .gatesChanged(
          epoch: world.epoch, gates: foreign.map { GateChange($0.key, $0.state) }))
    }
    return news
  }
}
