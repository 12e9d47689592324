/// What a run must know of its world before it begins.
package struct CutoverWorld: Hashable, Sendable {
  package var world: String
  package var epoch: Int
  package var mode: WorldMode
  /// Whether the policy lets anything trade money.
  package var allowsLive: Bool
  /// Every instance that is live, and those that the plan names, in any order.
  package var standings: [CutoverStanding]
  package var liveMax: LiveMax

  /// How many may be live at once; nil is no limit.
  package struct LiveMax: Hashable, Sendable {
    package var total: Int?
    package var long: Int?
    package var short: Int?

    package init(total: Int? = nil, long: Int? = nil, short: Int? = nil) {
      self.total = total
      self.long = long
      self.short = short
    }
  }

  package init(
    world: String, epoch: Int, mode: WorldMode, allowsLive: Bool, standings: [CutoverStanding],
    liveMax: LiveMax = LiveMax()
  ) {
    self.world = world
    self.epoch = epoch
    self.mode = mode
    self.allowsLive = allowsLive
    self.standings = standings
    self.liveMax = liveMax
  }

  /// Why a plan cannot be carried out here; nil where it can.
  func objection(to plan: CutoverPlan) -> CutoverRefusal? {
    guard plan.world == world else { return .otherWorld(plan: plan.world, world: world) }
    guard plan.baseEpoch == epoch else {
      return .stalePlan(base: plan.baseEpoch, current: epoch)
    }
    guard !plan.isEmpty else { return .nothingToSwitch }
    if !plan.promote.isEmpty {
      guard allowsLive else { return .liveForbidden }
      guard mode == .active else { return .notActive(mode) }
    }
    var phases: [GateKey: StrategyPhase] = [:]
    for standing in standings { phases[standing.key] = standing.phase }
    var seen: Set<String> = []
    let moves: [(GateKey, StrategyPhase)] =
      plan.demote.map { ($0, .live) } + plan.promote.map { ($0.key, .dryrun) }
      + plan.reweight.map { ($0.key, .live) }
    for (key, demanded) in moves {
      guard seen.insert(key.instance).inserted else { return .namedTwice(key.instance) }
      guard let phase = phases[key] else { return .unknownInstance(key.instance) }
      guard phase == demanded else {
        return .wrongPhase(key.instance, phase: phase, demanded: demanded)
      }
    }
    for weighted in plan.promote + plan.reweight
    where !GateState.open(weight: weighted.weight).isUsable {
      return .unusableWeight(weighted.key.instance, weighted.weight)
    }
    return crowding(of: plan)
  }

  private func crowding(of plan: CutoverPlan) -> CutoverRefusal? {
    guard !plan.promote.isEmpty else { return nil }
    let leaving = Set(plan.demote)
    var live = standings.filter { $0.phase == .live }.map(\.key).filter { !leaving.contains($0) }
    live += plan.promote.map(\.key)
    let limits: [(name: String, count: Int, max: Int?)] = [
      ("at all", live.count, liveMax.total),
      ("long", live.count { $0.side == .long }, liveMax.long),
      ("short", live.count { $0.side == .short }, liveMax.short),
    ]
    for limit in limits {
      if let max = limit.max, limit.count > max {
        return .tooManyLive(side: limit.name, count: limit.count, max: max)
      }
    }
    return nil
  }
}

/// How an instance stands before a run.
package struct CutoverStanding: Hashable, Sendable {
  package var key: GateKey
  package var phase: StrategyPhase
  package var weight: Double
  package var gate: GateState

  package init(_ key: GateKey, phase: StrategyPhase, weight: Double, gate: GateState) {
    self.key = key
    self.phase = phase
    self.weight = weight
    self.gate = gate
  }
}
