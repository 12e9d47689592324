package import Essentials

/// Who trades, with how much, and what must be done for it: a pure function of what a snapshot says
/// and a policy demands.
///
/// It asks no clock, no chance and no network; one snapshot and one policy give one plan, byte for
/// byte. In this order:
/// 1. How current the data is, and from it the mode of the world.
/// 2. Moves of those whose evidence is not judged: submitted, backtest, inactive.
/// 3. Verdicts: the gates and robustness for those on paper, `keep` for incumbents; scores; ranks.
/// 4. Admission in the order of ranks, with refill.
/// 5. Streaks, in Active cycles only.
/// 6. Demotions, then promotions in the order of ranks against those who are live by then.
/// 7. Weights, scaled until every limit is kept.
///
/// Cost: linear in the instances for the verdicts, one sort of those that passed, and at most one
/// correlation for each of them and each place.
package enum WorldDecision {
  /// Decides, and digests the snapshot for it, which costs more than deciding where correlations
  /// are many.
  package static func decide(_ snapshot: WorldSnapshot, _ policy: WorldPolicy) -> WorldPlan {
    decide(snapshot, policy, snapshotFingerprint: snapshot.fingerprint)
  }

  /// Decides on a snapshot whose digest is known.
  package static func decide(
    _ snapshot: WorldSnapshot, _ policy: WorldPolicy, snapshotFingerprint: Fingerprint
  ) -> WorldPlan {
    var cycle = DecisionCycle(snapshot, policy)
    cycle.run()
    return cycle.plan(snapshotFingerprint)
  }
}

/// One decision while it is taken.
private struct DecisionCycle {
  private let snapshot: WorldSnapshot
  private let policy: WorldPolicy
  private let currency: DataCurrency
  private let mode: WorldMode
  /// Whether instances may move and streaks count.
  private let isMoving: Bool
  /// Whether live gates close.
  private let isClosing: Bool

  private var rows: [WorldPlan.Row]
  /// Places of those that passed, best first.
  private var ranked: [Int] = []
  private var clusters: [Int]?
  /// Those who are live afterwards, in the order of ids.
  private var live: [Int] = []
  private var demoted: [Int] = []
  private var promoted: [Int] = []
  private var promotedWeights: [Int: Double] = [:]
  private var allocations: [WorldPlan.Allocation] = []
  private var risk = RiskReading.nothing
  private var reweighted: [WorldPlan.Step] = []

  init(_ snapshot: WorldSnapshot, _ policy: WorldPolicy) {
    self.snapshot = snapshot
    self.policy = policy
    currency = DataCurrency(of: snapshot, under: policy.currency)
    mode = WorldMode(of: snapshot, currency)
    isMoving = mode == .active && (snapshot.countedCycle.map { snapshot.cycle > $0 } ?? true)
    isClosing = mode == .paused || mode == .halted || currency.isHalting
    rows = snapshot.instances.map { instance in
      WorldPlan.Row(
        instance: instance.id, side: instance.side, phase: instance.phase, verdict: .none,
        passes: instance.passes, fails: instance.fails)
    }
  }

  mutating func run() {
    for row in rows.indices where !rows[row].phase.isJudged { settleUnjudged(row) }
    if mode != .paused {
      judge()
      admit()
    }
    if isMoving {
      countStreaks()
      demote()
      promote()
    } else {
      holdJudged()
    }
    weigh()
  }

  private func age(_ row: Int) -> TimeSpan { snapshot.at - snapshot.instances[row].phaseSince }

  // MARK: - Those whose evidence is not judged

  private mutating func settleUnjudged(_ row: Int) {
    switch rows[row].phase {
    case .submitted:
      // History is replayed in every mode but one: it orders nothing, and it is how a world that is
      // behind catches up.
      if mode == .paused {
        rows[row].hold = .mode(mode)
      } else if mode == .active, !isMoving {
        rows[row].hold = .cycleDone
      } else {
        rows[row].action = .startBacktest
      }
    case .backtest: start(row, unless: obstacleToPaper(of: row))
    case .inactive:
      start(
        row,
        unless: age(row) < policy.selection.hysteresis.cooldown
          ? .cooldown : currency.standing == .current ? nil : .catchUp)
    case .dryrun, .live, .failed, .retired: break
    }
  }

  private func obstacleToPaper(of row: Int) -> WorldPlan.Hold? {
    if currency.standing != .current { return .catchUp }
    if snapshot.instances[row].history < policy.currency.historyMin { return .historyMin }
    if policy.currency.warmup != .none, !snapshot.instances[row].isWarm { return .warmup }
    return nil
  }

  private mutating func start(_ row: Int, unless obstacle: WorldPlan.Hold?) {
    if mode == .paused {
      rows[row].hold = .mode(mode)
    } else if let obstacle {
      rows[row].hold = obstacle
    } else if mode != .active {
      rows[row].hold = .mode(mode)
    } else if !isMoving {
      rows[row].hold = .cycleDone
    } else {
      rows[row].action = .startDryrun
      rows[row].passes = 0
      rows[row].fails = 0
    }
  }

  // MARK: - Verdicts and ranks

  private mutating func judge() {
    let evaluation = ExpressionEvaluation(snapshot, under: policy)
    let selection = policy.selection
    let entry = evaluation.truths(policy.entryGate)
    let keep = selection.keep.map { evaluation.truths($0) } ?? evaluation.truths(selection.gates)
    let scores = evaluation.numbers(selection.score)
    var order: [(score: Double, row: Int)] = []
    for row in rows.indices where rows[row].phase.isJudged {
      let isIncumbent = rows[row].phase == .live
      let isKnown = !scores[row].isNaN
      rows[row].score = isKnown ? scores[row] : nil
      switch isIncumbent ? keep[row] : entry[row] {
      case .no: rows[row].verdict = .fail
      case .yes where isKnown:
        rows[row].verdict = .pass
        order.append((scores[row] + (isIncumbent ? selection.hysteresis.rankMargin : 0), row))
      case .yes, .unknown: rows[row].verdict = .insufficient
      }
    }
    order.sort { left, right in
      if left.score != right.score { return left.score > right.score }
      let isLive = (rows[left.row].phase == .live, rows[right.row].phase == .live)
      return isLive.0 == isLive.1 ? left.row < right.row : isLive.0
    }
    ranked = order.map(\.row)
    for (place, row) in ranked.enumerated() { rows[row].rank = place + 1 }
  }

  private mutating func admit() {
    if policy.selection.clusters != nil {
      clusters =
        ClusterAssignment(ranked.sorted(), of: snapshot, under: policy.selection).groups
    }
    var roster = Roster(snapshot, under: policy, clusters: clusters)
    for row in ranked { admit(row, to: &roster, .bySide) }
    guard policy.selection.topK.spills else { return }
    for row in ranked where rows[row].rejection == .sideQuota { admit(row, to: &roster, .total) }
  }

  private mutating func admit(_ row: Int, to roster: inout Roster, _ quota: Roster.Quota) {
    let obstacle = roster.obstacle(to: row, quota)
    rows[row].isAdmitted = obstacle == nil
    rows[row].rejection = obstacle.map { WorldPlan.Rejection($0, in: snapshot) }
    if obstacle == nil { roster.append(row) }
  }

  // MARK: - Moves of those whose evidence is judged

  private mutating func countStreaks() {
    for row in rows.indices where rows[row].phase.isJudged {
      if rows[row].isAdmitted {
        rows[row].passes += 1
        rows[row].fails = 0
      } else {
        rows[row].passes = 0
        if rows[row].verdict != .insufficient { rows[row].fails += 1 }
      }
    }
  }

  private mutating func demote() {
    let rules = policy.selection.hysteresis
    for row in rows.indices where rows[row].phase == .live {
      let isFailing = !rows[row].isAdmitted && rows[row].verdict != .insufficient
      if isFailing, rows[row].fails < rules.demoteAfter {
        rows[row].hold = .streak
      } else if isFailing, age(row) < rules.dwellMin {
        rows[row].hold = .dwellMin
      } else if isFailing {
        rows[row].action = .demote
        demoted.append(row)
        continue
      }
      live.append(row)
    }
  }

  private mutating func promote() {
    var roster = Roster(snapshot, under: policy, clusters: clusters)
    for row in live { roster.append(row) }
    let quota: Roster.Quota = policy.selection.topK.spills ? .total : .bySide
    for row in ranked where rows[row].phase == .dryrun && rows[row].isAdmitted {
      if let hold = obstacleToMoney(of: row, beside: roster, quota) {
        rows[row].hold = hold
      } else {
        rows[row].action = .promote
        roster.append(row)
        promoted.append(row)
      }
    }
    live = (live + promoted).sorted()
  }

  private func obstacleToMoney(
    of row: Int, beside roster: Roster, _ quota: Roster.Quota
  ) -> WorldPlan.Hold? {
    let rules = policy.selection.hysteresis
    let instance = snapshot.instances[row]
    if rows[row].passes < rules.promoteAfter { return .streak }
    if age(row) < rules.dwellMin { return .dwellMin }
    if let obstacle = roster.obstacle(to: row, quota) {
      return WorldPlan.Hold(obstacle, in: snapshot)
    }
    if policy.risk.limits.limitsLosses, !instance.isVolatilityKnown { return .volatilityUnknown }
    if !policy.allowsLive { return .liveForbidden }
    if case .manual = policy.selection.approval, !instance.isApproved { return .approval }
    return nil
  }

  private mutating func holdJudged() {
    for row in rows.indices where rows[row].phase.isJudged {
      let isLive = rows[row].phase == .live
      if isLive { live.append(row) }
      if isLive, isClosing, !snapshot.instances[row].isGateClosed {
        rows[row].action = .gateClose
      } else {
        rows[row].hold = mode == .active ? .cycleDone : .mode(mode)
      }
    }
  }

  // MARK: - Weights

  private mutating func weigh() {
    guard mode == .active else { return readWeights() }
    let slots = SlotWeights(policy)
    var weights = live.map { slots[rows[$0].side] }
    // More may be live than there are places, where a policy has just taken places away; together
    // they keep to the budget.
    for side in TradingSide.allCases {
      let holders = live.indices.filter { rows[live[$0]].side == side }
      guard !holders.isEmpty else { continue }
      let share = policy.risk.budgets[side] / Double(holders.count)
      for place in holders { weights[place] = min(weights[place], share) }
    }
    let scaled = RiskScaling(live, weights: weights, of: snapshot, under: policy.risk)
    risk = scaled.reading
    for (row, weight) in zip(live, scaled.weights) {
      allocate(weight, to: row)
      let isChanged = !(abs(weight - snapshot.instances[row].weight) <= Roster.tolerance)
      if rows[row].phase != .live {
        promotedWeights[row] = weight
      } else if isChanged {
        reweighted.append(.init(.reweight, rows[row].instance, weight: weight))
      }
    }
  }

  /// Outside of Active cycles weights stay, and nothing trades behind a closed gate.
  private mutating func readWeights() {
    let weights = live.map { row in
      let weight = snapshot.instances[row].weight
      return weight > 0 && weight.isFinite ? weight : 0
    }
    risk = RiskScaling(reading: live, weights: weights, of: snapshot, under: policy.risk).reading
    for (row, weight) in zip(live, weights) {
      allocate(isClosing || snapshot.instances[row].isGateClosed ? 0 : weight, to: row)
    }
  }

  private mutating func allocate(_ weight: Double, to row: Int) {
    allocations.append(
      .init(instance: rows[row].instance, side: rows[row].side, weight: weight))
  }

  // MARK: - The plan

  func plan(_ fingerprint: Fingerprint) -> WorldPlan {
    WorldPlan(
      id: WorldPlan.identity(snapshot: fingerprint, policy: snapshot.policyFingerprint),
      snapshot: fingerprint, policy: snapshot.policyFingerprint, world: snapshot.world,
      policyVersion: snapshot.policyVersion, cycle: snapshot.cycle, at: snapshot.at,
      epoch: snapshot.epoch, mode: mode, currency: currency, rows: rows, steps: steps,
      allocations: allocations, risk: risk, occasions: occasions)
  }

  private var steps: [WorldPlan.Step] {
    func steps(_ kind: WorldPlan.Step.Kind, _ action: WorldPlan.Action) -> [WorldPlan.Step] {
      rows.lazy.filter { $0.action == action }.map { .init(kind, $0.instance) }
    }
    return steps(.gateClose, .gateClose) + demoted.map { .init(.demote, rows[$0].instance) }
      + promoted.map { .init(.promote, rows[$0].instance, weight: promotedWeights[$0]) }
      + steps(.startBacktest, .startBacktest) + steps(.startDryrun, .startDryrun) + reweighted
  }

  private var occasions: [AlertRule.Occasion] {
    AlertRule.Occasion.allCases.filter { occasion in
      switch occasion {
      case .promoted: !promoted.isEmpty
      case .demoted: !demoted.isEmpty
      case .circuit: snapshot.breaker.isTripped
      case .stale: currency.standing == .stale || currency.standing == .unknown
      case .future: currency.standing == .future
      case .cutoverFailed, .rolledBack, .delayed: false
      }
    }
  }
}

extension WorldPolicy {
  /// What those on paper must show: the gates, and what is demanded against luck.
  package var entryGate: PolicyGate { .and([selection.gates, robustness.gate]) }
}

extension WorldPlan {
  /// The digest of a plan: of the digests of what it follows from, and of the name of the rules.
  static func identity(snapshot: Fingerprint, policy: Fingerprint) -> Fingerprint {
    Fingerprint(of: "\(snapshot)\n\(policy)\n\(engine)")
  }
}

extension WorldPlan.Rejection {
  init(_ obstacle: Roster.Obstacle, in snapshot: WorldSnapshot) {
    switch obstacle {
    case .sideQuota: self = .sideQuota
    case .totalQuota: self = .totalQuota
    case .correlated(let other): self = .correlated(with: snapshot.instances[other].id)
    case .correlationMissing(let other):
      self = .correlationMissing(with: snapshot.instances[other].id)
    case .cluster: self = .cluster
    case .perStrategy: self = .perStrategy
    case .perVenue: self = .perVenue
    case .perBroker: self = .perBroker
    case .sector(let name): self = .sectorCap(name)
    case .symbol(let name): self = .symbolCap(name)
    case .exchange(let name): self = .exchangeCap(name)
    }
  }
}

extension WorldPlan.Hold {
  init(_ obstacle: Roster.Obstacle, in snapshot: WorldSnapshot) {
    switch obstacle {
    case .sideQuota, .totalQuota: self = .slotBusy
    case .correlated(let other), .correlationMissing(let other):
      self = .liveCorrelation(with: snapshot.instances[other].id)
    case .cluster, .perStrategy, .perVenue, .perBroker: self = .liveCount
    case .sector(let name): self = .liveSector(name)
    case .symbol(let name): self = .liveSymbol(name)
    case .exchange(let name): self = .liveExchange(name)
    }
  }
}
