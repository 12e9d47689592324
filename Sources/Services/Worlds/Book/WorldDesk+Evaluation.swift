package import Essentials
import Storage
package import Worlds

extension WorldDesk {
  /// What an evaluation came to.
  package struct EvaluationReceipt: Sendable {
    package var plan: WorldPlan
    package var entries: [WorldEntry]
    /// The cutover that followed, nil where none did.
    package var run: String?
    /// How it ended, nil while it goes on.
    package var outcome: CutoverOutcome?
    package var state: WorldState
    /// What its accounts traded before.
    package var traded = PaperProgress()
  }

  /// Evaluates a world at an instant: looks at the evidence, decides, records what was seen and
  /// decided, moves who moves without money, closes and opens gates, tells what is to be told, and
  /// has promotions and demotions carried out.
  ///
  /// - Parameter instant: not before the last evaluation, or it is refused as `clock_went_back`.
  package func evaluate(
    _ world: String, at instant: Timestamp, by actor: WorldActor
  ) throws(WorldDeskFailure) -> EvaluationReceipt {
    let before = try existing(world)
    // Computing evidence may take long, so nobody is kept from the world meanwhile.
    _ = try carryOut(.evaluate(at: instant), in: world, by: actor)
    let begun = setup.now()
    let evidence = try setup.evidence.evidence(
      of: before.judged, under: before.rules, asOf: instant)
    let isDelayed = setup.now() - begun > before.rules.objectives.metricDelay
    let portfolio = setup.account.portfolio(of: world, asOf: instant)

    var plan: WorldPlan?
    let receipt = try deciding(world, by: actor) { state throws(WorldDeskFailure) in
      var story = WorldStory(state, at: instant)
      _ = try self.events(state, .evaluate(at: instant), by: actor)
      story.observe([.equity(portfolio.equity)])
      story.fail(evidence)
      try story.apply(story.state.risk.judge(at: instant), at: instant)
      let snapshot = try inWorld { () throws(WorldRefusal) in
        try story.state.snapshot(
          at: instant, evidence: evidence, portfolio: story.state.risk.completing(portfolio))
      }
      let decided = WorldDecision.decide(snapshot, story.state.rules)
      plan = decided
      let isKnown = try self.hasSnapshot(decided.snapshot, of: world)
      story.tell(
        .evaluated(story.state.evaluated(decided, snapshot: isKnown ? nil : snapshot.json)))
      story.settle()
      story.alert(isDelayed: isDelayed, at: instant)
      return story.events
    }
    guard let plan else { preconditionFailure("an evaluation that decided nothing was recorded") }
    defer { graphFollows() }
    flatten(receipt, in: world, at: instant)
    return try carryOn(plan, receipt, in: world)
  }

  /// Has the moves of a plan that concern money carried out.
  private func carryOn(
    _ plan: WorldPlan, _ receipt: Receipt, in world: String
  ) throws(WorldDeskFailure) -> EvaluationReceipt {
    var answer = EvaluationReceipt(
      plan: plan, entries: receipt.entries, run: nil, outcome: nil, state: receipt.state)
    let state = receipt.state
    guard setup.cutover != nil, state.runs.active == nil, !state.isFrozen,
      let wanted = try inWorld({ () throws(WorldRefusal) in
        try state.cutover(.plan(plan.id))
      }), state.cutoverWorld.allows(wanted)
    else { return answer }
    answer.run = wanted.run
    answer.outcome = try carryOut(wanted, in: world)
    answer.state = try self.state(of: world)
    return answer
  }

  func hasSnapshot(
    _ fingerprint: Fingerprint, of world: String
  ) throws(WorldDeskFailure) -> Bool {
    try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try book.snapshot(of: world, fingerprint.hexadecimal, in: store) != nil
      }
    }
  }

  // MARK: - Cutovers

  /// Carries out what somebody wishes of the instances with money. Nil where nothing is to be done.
  ///
  /// - Parameter run: the name of the run; with the same name and plan the first outcome is returned.
  @discardableResult
  package func cutOver(
    _ wish: CutoverWish, in world: String, run: String? = nil, by actor: WorldActor
  ) throws(WorldDeskFailure) -> (run: String, outcome: CutoverOutcome?)? {
    // A run that is over is answered by its record, whatever the world looks like by now.
    if let run, let known = try existing(world).runs[run], let outcome = known.outcome {
      _ = try authorized(.cutOver(.demote([], reason: "")), in: world, by: actor)
      guard known.demand.matches(wish) else {
        throw .refused(.cutover(.runConflict(run: run)))
      }
      return (run, outcome)
    }
    let state = try authorized(.cutOver(wish), in: world, by: actor)
    guard
      var plan = try inWorld({ () throws(WorldRefusal) in try state.cutover(wish, run: run) })
    else { return nil }
    defer { graphFollows() }
    plan.demand = CutoverPlan.Demand(by: actor.name, reason: wish.reason)
    return (plan.run, try carryOut(plan, in: world))
  }

  /// The world, after the actor was found to be allowed to give a command; nothing is recorded but a
  /// denial.
  func authorized(
    _ command: WorldCommand, in world: String, by actor: WorldActor
  ) throws(WorldDeskFailure) -> WorldState {
    try deciding(world, by: actor) { state throws(WorldDeskFailure) in
      _ = try self.events(state, command, by: actor)
      return []
    }.state
  }

  private func carryOut(
    _ plan: CutoverPlan, in world: String
  ) throws(WorldDeskFailure) -> CutoverOutcome? {
    guard let carrier = setup.cutover else { return nil }
    let outcome = try carrier.carryOut(plan, of: world, at: self)
    // What was due while the run had its gates follows now.
    try carryOut(.reconcile(reason: "cutover"), in: world, by: .desk)
    return outcome
  }

  /// Records a step of a cutover in one commit, with the alerts that follow from it.
  ///
  /// - Parameter epoch: the epoch that the step was decided at; where the world has another by now,
  ///   nothing is recorded and the refusal says so. Nil to record at any epoch.
  @discardableResult
  package func record(
    _ event: CutoverEvent, of world: String, decidedAt epoch: Int? = nil
  ) throws(WorldDeskFailure) -> Receipt {
    try deciding(world, by: .desk, for: event.demand?.by) { state throws(WorldDeskFailure) in
      if case .planned(let demand) = event.fact {
        switch state.runs.registry.admit(demand.plan, worldEpoch: state.epoch) {
        case .begin: break
        case .takeUp, .ended: return []
        case .refused(let refusal): throw .refused(.cutover(refusal))
        }
      } else if let epoch, epoch != state.epoch {
        throw .refused(.cutover(.stalePlan(base: epoch, current: state.epoch)))
      } else if state.runs.active?.id != event.run {
        // It has ended: a step that comes again is on record already.
        return []
      }
      var story = WorldStory(state, at: self.setup.now())
      story.tell(.cutover(event))
      for (occasion, detail) in event.occasions(standings: state) {
        story.alert(on: occasion, detail: detail)
      }
      return story.events
    }
  }
}

extension CutoverWorld {
  /// Whether a plan could begin here, as far as phases and places are concerned.
  fileprivate func allows(_ plan: CutoverPlan) -> Bool {
    plan.baseEpoch == epoch && !plan.isEmpty && (plan.promote.isEmpty || allowsLive)
  }
}

extension CutoverDemand {
  /// Whether a run of this demand is what somebody wishes.
  fileprivate func matches(_ wish: CutoverWish) -> Bool {
    switch wish {
    case .plan(let id): plan.planID == id.hexadecimal
    case .promote(let ids, _): Set(plan.promote.map(\.key.instance)) == Set(ids)
    case .demote(let ids, _): Set(plan.demote.map(\.instance)) == Set(ids)
    }
  }
}

extension CutoverWish {
  /// Why a person wishes it, empty for what follows from a plan.
  fileprivate var reason: String {
    switch self {
    case .plan: ""
    case .promote(_, let reason), .demote(_, let reason): reason
    }
  }
}

extension CutoverEvent {
  /// Who demanded the run, told by its first event alone; nil where nobody did.
  fileprivate var demand: CutoverPlan.Demand? {
    if case .planned(let demand) = fact { demand.plan.demand } else { nil }
  }

  /// What alerts may want to tell of a step.
  fileprivate func occasions(
    standings state: WorldState
  ) -> [(occasion: AlertRule.Occasion, detail: String)] {
    switch fact {
    case .switched(let change):
      change.phases.map { item in
        (item.phase == .live ? .promoted : .demoted, "\(item.instance) is \(item.phase.rawValue)")
      }
    case .aborted(let end): [(.cutoverFailed, "\(run): \(end.reason)")]
    case .rolledBack(let end): [(.rolledBack, "\(run): \(end.reason)")]
    default: []
    }
  }
}
