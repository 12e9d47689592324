package import Essentials

/// A run that switches instances to or from live money: told what happened, it says what to do.
///
/// 1. Nothing is done before the event that says so is durable, and every state can be rebuilt from
///    the events: a run that was interrupted before its switch is aborted, one that was interrupted
///    after it goes on to its end.
/// 2. The gates of everybody who comes or goes are closed before anything else happens, and open,
///    those of the promoted, at the very end. So the gates of the demoted are closed and their orders
///    ended before another's opens.
/// 3. Phases and weights change in one event, ``CutoverEvent/Fact/switched(_:)``, and in no other.
/// 4. Epochs only grow. A gate gets back what it had, under a later epoch.
/// 5. A gate that anybody else closed meanwhile is not opened, and after a halt, such as a breaker's,
///    none is.
/// 6. Where it is not known how an order stands, the instance's gate stays closed until a person has
///    looked.
/// 7. Every stage but two ends by a deadline of the policy. The transition ends by its last order's
///    instant and the time to drain, and the watching lasts as long as its ticks need; a person may
///    end both.
///
/// What is heard matters only in the stage that waits for it; in every other it changes nothing,
/// except that time passing, a halt, a change of gates and a person's word count in each stage
/// until the end. After the end nothing counts.
///
/// | stage | waits for | goes on to | ends otherwise |
/// |---|---|---|---|
/// | planned | its record | freezing | aborted: stopped |
/// | freezing | `holder`: all confirmed or without a lease | draining | aborted: deadline, stopped |
/// | draining | `ordersRead`: all drained | switching | aborted: deadline, stopped |
/// | switching | `verified`, `transitionPlanned`, the record of the switch | transitioning | aborted: a check fails, deadline, stopped; rolledBack: no record |
/// | transitioning | `orderEnded` of every order | opening, completed | never |
/// | opening | `ticked` as often as the rules want | completed | completed with closed gates: anomaly, stopped |
///
/// Cost: what is told, and the instances concerned.
package struct Cutover: Sendable {
  package private(set) var history: CutoverHistory
  /// The gates that are closed for the switch, in order.
  package let concerned: [GateKey]
  /// Whether the plan itself is durable.
  package private(set) var isPlanned: Bool
  /// The event that is being recorded.
  private var pending: CutoverEvent?
  private var isSwitchUnrecordable = false
  private var worldEpoch: Int
  private var holders: [String: HolderReport]
  private var readings: [GateKey: OrderReading] = [:]
  private var verification: Verification?
  private var transition: CutoverTransition?
  private var ends: [String: CutoverOrderEnd] = [:]
  private var ticks = 0
  /// Why the run is to end, nil while it is to go its way.
  private var stop: String?
  /// Whether no gate may open any more, whatever it was.
  private var closesAll = false
  /// The states that others gave to gates concerned.
  private var foreign: [GateKey: GateState] = [:]

  private struct Verification: Hashable, Sendable {
    var failing: CutoverRules.Verification?
  }

  // MARK: - Beginning

  /// A run that begins. It is refused where the plan cannot be carried out in its world.
  package init(
    _ plan: CutoverPlan, rules: CutoverRules, in world: CutoverWorld, holders: [HolderReport],
    at now: Timestamp
  ) throws(CutoverRefusal) {
    if let objection = world.objection(to: plan) { throw objection }
    let named = Set(plan.demote + (plan.promote + plan.reweight).map(\.key))
    let demand = CutoverDemand(
      plan: plan, rules: rules, standings: world.standings.filter { named.contains($0.key) })
    history = CutoverHistory(demand, at: now)
    concerned = Self.concerned(by: plan)
    isPlanned = false
    worldEpoch = world.epoch
    self.holders = Dictionary(holders.map { ($0.name, $0) }) { _, last in last }
  }

  /// A run that is taken up again from its events.
  ///
  /// - Parameters:
  ///   - worldEpoch: the epoch of the world, which others may have raised.
  ///   - events: those of the run, in the order in which they were recorded.
  ///   - news: what others did since the run was planned: a breaker that is tripped, and changes of
  ///     gates.
  package init(
    replaying events: some Sequence<RecordedCutoverEvent>, worldEpoch: Int,
    holders: [HolderReport], meanwhile news: [CutoverNews] = []
  ) throws(CutoverRecordFailure) {
    history = try CutoverHistory(replaying: events)
    concerned = Self.concerned(by: history.plan)
    isPlanned = true
    self.worldEpoch = worldEpoch
    self.holders = Dictionary(holders.map { ($0.name, $0) }) { _, last in last }
    if !history.stage.isTerminal, !history.stage.isSwitched {
      stop = "interrupted"
    }
    for news in news { hear(news) }
  }

  /// What to do first, of a run that begins and of one that is taken up again.
  package mutating func begin(at now: Timestamp) -> [CutoverDirective] {
    guard isPlanned else { return record(.planned(history.demand)) }
    switch stage {
    case .transitioning where !history.isTransitioned:
      return closingPaper + orders.filter(isUnderWay).map(sending) + advance(at: now)
    case .draining, .opening: return inquiries + advance(at: now)
    default: return advance(at: now)
    }
  }

  package var run: String { history.plan.run }
  package var stage: CutoverStage { history.stage }
  package var outcome: CutoverOutcome? { history.outcome }

  /// When the run goes on by itself though nobody answers; nil where it waits for ticks or has
  /// ended.
  package var deadline: Timestamp? {
    switch stage {
    case .planned: history.stageSince
    case .freezing:
      ([history.stageSince + rules.freezeTimeout]
        + waiting(at: history.stageSince).map(\.leaseUntil)).min()
    case .draining, .switching: history.stageSince + rules.drainTimeout
    case .transitioning: nextInstant
    case .opening, .completed, .aborted, .rolledBack: nil
    }
  }

  // MARK: - Hearing

  /// What is to be asked again while nobody answers. Ask before telling that time passed, so that an
  /// answer that is there counts before a deadline does.
  package var inquiries: [CutoverDirective] {
    guard pending == nil, isPlanned else { return [] }
    switch stage {
    case .freezing: return concerned.isEmpty ? [] : [.askHolders]
    case .draining: return draining
    case .switching:
      guard history.transition == nil, !concerned.isEmpty else { return [] }
      return (verification == nil ? [.verifyBroker(rules.verify, concerned)] : [])
        + (transition == nil ? [.planTransition(history.plan)] : [])
    case .transitioning:
      return orders.filter(isUnderWay).map(sending)
    case .opening: return [.watchTicks(history.plan.promote.map(\.key))]
    case .planned, .completed, .aborted, .rolledBack: return []
    }
  }

  /// Takes what happened and returns what to do.
  package mutating func told(_ news: CutoverNews, at now: Timestamp) -> [CutoverDirective] {
    guard !stage.isTerminal else { return [] }
    switch news {
    case .recorded(let event):
      guard event == pending else { return [] }
      pending = nil
      apply(event, at: now)
      return effects(of: event, at: now) + advance(at: now)
    case .recordFailed(let event), .recordRefused(let event):
      guard event == pending else { return [] }
      pending = nil
      guard case .recordFailed = news else { return advance(at: now) }
      guard case .switched = event.fact else { return [] }
      isSwitchUnrecordable = true
      return advance(at: now)
    default:
      hear(news)
      // Nobody is given up before everything that is known was heard, however late it is.
      return advance(at: now, givingUp: news == .timePassed)
    }
  }

  private mutating func apply(_ event: CutoverEvent, at now: Timestamp) {
    guard isPlanned else {
      isPlanned = true
      history = CutoverHistory(history.demand, at: now)
      return
    }
    do throws(CutoverRecordFailure) {
      try history.apply(RecordedCutoverEvent(event, at: now))
    } catch {
      preconditionFailure("a run asked for an event that cannot follow: \(error)")
    }
    worldEpoch = max(worldEpoch, history.epoch)
    // Who wanted the run to end and came too late for that still wants nobody to trade by it.
    if stage.isSwitched, stop != nil { closesAll = true }
  }

  private mutating func hear(_ news: CutoverNews) {
    switch news {
    case .holder(let report):
      if stage == .freezing, holders[report.name] != nil { holders[report.name] = report }
    case .ordersRead(let read):
      guard stage == .draining else { return }
      for reading in read { readings[reading.key] = reading }
    case .verified(let failing):
      if stage == .switching { verification = Verification(failing: failing) }
    case .transitionPlanned(let plan):
      if stage == .switching, history.transition == nil { transition = plan }
    case .orderEnded(let end):
      if stage == .transitioning, history.sent.contains(end.clientID),
        ends[end.clientID].map({ $0.outcome == .unknown }) ?? true
      {
        ends[end.clientID] = end
      }
    case .ticked(let anomaly):
      guard stage == .opening else { return }
      ticks += 1
      guard let anomaly else { return }
      stop = stop ?? "anomaly:\(anomaly)"
      closesAll = true
    case .halted(let reason, let epoch):
      worldEpoch = max(worldEpoch, epoch)
      closesAll = true
      // Who is only demoted may be demoted all the more.
      if !history.plan.promote.isEmpty { stop = stop ?? reason }
    case .gatesChanged(let epoch, let gates): hear(of: gates, at: epoch)
    case .stopped(let reason):
      stop = stop ?? reason
      if stage.isSwitched { closesAll = true }
    case .timePassed, .recorded, .recordFailed, .recordRefused: break
    }
  }

  private mutating func hear(of gates: [GateChange], at epoch: Int) {
    worldEpoch = max(worldEpoch, epoch)
    let named = Set(history.demand.standings.map(\.key))
    let closed = Set(concerned)
    for change in gates where named.contains(change.key) {
      foreign[change.key] = change.state
      // Somebody lets orders through where orders are being ended.
      if change.state != .closed, closed.contains(change.key), stage != .opening, stop == nil {
        stop = "gates_changed"
      }
    }
  }

  // MARK: - Going on

  /// - Parameter givingUp: whether whoever has not answered by a deadline is waited for no more.
  private mutating func advance(
    at now: Timestamp, givingUp: Bool = false
  ) -> [CutoverDirective] {
    guard pending == nil, isPlanned else { return [] }
    switch stage {
    case .planned:
      if let stop { return abort(stop) }
      return record(.frozen(epoch: nextEpoch, gates: concerned.map { GateChange($0, .closed) }))
    case .freezing: return advanceFreezing(at: now, givingUp: givingUp)
    case .draining: return advanceDraining(at: now, givingUp: givingUp)
    case .switching: return advanceSwitching(at: now, givingUp: givingUp)
    case .transitioning: return advanceTransitioning(at: now, givingUp: givingUp)
    case .opening:
      guard stop != nil || ticks >= rules.monitorTicks else { return [] }
      return complete()
    case .completed, .aborted, .rolledBack: return []
    }
  }

  private mutating func advanceFreezing(
    at now: Timestamp, givingUp: Bool
  ) -> [CutoverDirective] {
    if let stop { return abort(stop) }
    let waiting = waiting(at: now)
    guard !waiting.isEmpty else {
      return record(
        .acknowledged(
          holders.values.sorted { $0.name < $1.name }.map {
            CutoverHolder($0.name, isConfirmed: hasConfirmed($0))
          }))
    }
    guard givingUp, now >= history.stageSince + rules.freezeTimeout else { return [] }
    return abort("freeze_unacknowledged:\(waiting[0].name)")
  }

  private mutating func advanceDraining(
    at now: Timestamp, givingUp: Bool
  ) -> [CutoverDirective] {
    if let stop {
      // Gates are given back, so it must be known first how their orders stand.
      if closesAll || concerned.allSatisfy({ readings[$0] != nil }) { return abort(stop) }
    } else if concerned.allSatisfy({ readings[$0]?.isDrained ?? false }) {
      let digests = concerned.map { readings[$0]?.positions.hexadecimal ?? "" }
      return record(.drained(positions: Fingerprint(of: digests.joined(separator: "\n"))))
    }
    guard givingUp, now >= history.stageSince + rules.drainTimeout else { return [] }
    return abort(
      stop ?? "drain_timeout",
      unread: concerned.filter { readings[$0] == nil }.map(\.instance))
  }

  private mutating func advanceSwitching(
    at now: Timestamp, givingUp: Bool
  ) -> [CutoverDirective] {
    if isSwitchUnrecordable {
      return record(
        .rolledBack(
          CutoverEnd(
            epoch: nextEpoch, gates: concerned.map { GateChange($0, .closed) },
            reason: "switch_not_recorded", needsOperator: concerned.map(\.instance))))
    }
    if let stop { return abort(stop) }
    if history.transition != nil { return record(.switched(switchOver)) }
    guard !concerned.isEmpty else { return record(.verified(.none)) }
    if let failing = verification?.failing { return abort("broker_\(Self.word(for: failing))") }
    if let transition, verification != nil {
      guard transition.isSound(for: Set(concerned)) else { return abort("transition_unsound") }
      return record(.verified(transition))
    }
    guard givingUp, now >= history.stageSince + rules.drainTimeout else { return [] }
    return abort("verify_timeout")
  }

  private mutating func advanceTransitioning(
    at now: Timestamp, givingUp: Bool
  ) -> [CutoverDirective] {
    if history.isTransitioned {
      let hasPromoted = !history.plan.promote.isEmpty
      guard hasPromoted, stop == nil else { return complete() }
      return record(
        .opening(
          epoch: nextEpoch,
          gates: history.plan.promote.map {
            GateChange($0.key, gate(of: $0.key, wanted: .monitor(weight: $0.weight)))
          }))
    }
    skipOrders()
    if let order = orders.first(where: { isDue($0, at: now) }) { return record(.orderSent(order)) }
    let unended = orders.filter { ends[$0.clientID] == nil }
    guard !unended.isEmpty else { return recordTransition() }
    guard givingUp, now >= transitionDeadline else { return [] }
    for order in unended {
      ends[order.clientID] = CutoverOrderEnd(
        clientID: order.clientID,
        outcome: history.sent.contains(order.clientID) ? .unknown : .skipped, filled: 0)
    }
    return [.cancelOrders(unended.filter { history.sent.contains($0.clientID) })]
      + recordTransition()
  }

  /// Orders that must not be sent any more end as skipped: those that wait for one that failed, and
  /// after a stop those that would not only make a position smaller.
  private mutating func skipOrders() {
    for order in orders where ends[order.clientID] == nil && !history.sent.contains(order.clientID)
    {
      let predecessor = order.predecessor.flatMap { ends[$0]?.outcome }
      let isOrphaned = predecessor.map { $0 != .filled } ?? false
      if isOrphaned || (closesAll && !order.isReducing) {
        ends[order.clientID] = CutoverOrderEnd(
          clientID: order.clientID, outcome: .skipped, filled: 0)
      }
    }
  }

  private mutating func recordTransition() -> [CutoverDirective] {
    let known = orders.compactMap { ends[$0.clientID] }
    let failed = orders.filter { order in
      ends[order.clientID].map { $0.outcome != .filled } ?? true
    }
    return record(.transitioned(ends: known, needsOperator: Self.names(failed.map(\.key))))
  }

  // MARK: - Ending

  private mutating func abort(
    _ reason: String, unread: [String] = []
  ) -> [CutoverDirective] {
    // An order that is known to be open is known; one that nobody knows of may be anything.
    let unclear = Set(
      unread
        + readings.values.filter { !$0.unknown.isEmpty || !$0.isReconciled }
        .map(\.key.instance))
    let closed = Set(concerned)
    let gates = history.demand.standings.compactMap { standing -> GateChange? in
      guard closed.contains(standing.key) else { return nil }
      let isClosed = unclear.contains(standing.key.instance)
      return GateChange(
        standing.key, isClosed ? .closed : gate(of: standing.key, wanted: standing.gate))
    }
    return record(
      .aborted(
        CutoverEnd(
          epoch: nextEpoch, gates: gates, reason: reason,
          needsOperator: Self.names(unclear.map { GateKey($0, .long) }))))
  }

  private mutating func complete() -> [CutoverDirective] {
    let unclear = Set(history.needsOperator)
    let promoted = history.plan.promote.map { weighted in
      GateChange(
        weighted.key,
        unclear.contains(weighted.key.instance)
          ? .closed : gate(of: weighted.key, wanted: .open(weight: weighted.weight)))
    }
    return record(
      .completed(
        CutoverEnd(
          epoch: nextEpoch,
          gates: (promoted + history.plan.demote.map { GateChange($0, .closed) })
            .sorted { $0.key < $1.key },
          reason: stop ?? "", needsOperator: history.needsOperator)))
  }

  // MARK: - Doing

  private mutating func record(_ fact: CutoverEvent.Fact) -> [CutoverDirective] {
    let event = CutoverEvent(run: run, fact)
    pending = event
    return [.record(event)]
  }

  /// What follows from an event that is durable.
  private func effects(of event: CutoverEvent, at now: Timestamp) -> [CutoverDirective] {
    let notice =
      event.epoch.map { epoch in
        [
          CutoverDirective.notify(
            GateNotice(world: history.plan.world, epoch: epoch, at: now, gates: event.gates))
        ]
      } ?? []
    switch event.fact {
    case .planned, .verified, .transitioned: return []
    case .frozen, .opening: return notice + inquiries
    case .acknowledged, .drained: return inquiries
    case .switched: return notice + closingPaper
    case .orderSent(let order): return [sending(order)]
    case .completed, .aborted, .rolledBack: return notice + farewell
    }
  }

  private var farewell: [CutoverDirective] {
    guard let outcome else { return [] }
    let unclear =
      outcome.needsOperator.isEmpty ? "" : " of " + outcome.needsOperator.joined(separator: ", ")
    var alerts: [CutoverDirective] = []
    switch outcome.stage {
    case .aborted: alerts = [.alert(.cutoverFailed, detail: outcome.reason + unclear)]
    case .rolledBack: alerts = [.alert(.rolledBack, detail: outcome.reason)]
    default:
      if !outcome.reason.isEmpty || !outcome.needsOperator.isEmpty {
        alerts.append(
          .alert(
            .cutoverFailed,
            detail: (outcome.reason.isEmpty ? "transition" : outcome.reason) + unclear))
      }
      alerts += history.plan.demote.map { .alert(.demoted, detail: $0.instance) }
      alerts += history.plan.promote.map { .alert(.promoted, detail: $0.key.instance) }
    }
    return alerts + [.finished(outcome)]
  }

  private var draining: [CutoverDirective] {
    guard !concerned.isEmpty else { return [] }
    return (rules.cancelsOpenOrders ? [.cancelOpenOrders(concerned)] : [])
      + [.readOrders(concerned)]
  }

  private var closingPaper: [CutoverDirective] {
    history.plan.promote.isEmpty ? [] : [.closePaper(history.plan.promote.map(\.key))]
  }

  private func sending(_ order: CutoverOrder) -> CutoverDirective {
    let switchEpoch = history.switchEpoch ?? history.epoch
    // What others did to other gates ends no permit; what they did to this one does.
    let epoch = foreign[order.key] == nil ? max(switchEpoch, worldEpoch) : switchEpoch
    return .send(
      order,
      TransitionPermit(
        world: history.plan.world, run: run, key: order.key, epoch: epoch))
  }
}

// MARK: - What follows from what is known

extension Cutover {
  private var rules: CutoverRules { history.rules }
  private var orders: [CutoverOrder] { history.transition?.orders ?? [] }
  private var nextEpoch: Int { max(history.epoch, worldEpoch) + 1 }

  private static func concerned(by plan: CutoverPlan) -> [GateKey] {
    (plan.demote + plan.promote.map(\.key)).sorted()
  }

  /// The state that a gate may take, given what others did to it.
  private func gate(of key: GateKey, wanted: GateState) -> GateState {
    if closesAll { return .closed }
    return foreign[key].map(wanted.restricted(to:)) ?? wanted
  }

  private var switchOver: CutoverSwitch {
    let plan = history.plan
    var standings: [GateKey: GateState] = [:]
    for standing in history.demand.standings { standings[standing.key] = standing.gate }
    let reweighted = plan.reweight.compactMap { weighted in
      (foreign[weighted.key] ?? standings[weighted.key]).map { state in
        GateChange(weighted.key, state.reweighted(to: weighted.weight))
      }
    }
    let gates = concerned.map { GateChange($0, .closed) } + reweighted
    return CutoverSwitch(
      epoch: nextEpoch,
      phases: (plan.demote.map { CutoverSwitch.Phase($0.instance, .inactive) }
        + plan.promote.map { CutoverSwitch.Phase($0.key.instance, .live) }),
      weights: (plan.demote.map { CutoverPlan.Weighted($0, weight: 0) }
        + plan.promote + plan.reweight).sorted { $0.key < $1.key },
      gates: gates.sorted { $0.key < $1.key })
  }

  private func hasConfirmed(_ holder: HolderReport) -> Bool {
    holder.acknowledged.map { $0 >= history.epoch } ?? false
  }

  /// Holders that may still let orders through, in the order of their names.
  private func waiting(at now: Timestamp) -> [HolderReport] {
    guard !concerned.isEmpty else { return [] }
    return holders.values.filter { !hasConfirmed($0) && $0.leaseUntil > now }
      .sorted { $0.name < $1.name }
  }

  private func isUnderWay(_ order: CutoverOrder) -> Bool {
    history.sent.contains(order.clientID) && ends[order.clientID] == nil
  }

  private func isDue(_ order: CutoverOrder, at now: Timestamp) -> Bool {
    guard ends[order.clientID] == nil, !history.sent.contains(order.clientID),
      let switchedAt = history.switchedAt, now >= switchedAt + order.due
    else { return false }
    return order.predecessor.map { ends[$0]?.outcome == .filled } ?? true
  }

  /// When orders of the transition that have not ended are given up: each may take the time to drain
  /// after it is due, and one that waits for another as much again.
  private var transitionDeadline: Timestamp {
    let begin = history.switchedAt ?? history.stageSince
    return orders.reduce(begin) { latest, order in
      let patience =
        order.predecessor == nil ? rules.drainTimeout : rules.drainTimeout + rules.drainTimeout
      return max(latest, begin + order.due + patience)
    }
  }

  private var nextInstant: Timestamp {
    let begin = history.switchedAt ?? history.stageSince
    let unsent = orders.filter {
      ends[$0.clientID] == nil && !history.sent.contains($0.clientID) && $0.predecessor == nil
    }
    return min(transitionDeadline, unsent.map { begin + $0.due }.min() ?? transitionDeadline)
  }

  private static func word(for check: CutoverRules.Verification) -> String {
    switch check {
    case .account: "account"
    case .permissions: "permission"
    case .balance: "balance"
    case .positions: "positions"
    }
  }

  private static func names(_ keys: [GateKey]) -> [String] {
    Set(keys.map(\.instance)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
