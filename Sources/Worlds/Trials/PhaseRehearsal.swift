package import Essentials

/// Instances that follow every plan at once and without fail: what becomes of a world when each
/// decision is carried out, as far as phases, streaks and weights are concerned.
///
/// A gate that was closed opens again with the next active cycle.
package struct PhaseRehearsal: Hashable, Sendable {
  /// As they stand before the next decision, in the order they were given in.
  package private(set) var instances: [WorldSnapshot.Instance]
  /// What moved, in the order in which it did.
  package private(set) var moves: [Move] = []

  /// One change of a phase.
  package struct Move: Hashable, Sendable {
    package var at: Timestamp
    package var instance: String
    package var from: StrategyPhase
    package var to: StrategyPhase
    /// How long it had been in the phase that it left.
    package var stayed: TimeSpan

    package init(
      at: Timestamp, instance: String, from: StrategyPhase, to: StrategyPhase, stayed: TimeSpan
    ) {
      self.at = at
      self.instance = instance
      self.from = from
      self.to = to
      self.stayed = stayed
    }
  }

  package init(_ instances: [WorldSnapshot.Instance]) {
    self.instances = instances
  }

  /// Changes what data says of an instance, such as its history; phases are changed by plans.
  package mutating func update(_ place: Int, _ change: (inout WorldSnapshot.Instance) -> Void) {
    change(&instances[place])
  }

  /// Does what a plan says. Instances that it does not name stay as they are.
  package mutating func take(_ plan: WorldPlan) {
    // Rows stand in the order of ids; the instances in any.
    for row in plan.rows {
      guard let place = instances.firstIndex(where: { $0.id == row.instance }) else { continue }
      instances[place].passes = row.passes
      instances[place].fails = row.fails
      switch row.action {
      case .startBacktest: move(place, to: .backtest, plan.at)
      case .startDryrun: move(place, to: .dryrun, plan.at)
      case .promote: move(place, to: .live, plan.at)
      case .demote: move(place, to: .inactive, plan.at)
      case .gateClose: instances[place].isGateClosed = true
      case .hold: break
      }
      guard plan.mode == .active else { continue }
      instances[place].isGateClosed = false
      instances[place].weight =
        plan.allocations.first { $0.instance == row.instance }?.weight ?? 0
    }
  }

  private mutating func move(_ place: Int, to phase: StrategyPhase, _ at: Timestamp) {
    moves.append(
      Move(
        at: at, instance: instances[place].id, from: instances[place].phase, to: phase,
        stayed: at - instances[place].phaseSince))
    instances[place].phase = phase
    instances[place].phaseSince = at
  }
}

extension WorldSnapshot {
  /// The snapshot of a later instant and cycle with other standings of its instances, which keep
  /// their order; data is as far behind as before.
  package func later(
    at instant: Timestamp, cycle: Int, instances: [Instance], under policy: WorldPolicy,
    fingerprint: Fingerprint
  ) -> WorldSnapshot {
    WorldSnapshot(
      world: world, policyVersion: policy.version, policyFingerprint: fingerprint, at: instant,
      cycle: cycle, epoch: epoch, declared: declared, breaker: breaker,
      datasets: datasets.map { dataset in
        Dataset(
          id: dataset.id, dataEnd: instant - (at - dataset.dataEnd),
          fingerprint: dataset.fingerprint)
      },
      instances: instances, evidence: evidence, correlations: correlations, portfolio: portfolio)
  }
}
