package import Essentials

/// What is recorded of a run: the fold of its events.
///
/// ```
/// planned -> freezing -> draining -> switching -(one commit)-> transitioning -> opening
///    |          |           |         |     |                       |             |
///    `----------`-----------`---------'     |                       `-------------'
///                 aborted                rolledBack                    completed
/// ```
///
/// Epochs grow with each event that has one, and nothing follows on an end.
package struct CutoverHistory: Hashable, Sendable {
  package let demand: CutoverDemand
  package private(set) var stage = CutoverStage.planned
  package private(set) var stageSince: Timestamp
  /// The last epoch that the run gave the world; before the first, the plan's.
  package private(set) var epoch: Int
  /// How positions are carried over, once the broker was verified.
  package private(set) var transition: CutoverTransition?
  package private(set) var switchedAt: Timestamp?
  /// The epoch of the switch, which permits the orders of the transition.
  package private(set) var switchEpoch: Int?
  /// Client ids of orders that were sent, or were about to be.
  package private(set) var sent: Set<String> = []
  /// Whether positions are carried over as far as they will be.
  package private(set) var isTransitioned = false
  package private(set) var needsOperator: [String] = []
  package private(set) var outcome: CutoverOutcome?

  package var plan: CutoverPlan { demand.plan }
  package var rules: CutoverRules { demand.rules }

  /// A run that was planned at an instant and has done nothing.
  init(_ demand: CutoverDemand, at instant: Timestamp) {
    self.demand = demand
    stageSince = instant
    epoch = demand.plan.baseEpoch
  }

  /// Folds the events of one run in the order in which they were recorded.
  package init(
    replaying events: some Sequence<RecordedCutoverEvent>
  ) throws(CutoverRecordFailure) {
    var history: CutoverHistory?
    for record in events {
      if history == nil {
        guard case .planned(let demand) = record.event.fact, demand.plan.run == record.event.run
        else { throw .contradiction(kind: record.event.kind, stage: nil) }
        history = CutoverHistory(demand, at: record.at)
      } else {
        try history?.apply(record)
      }
    }
    guard let history else { throw .contradiction(kind: "cutover.planned", stage: nil) }
    self = history
  }

  /// Adds what happened next.
  mutating func apply(_ record: RecordedCutoverEvent) throws(CutoverRecordFailure) {
    let event = record.event
    guard event.run == plan.run, event.epoch.map({ $0 > epoch }) ?? true,
      let next = successor(of: event.fact)
    else { throw .contradiction(kind: event.kind, stage: stage) }
    switch event.fact {
    case .verified(let transition): self.transition = transition
    case .switched(let change):
      switchedAt = record.at
      switchEpoch = change.epoch
    case .orderSent(let order): sent.insert(order.clientID)
    case .transitioned(_, let needsOperator):
      isTransitioned = true
      self.needsOperator = needsOperator
    default: break
    }
    if let epoch = event.epoch { self.epoch = epoch }
    if next != stage {
      stage = next
      stageSince = record.at
    }
    outcome = event.outcome
  }

  /// The stage after a fact, nil where it cannot follow.
  private func successor(of fact: CutoverEvent.Fact) -> CutoverStage? {
    switch (stage, fact) {
    case (.planned, .frozen): .freezing
    case (.freezing, .acknowledged): .draining
    case (.draining, .drained): .switching
    case (.switching, .verified) where transition == nil: .switching
    case (.switching, .switched) where transition != nil: .transitioning
    case (.switching, .rolledBack): .rolledBack
    case (.planned, .aborted), (.freezing, .aborted), (.draining, .aborted),
      (.switching, .aborted):
      .aborted
    case (.transitioning, .orderSent(let order))
    where !isTransitioned && !sent.contains(order.clientID):
      .transitioning
    case (.transitioning, .transitioned) where !isTransitioned: .transitioning
    case (.transitioning, .opening) where isTransitioned: .opening
    case (.transitioning, .completed) where isTransitioned: .completed
    case (.opening, .completed): .completed
    default: nil
    }
  }
}
