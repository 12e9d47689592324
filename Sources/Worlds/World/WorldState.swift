package import Essentials

/// A world as its events have made it.
///
/// 1. It is a fold: the same events in the same order give an equal state, whoever folds them.
/// 2. An event that was taken in, or that stands before one that was, changes nothing.
/// 3. The epoch of its gates only grows; a change of gates with an epoch that is not larger changes
///    nothing but ``staleChanges``.
/// 4. Every change of phase is one that ``PhaseMachine`` knows; another changes nothing but
///    ``strayMoves``.
/// 5. A gate that is not closed belongs to an instance that is live.
package struct WorldState: Hashable, Sendable {
  package let world: String
  package internal(set) var isCreated = false
  package internal(set) var isDeleted = false
  /// The number of the last event taken in.
  package internal(set) var lastSeq: Int64 = 0
  /// By version, which counts from 1.
  package internal(set) var policies: [PolicyRecord] = []
  package internal(set) var declared = DeclaredState.active
  /// Who declared it, and why; nil while it is what the first policy says.
  package internal(set) var declaration: Declaration?
  /// Whether a person or an alert keeps every gate closed.
  package internal(set) var isFrozen = false
  package internal(set) var instances: [String: InstanceRecord] = [:]
  /// In the order of bytes.
  package internal(set) var ids: [String] = []
  package internal(set) var epoch = 0
  package internal(set) var breaker = WorldBreaker()
  /// What the judges of risk know, under the rules in force.
  package internal(set) var risk = RiskCuts(RiskRules.Cuts())
  /// The last cycle that was evaluated, from 1; a cycle may be evaluated more than once.
  package internal(set) var cycle = 0
  /// The last cycle whose verdicts moved streaks, nil before the first.
  package internal(set) var countedCycle: Int?
  package internal(set) var evaluation: EvaluationRecord?
  /// In the order in which they were planned.
  package internal(set) var runs = CutoverLedger()
  /// What its accounts trade with, nil before they were opened.
  package internal(set) var paperTerms: PaperTerms?
  /// The end of the last row of prices that its accounts traded, nil before the first.
  package internal(set) var tradedThrough: Timestamp?
  /// The latest ones, at most ``alertsMax``.
  package internal(set) var alerts: [AlertRecord] = []
  /// What alerts with a delay wait for.
  package internal(set) var standing: [StandingOccasion] = []
  /// Changes of gates that came after a later one.
  package internal(set) var staleChanges = 0
  /// Changes of phase that no machine allows.
  package internal(set) var strayMoves = 0

  package static let alertsMax = 20

  package init(world: String) {
    self.world = world
  }

  /// Folds events from the first.
  package init(world: String, folding entries: some Sequence<WorldEntry>) {
    self.init(world: world)
    for entry in entries { take(entry) }
  }

  /// A policy of the world, and how it came into force.
  package struct PolicyRecord: Hashable, Sendable {
    package var publication: PolicyPublication
    package var at: Timestamp
    package var by: String
    /// The number of its event.
    package var seq: Int64
  }

  /// The last evaluation.
  package struct EvaluationRecord: Hashable, Sendable {
    package var cycle: Int
    package var at: Timestamp
    package var plan: WorldPlan
    package var snapshotFingerprint: Fingerprint
    /// The epoch of the gates right after it.
    package var epoch: Int
    /// The number of its event.
    package var seq: Int64
  }

  /// An alert and when it was told.
  package struct AlertRecord: Hashable, Sendable {
    package var at: Timestamp
    package var alert: WorldAlert
  }

  /// Something that lasts, since when, and what was told of it.
  package struct StandingOccasion: Hashable, Sendable {
    package var occasion: AlertRule.Occasion
    package var since: Timestamp
    package var told: [WorldAlert]
  }

  /// Who declared the state of the world, and why.
  package struct Declaration: Hashable, Sendable {
    package var by: String
    package var reason: String
  }

  /// The policy in force, nil before the first.
  package var policy: PolicyRecord? { policies.last }

  /// The rules of the policy in force, or those of a world without one.
  package var rules: WorldPolicy { policy?.publication.policy ?? WorldPolicy(world: world) }

  /// The instances in the order of the bytes of their ids.
  package var records: [InstanceRecord] { ids.compactMap { instances[$0] } }

  /// The instances of a phase, in order.
  package func records(in phase: StrategyPhase) -> [InstanceRecord] {
    records.filter { $0.phase == phase }
  }

  /// Instances by phase.
  package var counts: [StrategyPhase: Int] {
    instances.values.reduce(into: [:]) { $0[$1.phase, default: 0] += 1 }
  }

  /// What the world does as far as nobody has looked at its data anew.
  package var mode: WorldMode {
    if declared == .paused { return .paused }
    if !breaker.isArmed { return .halted }
    if isFrozen || declared == .evalOnly { return .evalOnly }
    if let currency = evaluation?.plan.currency.standing, currency != .current {
      return .evalOnly
    }
    return .active
  }

  /// What a decision is told of the wishes of people: a frozen world judges and moves nobody.
  package var declaredForDecision: DeclaredState {
    isFrozen && declared == .active ? .evalOnly : declared
  }
}
