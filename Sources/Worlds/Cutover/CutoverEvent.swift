package import Essentials

/// One thing that happened in a run. The state of a run is the fold of these and of nothing else.
package struct CutoverEvent: Hashable, Sendable {
  package var run: String
  package var fact: Fact

  package init(run: String, _ fact: Fact) {
    self.run = run
    self.fact = fact
  }

  /// What happened, with what must be known of it.
  package enum Fact: Hashable, Sendable {
    case planned(CutoverDemand)
    /// The gates concerned are closed from this epoch on.
    case frozen(epoch: Int, gates: [GateChange])
    /// Every holder has confirmed the closed gates, or its lease has ended.
    case acknowledged([CutoverHolder])
    /// No order is open any more; the digest is that of the positions.
    case drained(positions: Fingerprint)
    /// The broker is in order, and this is how positions will be carried over.
    case verified(CutoverTransition)
    /// The one commit that changes who trades money.
    case switched(CutoverSwitch)
    /// An order is about to be sent.
    case orderSent(CutoverOrder)
    case transitioned(ends: [CutoverOrderEnd], needsOperator: [String])
    /// Would-be orders of the promoted are watched from this epoch on.
    case opening(epoch: Int, gates: [GateChange])
    case completed(CutoverEnd)
    case aborted(CutoverEnd)
    case rolledBack(CutoverEnd)
  }

  /// `cutover.planned` and so on.
  package var kind: String {
    switch fact {
    case .planned: "cutover.planned"
    case .frozen: "cutover.frozen"
    case .acknowledged: "cutover.acknowledged"
    case .drained: "cutover.drained"
    case .verified: "cutover.verified"
    case .switched: "cutover.switched"
    case .orderSent: "cutover.order_sent"
    case .transitioned: "cutover.transitioned"
    case .opening: "cutover.opening"
    case .completed: "cutover.completed"
    case .aborted: "cutover.aborted"
    case .rolledBack: "cutover.rolled_back"
    }
  }

  /// All kinds, in the order of a run.
  package static let kinds = [
    "cutover.planned", "cutover.frozen", "cutover.acknowledged", "cutover.drained",
    "cutover.verified", "cutover.switched", "cutover.order_sent", "cutover.transitioned",
    "cutover.opening", "cutover.completed", "cutover.aborted", "cutover.rolled_back",
  ]

  // MARK: - What it does to a world

  /// The epoch that the world takes with it, nil where it stays.
  package var epoch: Int? {
    switch fact {
    case .frozen(let epoch, _), .opening(let epoch, _): epoch
    case .switched(let change): change.epoch
    case .completed(let end), .aborted(let end), .rolledBack(let end): end.epoch
    default: nil
    }
  }

  /// The states that gates of the world take with it.
  package var gates: [GateChange] {
    switch fact {
    case .frozen(_, let gates), .opening(_, let gates): gates
    case .switched(let change): change.gates
    case .completed(let end), .aborted(let end), .rolledBack(let end): end.gates
    default: []
    }
  }

  /// The phases that instances take with it.
  package var phases: [CutoverSwitch.Phase] {
    if case .switched(let change) = fact { change.phases } else { [] }
  }

  /// The weights that instances take with it.
  package var weights: [CutoverPlan.Weighted] {
    if case .switched(let change) = fact { change.weights } else { [] }
  }

  /// How the run ended, nil where it did not end with it.
  package var outcome: CutoverOutcome? {
    switch fact {
    case .completed(let end): end.outcome(.completed)
    case .aborted(let end): end.outcome(.aborted)
    case .rolledBack(let end): end.outcome(.rolledBack)
    default: nil
    }
  }
}

/// What a run was asked to do, with everything it needs to know when it is taken up again.
package struct CutoverDemand: Hashable, Sendable {
  package var plan: CutoverPlan
  package var rules: CutoverRules
  /// How those that the plan names stood before, in the order of keys.
  package var standings: [CutoverStanding]

  package init(plan: CutoverPlan, rules: CutoverRules, standings: [CutoverStanding]) {
    self.plan = plan
    self.rules = rules
    self.standings = standings.sorted { $0.key < $1.key }
  }
}

/// Whether a holder of gates confirmed that they are closed.
package struct CutoverHolder: Hashable, Sendable {
  package var name: String
  /// False where its lease ended first, by which its gates are closed as well.
  package var isConfirmed: Bool

  package init(_ name: String, isConfirmed: Bool) {
    self.name = name
    self.isConfirmed = isConfirmed
  }
}

/// The switch itself: phases, weights and gates from one epoch on.
package struct CutoverSwitch: Hashable, Sendable {
  package var epoch: Int
  package var phases: [Phase]
  package var weights: [CutoverPlan.Weighted]
  package var gates: [GateChange]

  /// A phase that an instance takes.
  package struct Phase: Hashable, Sendable {
    package var instance: String
    package var phase: StrategyPhase

    package init(_ instance: String, _ phase: StrategyPhase) {
      self.instance = instance
      self.phase = phase
    }
  }

  package init(
    epoch: Int, phases: [Phase], weights: [CutoverPlan.Weighted], gates: [GateChange]
  ) {
    self.epoch = epoch
    self.phases = phases
    self.weights = weights
    self.gates = gates
  }
}

/// The last word of a run.
package struct CutoverEnd: Hashable, Sendable {
  package var epoch: Int
  package var gates: [GateChange]
  /// Empty where everything went its way.
  package var reason: String
  /// Instances whose gates stay closed until a person has looked, in order.
  package var needsOperator: [String]

  package init(epoch: Int, gates: [GateChange], reason: String, needsOperator: [String]) {
    self.epoch = epoch
    self.gates = gates
    self.reason = reason
    self.needsOperator = needsOperator
  }

  func outcome(_ stage: CutoverStage) -> CutoverOutcome {
    CutoverOutcome(stage: stage, epoch: epoch, reason: reason, needsOperator: needsOperator)
  }
}

/// An event as it was recorded, with its instant.
package struct RecordedCutoverEvent: Hashable, Sendable {
  package var event: CutoverEvent
  package var at: Timestamp

  package init(_ event: CutoverEvent, at: Timestamp) {
    self.event = event
    self.at = at
  }
}
