package import Essentials

/// What another policy would have made of a world's past: every recorded decision taken again under
/// it, and what the differences were worth.
///
/// Decisions are taken again in two ways. *Each by itself*: on the snapshot as it was recorded, which
/// tells how the policies judge the same facts. *Carried on*: phases, streaks and weights are those
/// that would have come of the other policy's own decisions, beginning as the first snapshot stands;
/// measures, correlations and the account are as they were recorded, also those that depend on the
/// phase, such as days on paper. What a person did to an instance happens to it in both.
package struct WhatIf: Hashable, Sendable {
  /// A decision as it was recorded.
  package struct Recorded: Hashable, Sendable {
    package var snapshot: WorldSnapshot
    package var plan: WorldPlan

    package init(snapshot: WorldSnapshot, plan: WorldPlan) {
      self.snapshot = snapshot
      self.plan = plan
    }
  }

  /// The return of an instance in the time that ends at an instant, as a fraction of what it holds.
  package struct Earned: Hashable, Sendable {
    package var instance: String
    package var at: Timestamp
    package var value: Double

    package init(instance: String, at: Timestamp, value: Double) {
      self.instance = instance
      self.at = at
      self.value = value
    }
  }

  /// A decision about one instance that differs.
  package struct Difference: Hashable, Sendable {
    package var cycle: Int
    package var at: Timestamp
    package var instance: String
    package var recorded: WorldPlan.Action
    package var other: WorldPlan.Action
    /// Why it would have stayed, or had no place, under the other policy; empty where it would have
    /// moved.
    package var reason: String
    /// What the other decision would have added to the world's return: the difference of the weights
    /// times the instance's return, summed over days; nil where no return of these days is known. Of
    /// a decision by itself up to the next one, of one that was carried on up to the next difference
    /// about the instance.
    package var pnl: Double?
    /// The days with a known return that it is made of.
    package var days = 0
  }

  /// What an instance was live for, and would have been.
  package struct Outcome: Hashable, Sendable {
    package var instance: String
    /// Days with a known return on which it was live, and on which it would have been.
    package var recordedDays = 0
    package var otherDays = 0
    /// Its own compounded return over days on which it was live and would not have been.
    package var avoided = 0.0
    package var avoidedDays = 0
    /// Its own compounded return over days on which it would have been live and was not.
    package var gained = 0.0
    package var gainedDays = 0
    /// What the difference of its weights would have added to the world's return, summed over days.
    package var contribution = 0.0
  }

  /// How many decisions were taken again.
  package private(set) var decisions = 0
  package private(set) var from: Timestamp?
  package private(set) var through: Timestamp?
  /// Each decision by itself.
  package private(set) var single: [Difference] = []
  /// Carried on; only promotions and demotions are told.
  package private(set) var carried: [Difference] = []
  /// Of instances whose live days or weights differ, in the order of their ids.
  package private(set) var outcomes: [Outcome] = []
  /// Promotions and demotions as recorded, and as they would have been.
  package private(set) var recordedMoves = 0
  package private(set) var otherMoves = 0

  /// What the other policy would have added to the world's return, summed over days.
  package var contribution: Double { outcomes.reduce(0) { $0 + $1.contribution } }

  /// Takes decisions, in the order of their cycles, again under a policy.
  ///
  /// - Parameter earned: returns in any order; those that end after a decision and not after the next
  ///   were earned under it. A value that is not finite is left out.
  package init(_ decisions: [Recorded], under policy: WorldPolicy, earned: [Earned]) {
    self.decisions = decisions.count
    from = decisions.first?.snapshot.at
    through = decisions.last?.snapshot.at
    let fingerprint = policy.fingerprint
    let returns = earned.filter { $0.value.isFinite }.sorted {
      ($0.at, $0.instance) < ($1.at, $1.instance)
    }
    var place = 0
    var world = CarriedWorld()
    var ledger: [String: Outcome] = [:]
    // The last difference about each instance.
    var lasting: [String: Int] = [:]
    for (number, decision) in decisions.enumerated() {
      let facts = decision.snapshot.under(policy, fingerprint, instances: nil)
      let alone = WorldDecision.decide(facts, policy, snapshotFingerprint: fingerprint)
      let firstSingle = single.count
      single += Self.differences(decision.plan, alone)
      let instances = world.instances(of: decision.snapshot)
      let plan = WorldDecision.decide(
        decision.snapshot.under(policy, fingerprint, instances: instances), policy,
        snapshotFingerprint: fingerprint)
      world.take(plan, beside: decision)
      for difference in Self.differences(decision.plan, plan) {
        lasting[difference.instance] = carried.count
        carried.append(difference)
      }
      recordedMoves += decision.plan.moves
      otherMoves += plan.moves
      let next = decisions.indices.contains(number + 1) ? decisions[number + 1].snapshot : nil
      // What was carried out is what the next snapshot shows; of the last plan nobody knows.
      let recorded = Self.weights(
        next.map(\.instances) ?? CarriedWorld.following(decision).instances)
      let other = Self.weights(
        next.map { world.instances(of: $0) } ?? world.rehearsal.instances)
      let own = Self.weights(decision.snapshot, after: alone)
      while place < returns.count, returns[place].at <= decision.snapshot.at { place += 1 }
      while place < returns.count, next.map({ returns[place].at <= $0.at }) ?? true {
        let one = returns[place]
        ledger[one.instance, default: Outcome(instance: one.instance)]
          .add(one.value, recorded: recorded[one.instance], other: other[one.instance])
        if let lasting = lasting[one.instance] {
          carried[lasting].add(
            one.value, recorded: recorded[one.instance], other: other[one.instance])
        }
        for index in firstSingle..<single.count where single[index].instance == one.instance {
          single[index].add(
            one.value, recorded: recorded[one.instance], other: own[one.instance])
        }
        place += 1
      }
    }
    outcomes = ledger.values.filter(\.differs).sorted { $0.instance < $1.instance }
  }

  /// Weights of those who are live.
  private static func weights(_ instances: [WorldSnapshot.Instance]) -> [String: Double] {
    Dictionary(
      instances.filter { $0.phase == .live }.map { ($0.id, $0.isGateClosed ? 0 : $0.weight) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Weights of those who are live after a plan was carried out at once.
  private static func weights(
    _ snapshot: WorldSnapshot, after plan: WorldPlan
  ) -> [String: Double] {
    var rehearsal = PhaseRehearsal(snapshot.instances)
    rehearsal.take(plan)
    return weights(rehearsal.instances)
  }

  private static func differences(_ recorded: WorldPlan, _ other: WorldPlan) -> [Difference] {
    let rows = Dictionary(
      other.rows.map { ($0.instance, $0) }, uniquingKeysWith: { first, _ in first })
    return recorded.rows.compactMap { row in
      guard let twin = rows[row.instance], twin.action != row.action,
        row.action.concernsMoney || twin.action.concernsMoney
      else { return nil }
      let reasons = [twin.hold?.description, twin.rejection?.description].compactMap { $0 }
      return Difference(
        cycle: recorded.cycle, at: recorded.at, instance: row.instance, recorded: row.action,
        other: twin.action, reason: reasons.first ?? (twin.verdict == .fail ? "fail" : ""))
    }
  }
}

extension WhatIf.Difference {
  /// Takes in the return of a day on which it makes a difference.
  fileprivate mutating func add(_ value: Double, recorded: Double?, other: Double?) {
    guard recorded != other else { return }
    pnl = (pnl ?? 0) + ((other ?? 0) - (recorded ?? 0)) * value
    days += 1
  }
}

extension WhatIf.Outcome {
  fileprivate var differs: Bool { avoidedDays > 0 || gainedDays > 0 || contribution != 0 }

  /// Takes a return in; a weight is nil for one that is not live.
  fileprivate mutating func add(_ value: Double, recorded: Double?, other: Double?) {
    if recorded != nil { recordedDays += 1 }
    if other != nil { otherDays += 1 }
    if recorded != nil, other == nil {
      avoided = (1 + avoided) * (1 + value) - 1
      avoidedDays += 1
    } else if recorded == nil, other != nil {
      gained = (1 + gained) * (1 + value) - 1
      gainedDays += 1
    }
    contribution += ((other ?? 0) - (recorded ?? 0)) * value
  }
}

extension WorldPlan.Action {
  fileprivate var concernsMoney: Bool { self == .promote || self == .demote }
}

extension WorldPlan {
  fileprivate var moves: Int { rows.count { $0.action.concernsMoney } }
}

/// A world as it would have gone on.
private struct CarriedWorld {
  private(set) var rehearsal = PhaseRehearsal([])
  /// The phases that the record should show next, if only plans moved anybody.
  private var foreseen: [String: StrategyPhase] = [:]

  /// The standings before a decision: what data says as it was recorded, phases as they were carried
  /// on. One that the world has not had before, or that a person moved, stands as it was recorded.
  func instances(of snapshot: WorldSnapshot) -> [WorldSnapshot.Instance] {
    let carried = Dictionary(
      rehearsal.instances.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return snapshot.instances.map { recorded in
      guard let own = carried[recorded.id],
        foreseen[recorded.id].map({ $0 == recorded.phase }) ?? false
      else { return recorded }
      var instance = recorded
      instance.phase = own.phase
      instance.phaseSince = own.phaseSince
      instance.passes = own.passes
      instance.fails = own.fails
      instance.weight = own.weight
      instance.isGateClosed = own.phase == recorded.phase ? recorded.isGateClosed : own.isGateClosed
      return instance
    }
  }

  /// Carries a plan out, beside what the record says of the same cycle.
  mutating func take(_ plan: WorldPlan, beside decision: WhatIf.Recorded) {
    let instances = instances(of: decision.snapshot)
    rehearsal = PhaseRehearsal(instances)
    rehearsal.take(plan)
    foreseen = Dictionary(
      Self.following(decision).instances.map { ($0.id, $0.phase) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The recorded world after its own plan.
  static func following(_ decision: WhatIf.Recorded) -> PhaseRehearsal {
    var following = PhaseRehearsal(decision.snapshot.instances)
    following.take(decision.plan)
    return following
  }
}

extension WorldSnapshot {
  /// The snapshot as another policy would have seen it, with other standings where these are given.
  fileprivate func under(
    _ policy: WorldPolicy, _ fingerprint: Fingerprint, instances others: [Instance]?
  ) -> WorldSnapshot {
    WorldSnapshot(
      world: world, policyVersion: policy.version, policyFingerprint: fingerprint, at: at,
      cycle: cycle, countedCycle: countedCycle, epoch: epoch, declared: declared,
      breaker: breaker, datasets: datasets, instances: others ?? instances, evidence: evidence,
      correlations: correlations, portfolio: portfolio)
  }
}
