import Essentials
import Mathematics

@testable import Worlds

/// A world that tests tell what happens.
struct WorldBench {
  var state: WorldState
  var now = WorldBench.start
  private(set) var entries: [WorldEntry] = []

  static let start = Timestamp(millisecondsSinceEpoch: 1_700_006_400_000)
  static let owner = WorldActor.token("ann", ceiling: .owner)
  static let `operator` = WorldActor.token("bob", ceiling: .operator)
  static let reader = WorldActor.token("eve", ceiling: .owner)

  init(_ world: String = "w") {
    state = WorldState(world: world)
  }

  static func policy(_ change: (inout WorldPolicy) -> Void = { _ in }) -> WorldPolicy {
    var policy = WorldPolicy(world: "w")
    policy.allowsLive = true
    policy.roles.owners = ["ann"]
    policy.roles.operators = ["bob"]
    policy.roles.readers = ["eve"]
    policy.selection.gates = .expression(
      .binary(
        .greaterOrEqual, .metric(MetricName(base: "sharpe", over: .mid)), .number(0.6)))
    policy.selection.score = .metric(MetricName(base: "sharpe", over: .mid))
    policy.selection.hysteresis.promoteAfter = 1
    policy.selection.hysteresis.demoteAfter = 1
    policy.selection.hysteresis.dwellMin = .zero
    change(&policy)
    return policy
  }

  static func proposal(_ policy: WorldPolicy) -> PolicyProposal {
    PolicyProposal(
      policy: policy, fingerprint: policy.fingerprint, diff: .array([]), reason: "test")
  }

  static func submission(
    _ id: String, _ side: TradingSide = .long, formula: String? = nil
  ) -> InstanceSubmission {
    InstanceSubmission(
      id: id, strategy: "s", side: side, formula: formula ?? "rank(\(id))",
      panel: ["name": "p"])
  }

  mutating func tell(_ events: [WorldEvent], by actor: String = "desk") {
    for event in events {
      let entry = WorldEntry(seq: state.lastSeq + 1, at: now, actor: actor, event: event)
      entries.append(entry)
      state.take(entry)
    }
  }

  @discardableResult
  mutating func order(
    _ command: WorldCommand, by actor: WorldActor = WorldBench.owner
  ) throws(WorldRefusal) -> [WorldEvent] {
    let events = try state.decide(on: command, by: actor)
    tell(events, by: actor.name)
    return events
  }

  /// A world with a policy and instances on paper or live.
  static func running(
    _ instances: [(id: String, phase: StrategyPhase)],
    _ change: (inout WorldPolicy) -> Void = { _ in }
  ) throws -> WorldBench {
    var bench = WorldBench()
    try bench.order(.publish(proposal(policy(change))))
    for (id, _) in instances {
      try bench.order(.submit(submission(id, id.hasPrefix("s") ? .short : .long)))
    }
    for (id, phase) in instances { bench.bring(id, to: phase) }
    return bench
  }

  /// Moves an instance on by the events that lead there; a live one gets an open gate.
  mutating func bring(_ id: String, to phase: StrategyPhase) {
    let path: [StrategyPhase] =
      switch phase {
      case .submitted: []
      case .backtest: [.backtest]
      case .dryrun: [.backtest, .dryrun]
      case .live: [.backtest, .dryrun, .live]
      case .inactive: [.backtest, .dryrun, .inactive]
      case .failed: [.backtest, .failed]
      case .retired: [.retired]
      }
    for next in path {
      let from = state.instances[id]?.phase ?? .submitted
      tell([.phaseMoved(PhaseMove(instance: id, from: from, to: next, reason: "test"))])
    }
    guard phase == .live, let side = state.instances[id]?.side else { return }
    tell([
      .gatesChanged(
        GateRuling(
          epoch: state.epoch + 1,
          gates: [GateChange(GateKey(id, side), .open(weight: 0.1))], reason: "test"))
    ])
  }

  /// Evidence in which everybody has the Sharpe ratio that is given.
  func evidence(_ sharpes: [String: Double], lag: TimeSpan = .minutes(1)) -> CycleEvidence {
    let records = state.judged
    return CycleEvidence(
      datasets: [WorldSnapshot.Dataset(id: "p", dataEnd: now - lag, fingerprint: "f")],
      instances: records.map {
        InstanceEvidence(
          id: $0.id, history: .days(400), isWarm: true, symbols: [WorldSnapshot.Share($0.id, 1)],
          volatility: 0.01)
      },
      table: EvidenceTable([
        EvidenceTable.Column(
          MetricName(base: "sharpe", over: .mid), values: records.map { sharpes[$0.id] ?? .nan })
      ]), correlations: nil)
  }

  /// Evaluates as the desk does, and returns the plan.
  @discardableResult
  mutating func evaluate(
    _ sharpes: [String: Double], lag: TimeSpan = .minutes(1)
  ) throws -> WorldPlan {
    try order(.evaluate(at: now), by: .desk)
    let snapshot = try state.snapshot(
      at: now, evidence: evidence(sharpes, lag: lag),
      portfolio: WorldSnapshot.Portfolio(
        equity: 100, sessionOpen: 100, sessionPeak: 100, marginUsed: 0))
    let plan = WorldDecision.decide(snapshot, state.rules)
    tell([.evaluated(state.evaluated(plan, snapshot: nil))])
    try order(.reconcile(reason: "evaluation"), by: .desk)
    return plan
  }

  /// Carries the latest plan's moves out, step by step.
  mutating func cutOver(_ wish: CutoverWish? = nil) throws {
    guard let evaluation = state.evaluation,
      let plan = try state.cutover(wish ?? .plan(evaluation.plan.id))
    else { return }
    for fact in Self.facts(of: plan, in: state) {
      tell([.cutover(CutoverEvent(run: plan.run, fact))])
    }
  }

  /// The steps of a run in which nothing goes wrong.
  static func facts(of plan: CutoverPlan, in state: WorldState) -> [CutoverEvent.Fact] {
    let keys = (plan.demote + plan.promote.map(\.key) + plan.reweight.map(\.key)).sorted()
    let closed = keys.map { GateChange($0, .closed) }
    let open = (plan.promote + plan.reweight).sorted { $0.key < $1.key }.map {
      GateChange($0.key, .open(weight: $0.weight))
    }
    let named = Set(keys)
    return [
      .planned(
        CutoverDemand(
          plan: plan, rules: CutoverRules(),
          standings: state.cutoverWorld.standings.filter { named.contains($0.key) })),
      .frozen(epoch: plan.baseEpoch + 1, gates: closed), .acknowledged([]),
      .drained(positions: Fingerprint(of: "")), .verified(.none),
      .switched(
        CutoverSwitch(
          epoch: plan.baseEpoch + 2,
          phases: plan.demote.map { .init($0.instance, .inactive) }
            + plan.promote.map { .init($0.key.instance, .live) },
          weights: plan.promote + plan.reweight, gates: closed)),
      .transitioned(ends: [], needsOperator: []),
      .completed(
        CutoverEnd(epoch: plan.baseEpoch + 3, gates: open, reason: "", needsOperator: [])),
    ]
  }
}
