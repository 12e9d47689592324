import Essentials
import Mathematics

@testable import Worlds

/// Worlds thrown with dice: small, and with every defect that evidence has.
struct RandomWorld {
  var policy: WorldPolicy
  var parts: Parts

  /// What a snapshot is made of, so that it can be made of the same parts in another order.
  struct Parts {
    var lag: [(id: String, lag: TimeSpan)] = []
    var declared = DeclaredState.active
    var breaker = WorldSnapshot.Breaker.armed
    var instances: [WorldSnapshot.Instance] = []
    var columns: [EvidenceTable.Column] = []
    /// By pair of places; nil where no correlations are known at all.
    var correlations: CorrelationTable?
    var marginUsed = 0.1
    var cycle = 5
    var countedCycle: Int?
    var at = DecisionFixture.now
  }

  private static let metrics = ["sharpe@mid", "trades@60d", "max_dd@120d", "ulcer", "dsr@long"]

  init(using chance: inout SplitMix64) {
    policy = Self.policy(&chance)
    parts = Self.parts(&chance)
  }

  var snapshot: WorldSnapshot { Self.snapshot(parts, policy) }

  static func snapshot(_ parts: Parts, _ policy: WorldPolicy) -> WorldSnapshot {
    WorldSnapshot(
      world: "w", policyVersion: 3, policyFingerprint: Fingerprint(of: "p"), at: parts.at,
      cycle: parts.cycle, countedCycle: parts.countedCycle, epoch: 9, declared: parts.declared,
      breaker: parts.breaker,
      datasets: parts.lag.map { .init(id: $0.id, dataEnd: parts.at - $0.lag, fingerprint: "f") },
      instances: parts.instances, evidence: EvidenceTable(parts.columns),
      correlations: parts.correlations,
      portfolio: .init(
        equity: 100, sessionOpen: 100, sessionPeak: 110, marginUsed: parts.marginUsed))
  }

  /// The same facts in another order.
  func permuted(_ order: [Int], using chance: inout SplitMix64) -> WorldSnapshot {
    var other = parts
    other.lag.shuffle(using: &chance)
    other.instances = order.map { place in
      var instance = parts.instances[place]
      instance.symbols.shuffle(using: &chance)
      return instance
    }
    func picked(_ values: [Double]) -> [Double] { values.isEmpty ? [] : order.map { values[$0] } }
    other.columns = parts.columns.map {
      .init(
        $0.name, values: picked($0.values), days: picked($0.days), trades: picked($0.trades),
        bars: picked($0.bars))
    }
    other.columns.shuffle(using: &chance)
    other.correlations = parts.correlations.map { $0.sorted(order) }
    return Self.snapshot(
      other.changed { parts in
        for place in parts.instances.indices {
          let instance = parts.instances[place]
          // Made anew, since making one sorts its shares.
          parts.instances[place] = WorldSnapshot.Instance(
            id: instance.id, strategy: instance.strategy, params: instance.params,
            side: instance.side, phase: instance.phase, phaseSince: instance.phaseSince,
            passes: instance.passes, fails: instance.fails, history: instance.history,
            isWarm: instance.isWarm, symbols: instance.symbols, sectors: instance.sectors,
            venues: instance.venues, broker: instance.broker, volatility: instance.volatility,
            isApproved: instance.isApproved, weight: instance.weight,
            isGateClosed: instance.isGateClosed)
        }
      }, policy)
  }

  // MARK: - Dice

  private static func isTrue(_ share: Double, _ chance: inout SplitMix64) -> Bool {
    Double.random(in: 0..<1, using: &chance) < share
  }
  private static func pick<Element>(_ elements: [Element], _ chance: inout SplitMix64) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &chance)]
  }

  private static func parts(_ chance: inout SplitMix64) -> Parts {
    var parts = Parts()
    parts.declared = isTrue(0.9, &chance) ? .active : pick([.evalOnly, .paused], &chance)
    if isTrue(0.07, &chance) {
      parts.breaker = .init(isTripped: true, reason: "loss", since: parts.at)
    }
    for id in ["x", "y"].prefix(
      Int.random(in: 0...9, using: &chance) == 0 ? 0 : pick([1, 2], &chance))
    {
      let seconds: Int64 =
        isTrue(0.85, &chance) ? 60 : pick([-10, -2, 300, 301, 600, 601], &chance)
      parts.lag.append((id, .seconds(seconds)))
    }
    let count = Int.random(in: 0...14, using: &chance)
    var ids = Set<String>()
    while ids.count < count {
      ids.insert(
        pick(["a", "b", "é", "Z", "ab"], &chance) + "\(Int.random(in: 0...20, using: &chance))")
    }
    parts.instances = ids.sorted().shuffled(using: &chance).map { instance($0, &chance) }
    parts.columns = metrics.filter { _ in isTrue(0.93, &chance) }.map { column($0, count, &chance) }
    if isTrue(0.93, &chance) {
      let pairs = count * (count - 1) / 2
      parts.correlations = CorrelationTable(
        count: count,
        values: (0..<pairs).map { _ in
          isTrue(0.08, &chance) ? .nan : Double.random(in: -1...1, using: &chance)
        },
        overlaps: isTrue(0.9, &chance)
          ? (0..<pairs).map { _ in pick([10, 20, 100, 100, 100, 200, .nan], &chance) } : [])
    }
    parts.marginUsed = pick([0, 0.1, .nan], &chance)
    if isTrue(0.1, &chance) { parts.countedCycle = pick([4, 5, 6], &chance) }
    return parts
  }

  private static func instance(_ id: String, _ chance: inout SplitMix64)
    -> WorldSnapshot.Instance
  {
    let phases: [StrategyPhase] = [.dryrun, .dryrun, .dryrun, .live, .live, .live]
    let phase =
      isTrue(0.75, &chance) ? pick(phases, &chance) : pick(StrategyPhase.allCases, &chance)
    let share = pick([0.25, 0.5, 1], &chance)
    return WorldSnapshot.Instance(
      id: id, strategy: pick(["m", "n", "o"], &chance), params: Fingerprint(of: id),
      side: isTrue(0.6, &chance) ? .long : .short, phase: phase,
      phaseSince: DecisionFixture.now - .days(pick([-1, 2, 3, 9, 10, 30, 30, 30, 30], &chance)),
      passes: pick([0, 1, 2, 5], &chance), fails: pick([0, 0, 1, 2], &chance),
      history: .days(pick([59, 60, 400], &chance)), isWarm: isTrue(0.8, &chance),
      symbols: share == 1
        ? [.init(pick(["BTC", "ETH"], &chance), 1)]
        : [.init("ETH", share), .init("BTC", 1 - share)],
      sectors: [.init(pick(["s", "t", "u"], &chance), 1)],
      venues: isTrue(0.7, &chance) ? [.init(pick(["v", "w"], &chance), 1)] : [],
      broker: pick(["", "ib"], &chance),
      volatility: isTrue(0.2, &chance) ? .nan : Double.random(in: 0...0.05, using: &chance),
      isApproved: isTrue(0.6, &chance),
      weight: phase == .live ? pick([0, 0.12, 0.2], &chance) : 0,
      isGateClosed: isTrue(0.1, &chance))
  }

  private static func column(
    _ name: String, _ count: Int, _ chance: inout SplitMix64
  ) -> EvidenceTable.Column {
    func numbers(_ values: [Double]) -> [Double] {
      (0..<count).map { _ in
        isTrue(0.05, &chance)
          ? pick([.nan, .infinity, -.infinity], &chance) : pick(values, &chance)
      }
    }
    return EvidenceTable.Column(
      MetricName(name)!, values: numbers([-0.5, 0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4]),
      days: isTrue(0.8, &chance) ? numbers([20, 60, 90]) : [],
      trades: isTrue(0.8, &chance) ? numbers([20, 60, 90]) : [],
      bars: isTrue(0.3, &chance) ? numbers([20, 60, 90]) : [])
  }

  private static func policy(_ chance: inout SplitMix64) -> WorldPolicy {
    var policy = WorldPolicy(world: "w")
    policy.allowsLive = isTrue(0.9, &chance)
    policy.currency.onStale = pick([.evalOnly, .evalOnly, .freeze], &chance)
    if isTrue(0.3, &chance) { policy.currency.datasets = [.init(id: "y", lagMax: .hours(1))] }
    if isTrue(0.2, &chance) { policy.currency.warmup = .none }
    if isTrue(0.3, &chance) {
      var rule = MetricRules.SampleRule(metric: pick(["sharpe", "trades", "ulcer"], &chance))
      rule.daysMin = isTrue(0.7, &chance) ? 60 : nil
      rule.tradesMin = isTrue(0.4, &chance) ? 60 : nil
      rule.barsMin = isTrue(0.1, &chance) ? 60 : nil
      policy.metrics.samples = [rule]
    }
    if isTrue(0.15, &chance) { policy.robustness.deflatedSharpe = .init(min: 0.2) }
    policy.selection.universeMin = pick([1, 2, 5], &chance)
    policy.selection.gates = pick(
      [.open, condition(&chance), .and([condition(&chance), condition(&chance)])], &chance)
    if isTrue(0.5, &chance) { policy.selection.keep = condition(&chance) }
    policy.selection.score = number(3, &chance)
    if isTrue(0.5, &chance) { policy.selection.score = .metric(MetricName("sharpe@mid")!) }
    policy.selection.topK.long = pick([0, 1, 2, 3, 5], &chance)
    policy.selection.topK.short = pick([0, 1, 2, 3], &chance)
    policy.selection.topK.total = pick([1, 2, 4, 8], &chance)
    policy.selection.topK.spills = isTrue(0.3, &chance)
    if isTrue(0.6, &chance) {
      var rule = SelectionRules.CorrelationRule(pairwiseMax: pick([0.3, 0.7, 0.95], &chance))
      rule.measure = pick([.abs, .signed], &chance)
      rule.missing = pick([.reject, .allow], &chance)
      rule.overlapMin = .days(pick([0, 20], &chance))
      policy.selection.correlation = rule
    }
    if isTrue(0.4, &chance) {
      var rule = SelectionRules.ClusterRule()
      rule.linkage = pick([.average, .single, .complete], &chance)
      rule.cut = Double.random(in: 0...1, using: &chance)
      rule.perClusterMax = pick([1, 2], &chance)
      policy.selection.clusters = rule
    }
    if isTrue(0.2, &chance) { policy.selection.constraints.perStrategy = pick([1, 2], &chance) }
    if isTrue(0.2, &chance) { policy.selection.constraints.perVenue = pick([1, 2], &chance) }
    if isTrue(0.2, &chance) {
      policy.selection.constraints.perBroker = [.init(broker: "ib", max: pick([0, 1, 2], &chance))]
    }
    policy.selection.hysteresis.promoteAfter = pick([1, 2, 3], &chance)
    policy.selection.hysteresis.demoteAfter = pick([1, 2, 3], &chance)
    policy.selection.hysteresis.rankMargin = pick([0, 0, 0.2], &chance)
    if isTrue(0.2, &chance) { policy.selection.approval = .manual(approvers: ["o"]) }
    func limit(_ values: [Double]) -> Double? { isTrue(0.3, &chance) ? pick(values, &chance) : nil }
    policy.risk.budgets.weightMax = limit([0.1, 0.3])
    policy.risk.limits.perSector = limit([0.12, 0.2, 0.3])
    policy.risk.limits.perSymbol = limit([0.12, 0.2, 0.3])
    policy.risk.limits.perExchange = limit([0.3, 0.6])
    policy.risk.limits.gross = limit([0.5, 1])
    policy.risk.limits.net = limit([0.1, 0.3])
    policy.risk.limits.valueAtRisk99 = limit([0.005, 0.02])
    policy.risk.limits.expectedShortfall975 = limit([0.005, 0.02])
    policy.risk.limits.marginUsed = limit([0.3, 0.6])
    return policy
  }

  private static func condition(_ chance: inout SplitMix64) -> PolicyGate {
    switch Int.random(in: 0..<8, using: &chance) {
    case 0: .not(condition(&chance))
    case 1: .or([condition(&chance), condition(&chance)])
    case 2: .side(long: condition(&chance), short: isTrue(0.5, &chance) ? condition(&chance) : nil)
    case 3: .expression(truth(3, &chance))
    default:
      .expression(
        .binary(
          pick([.greaterOrEqual, .less], &chance), .metric(MetricName(pick(metrics, &chance))!),
          .number(pick([0, 0.4, 0.8], &chance))))
    }
  }

  /// A random condition, nested at most so deep.
  static func truth(_ depth: Int, _ chance: inout SplitMix64) -> PolicyExpression {
    let comparisons: [PolicyOperator] = [
      .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal,
    ]
    if depth <= 0 {
      return .binary(pick(comparisons, &chance), number(0, &chance), number(0, &chance))
    }
    switch Int.random(in: 0..<9, using: &chance) {
    case 0: return .boolean(isTrue(0.5, &chance))
    case 1: return .not(truth(depth - 1, &chance))
    case 2, 3: return .binary(.and, truth(depth - 1, &chance), truth(depth - 1, &chance))
    case 4, 5: return .binary(.or, truth(depth - 1, &chance), truth(depth - 1, &chance))
    case 6:
      return .within(
        number(depth - 1, &chance), number(depth - 1, &chance), number(depth - 1, &chance))
    case 7:
      return .call(
        .known,
        [isTrue(0.7, &chance) ? number(depth - 1, &chance) : truth(depth - 1, &chance)])
    default:
      return .binary(
        pick(comparisons, &chance), number(depth - 1, &chance), number(depth - 1, &chance))
    }
  }

  /// A random number, nested at most so deep.
  static func number(_ depth: Int, _ chance: inout SplitMix64) -> PolicyExpression {
    if depth <= 0 {
      switch Int.random(in: 0..<6, using: &chance) {
      case 0: return .number(pick([-1, 0, 0.5, 1, 2], &chance))
      case 1: return .metric(MetricName(base: "phase_age"))
      case 2: return .duration(.days(pick([0, 10], &chance)))
      default: return .metric(MetricName(pick(metrics, &chance))!)
      }
    }
    switch Int.random(in: 0..<10, using: &chance) {
    case 0: return .negative(number(depth - 1, &chance))
    case 1, 2, 3:
      return .binary(
        pick([.plus, .minus, .times, .over, .power], &chance), number(depth - 1, &chance),
        number(depth - 1, &chance))
    case 4: return .call(pick([.abs, .sqrt, .log, .exp], &chance), [number(depth - 1, &chance)])
    case 5: return .call(pick([.rank, .pctile, .zscore], &chance), [number(depth - 1, &chance)])
    case 6:
      return .call(
        .clip,
        [number(depth - 1, &chance), number(depth - 1, &chance), number(depth - 1, &chance)])
    case 7: return .call(.coalesce, [number(depth - 1, &chance), number(depth - 1, &chance)])
    case 8:
      return .call(
        pick([.min, .max], &chance), [number(depth - 1, &chance), number(depth - 1, &chance)])
    default: return number(0, &chance)
    }
  }
}

extension RandomWorld.Parts {
  func changed(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }
}
