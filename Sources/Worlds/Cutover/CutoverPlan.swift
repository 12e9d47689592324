package import Essentials

/// What a run is to switch: who leaves live money, who gets it, and whose weight changes.
package struct CutoverPlan: Hashable, Sendable {
  /// The name of the run; asked for again, it is the same run.
  package var run: String
  package var world: String
  /// The decision that it applies; empty where a person demanded it.
  package var planID: String
  /// The epoch of the world at which the switch was decided; at another it is stale.
  package var baseEpoch: Int
  /// In the order of keys, as the two others.
  package var demote: [GateKey]
  package var promote: [Weighted]
  package var reweight: [Weighted]
  /// Who demanded it, and why; nil where it follows from a decision. It is no part of the digest.
  package var demand: Demand?

  /// A person's wish that something be switched.
  package struct Demand: Hashable, Sendable {
    /// The name under which the person is recorded.
    package var by: String
    package var reason: String

    package init(by: String, reason: String) {
      self.by = by
      self.reason = reason
    }
  }

  /// A gate and the weight that it trades with afterwards.
  package struct Weighted: Hashable, Sendable {
    package var key: GateKey
    package var weight: Double

    package init(_ key: GateKey, weight: Double) {
      self.key = key
      self.weight = weight
    }
  }

  package init(
    run: String, world: String, planID: String, baseEpoch: Int, demote: [GateKey] = [],
    promote: [Weighted] = [], reweight: [Weighted] = []
  ) {
    self.run = run
    self.world = world
    self.planID = planID
    self.baseEpoch = baseEpoch
    self.demote = demote.sorted()
    self.promote = promote.sorted { $0.key < $1.key }
    self.reweight = reweight.sorted { $0.key < $1.key }
  }

  /// The part of a decision that touches live money: its steps DEMOTE, PROMOTE and REWEIGHT. A step
  /// about an instance that the decision has no row of is left out.
  package init(run: String, applying plan: WorldPlan) {
    var sides: [String: TradingSide] = [:]
    for row in plan.rows { sides[row.instance] = row.side }
    func keys(_ kind: WorldPlan.Step.Kind) -> [Weighted] {
      plan.steps.compactMap { step in
        guard step.kind == kind, let side = sides[step.instance] else { return nil }
        return Weighted(GateKey(step.instance, side), weight: step.weight ?? 0)
      }
    }
    self.init(
      run: run, world: plan.world, planID: plan.id.hexadecimal, baseEpoch: plan.epoch,
      demote: keys(.demote).map(\.key), promote: keys(.promote), reweight: keys(.reweight))
  }

  /// Whether there is nothing to switch.
  package var isEmpty: Bool { demote.isEmpty && promote.isEmpty && reweight.isEmpty }

  /// The digest of what is switched, without the run's name and who demanded it: two demands of one name are one run only where it
  /// is equal.
  package var hash: Fingerprint {
    Fingerprint(of: JSONValue.object(members).compactText)
  }

  /// Members of the document, without the name of the run.
  var members: [JSONValue.Member] {
    [
      .init("base_epoch", .integer(baseEpoch)),
      .init("demote", .array(demote.map { .object($0.members) })),
      .init("plan_id", .string(planID)),
      .init("promote", .array(promote.map(\.json))),
      .init("reweight", .array(reweight.map(\.json))),
      .init("world", .string(world)),
    ]
  }
}

extension CutoverPlan.Weighted {
  var json: JSONValue { .object(key.members + [.init("weight", .number(weight))]) }
}

extension GateKey {
  var members: [JSONValue.Member] {
    [.init("instance", .string(instance)), .init("side", .string(side.rawValue))]
  }
}
