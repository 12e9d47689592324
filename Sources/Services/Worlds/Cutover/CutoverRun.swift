import Essentials
import Execution
import Markets
import Worlds

/// One run of a switch while somebody carries it out: the machine, and everybody around it.
///
/// It hears what the machine wants and does it, and decides nothing. Not to be used by two threads at
/// once; whoever has it has the claim of its world's runs.
final class CutoverRun {
  private var machine: Cutover
  private let setup: CutoverSetup
  private let records: any CutoverRecords
  private let claim: any Sendable
  private var hasBegun = false
  /// What was heard and not yet told to the machine.
  private var inbox: [CutoverNews] = []
  /// Whether somebody else has begun or ended the run.
  private(set) var isForeign = false

  init(
    _ machine: Cutover, setup: CutoverSetup, records: any CutoverRecords, claim: any Sendable
  ) {
    self.machine = machine
    self.setup = setup
    self.records = records
    self.claim = claim
  }

  var run: String { machine.run }
  var world: String { machine.history.plan.world }
  var outcome: CutoverOutcome? { machine.outcome }
  var stage: CutoverStage { machine.stage }
  var deadline: Timestamp? { machine.deadline }

  /// Goes on as far as it can without waiting.
  ///
  /// Where it fails, nothing has been done that is not recorded; it may be gone on with, or be
  /// dropped and taken up from its records.
  func goOn(with news: [CutoverNews] = []) throws(CutoverFailure) {
    guard outcome == nil, !isForeign else { return }
    if hasBegun {
      inbox += try records.situation(of: world).news(since: machine.history)
    }
    inbox += news
    if !hasBegun {
      hasBegun = true
      try perform(machine.begin(at: setup.now()))
    } else {
      try perform(machine.inquiries)
    }
    try hear()
    inbox.append(.timePassed)
    try hear()
  }

  private func hear() throws(CutoverFailure) {
    while !inbox.isEmpty, !isForeign {
      let news = inbox.removeFirst()
      try perform(machine.told(news, at: setup.now()))
    }
  }

  private func perform(_ directives: [CutoverDirective]) throws(CutoverFailure) {
    for directive in directives where !isForeign { try perform(directive) }
  }

  private func perform(_ directive: CutoverDirective) throws(CutoverFailure) {
    switch directive {
    case .record(let event): try record(event)
    case .notify(let notice):
      for holder in setup.board.holders(of: world) {
        try holder.hear(notice) { () throws(CutoverFailure) in
          try records.situation(of: world).notice(at: setup.now())
        }
      }
    case .askHolders:
      let lease = machine.history.rules.gateLease
      for holder in setup.board.holders(of: world)
      where !(holder.report()?.acknowledged.map { $0 >= machine.history.epoch } ?? false) {
        // It may have missed what it was told.
        _ = holder.take(try records.situation(of: world).notice(at: setup.now()))
      }
      inbox += setup.board.reports(of: world, at: setup.now(), lease: lease)
        .map(CutoverNews.holder)
    case .cancelOpenOrders(let keys): cancelOpenOrders(of: keys)
    case .readOrders(let keys): inbox.append(.ordersRead(readings(of: keys)))
    case .verifyBroker(let checks, let keys):
      if let failing = verification(checks, keys) {
        inbox.append(.verified(failing: failing.check))
      }
    case .planTransition(let plan):
      if let transition = transition(plan) { inbox.append(.transitionPlanned(transition)) }
    case .closePaper(let keys): closePaper(of: keys)
    case .send(let order, let permit): send(order, under: permit)
    case .cancelOrders(let orders):
      for order in orders {
        _ = try? setup.venues.live(of: order.key.instance, in: world)?
          .cancel(ClientOrderID(recorded: order.clientID))
      }
    case .watchTicks: break
    case .alert(let occasion, let detail): setup.tell(world, occasion, "\(run): \(detail)")
    case .finished: break
    }
  }

  // MARK: - Records

  private func record(_ event: CutoverEvent) throws(CutoverFailure) {
    do throws(CutoverFailure) {
      switch try records.record(event, of: world, after: event.epoch.map { $0 - 1 }) {
      case .recorded: inbox.insert(.recorded(event), at: 0)
      case .refused:
        // What has changed is told first, so that the machine asks for what may be recorded.
        inbox += try records.situation(of: world).news(since: machine.history)
        inbox.append(.recordRefused(event))
      case .known: isForeign = true
      }
    } catch {
      guard case .records = error else { throw error }
      // Whether it is durable is asked of what is durable, not of who could not say.
      let events = try records.situation(of: world).current
      if events.contains(where: { $0.event == event }) {
        inbox.insert(.recorded(event), at: 0)
      } else {
        // What else cannot be recorded ends this attempt; the records say how to go on.
        guard event.isSwitch else { throw error }
        inbox.insert(.recordFailed(event), at: 0)
      }
    }
  }

  // MARK: - Brokers

  private func broker(_ key: GateKey) -> (any Broker<LiveAuthority>)? {
    setup.venues.live(of: key.instance, in: world)
  }

  private func cancelOpenOrders(of keys: [GateKey]) {
    for (broker, instances) in brokers(keys) {
      for record in (try? broker.openOrders(of: nil)) ?? []
      where instances.contains(record.order.instance) {
        _ = try? broker.cancel(record.order.clientID)
      }
    }
  }

  /// Brokers with the instances that trade at them, each broker once.
  private func brokers(
    _ keys: [GateKey]
  ) -> [(broker: any Broker<LiveAuthority>, instances: Set<String>)] {
    var groups: [(broker: any Broker<LiveAuthority>, instances: Set<String>)] = []
    var places: [String: Int] = [:]
    for key in keys {
      guard let broker = broker(key) else { continue }
      if let place = places[broker.venue] {
        groups[place].instances.insert(key.instance)
      } else {
        places[broker.venue] = groups.count
        groups.append((broker, [key.instance]))
      }
    }
    return groups
  }

  /// The orders of those whose brokers answer. An instance without a broker has none.
  private func readings(of keys: [GateKey]) -> [OrderReading] {
    var venues: [String: VenueReading] = [:]
    for (broker, _) in brokers(keys) {
      venues[broker.venue] = try? VenueReading(broker)
    }
    let unanswered = setup.desk(world)?.unanswered ?? [:]
    return keys.compactMap { key in
      guard let broker = broker(key) else {
        return OrderReading(
          key: key, open: [], unknown: [], isReconciled: true, positions: Fingerprint(of: ""))
      }
      return venues[broker.venue].flatMap {
        reading(key, in: $0, of: broker, unanswered: unanswered[key.instance] ?? [])
      }
    }
  }

  private func reading(
    _ key: GateKey, in venue: VenueReading, of broker: any Broker<LiveAuthority>,
    unanswered: [ClientOrderID]
  ) -> OrderReading? {
    let records = venue.open[key.instance] ?? []
    var unknown = records.filter { $0.status == .unknown }.map(\.order.clientID.text)
    for id in unanswered {
      guard let status = try? broker.status(of: id) else { return nil }
      if status == .unknown { unknown.append(id.text) }
    }
    let parts = venue.parts[key.instance] ?? []
    return OrderReading(
      key: key, open: records.filter { $0.status != .unknown }.map(\.order.clientID.text),
      unknown: unknown.sorted(),
      isReconciled: !parts.contains { venue.discrepancies.contains($0.symbol) },
      positions: Fingerprint(
        of: parts.map { "\($0.symbol) \($0.quantity)" }.joined(separator: "\n")))
  }

  /// What a venue says at one moment.
  private struct VenueReading {
    var open: [String: [OrderRecord]]
    var parts: [String: [InstancePosition]]
    /// Symbols of which the venue holds something else than its instances together.
    var discrepancies: Set<String>

    init<Authority>(_ broker: any Broker<Authority>) throws(BrokerFailure) {
      open = Dictionary(grouping: try broker.openOrders(of: nil)) { $0.order.instance }
      let book = try broker.positions()
      parts = Dictionary(grouping: book.parts) { $0.instance }
      discrepancies = Set(book.discrepancies.map(\.symbol))
    }
  }

  private struct Verdict {
    var check: CutoverRules.Verification?
  }

  /// Nil where a broker does not answer.
  private func verification(
    _ checks: [CutoverRules.Verification], _ keys: [GateKey]
  ) -> Verdict? {
    var venues: Set<String> = []
    for key in keys {
      guard let broker = broker(key) else { return Verdict(check: .account) }
      guard venues.insert(broker.venue).inserted else { continue }
      do throws(BrokerFailure) {
        if let failing = try Self.failing(checks, at: broker) { return Verdict(check: failing) }
      } catch {
        if case .permissionMissing = error { return Verdict(check: .permissions) }
        return nil
      }
    }
    return Verdict(check: nil)
  }

  private static func failing(
    _ checks: [CutoverRules.Verification], at broker: any Broker<LiveAuthority>
  ) throws(BrokerFailure) -> CutoverRules.Verification? {
    let account = try broker.account()
    for check in checks {
      switch check {
      case .account: if account.id.isEmpty { return check }
      case .permissions: if !account.permissions.contains(.trade) { return check }
      case .balance: if account.balance <= .zero { return check }
      case .positions: if try !broker.positions().discrepancies.isEmpty { return check }
      }
    }
    return nil
  }

  // MARK: - Positions

  /// What instances hold, asked of each venue once.
  private struct Holdings {
    private var readings: [String: VenueReading] = [:]

    /// What an instance holds at a venue; `kind` tells venues of one name apart.
    mutating func parts<Authority>(
      of instance: String, at venue: any Broker<Authority>, kind: String
    ) throws(BrokerFailure) -> [InstancePosition] {
      let name = "\(kind) \(venue.venue)"
      if let known = readings[name] { return known.parts[instance] ?? [] }
      let reading = try VenueReading(venue)
      readings[name] = reading
      return reading.parts[instance] ?? []
    }
  }

  private func holdings(
    of key: GateKey, weight: Double, known: inout Holdings
  ) throws(BrokerFailure) -> [TransitionHolding] {
    var paper: [InstancePosition] = []
    if let venue = setup.venues.paper(of: key.instance, in: world) {
      paper = try known.parts(of: key.instance, at: venue, kind: "paper")
    }
    var real: [InstancePosition] = []
    if let venue = broker(key) {
      real = try known.parts(of: key.instance, at: venue, kind: "live")
    }
    return Set((paper + real).map(\.symbol)).sorted().map { symbol in
      let held = paper.first { $0.symbol == symbol }?.quantity ?? .zero
      return TransitionHolding(
        symbol: symbol, paper: held,
        real: real.first { $0.symbol == symbol }?.quantity ?? .zero,
        target: setup.venues.mirrored(
          held, of: symbol, instance: key.instance, weight: weight, in: world))
    }
  }

  /// Nil where positions cannot be read.
  private func transition(_ plan: CutoverPlan) -> CutoverTransition? {
    let rules = machine.history.rules
    let instant = setup.now()
    var whole = CutoverTransition.none
    var known = Holdings()
    do throws(BrokerFailure) {
      for key in plan.demote {
        let holdings = try holdings(of: key, weight: 0, known: &known)
        whole.add(
          TransitionPlan(
            demoting: key.instance, run: run, with: rules.demotion, holdings: holdings,
            at: instant), of: key, at: instant)
      }
      for weighted in plan.promote {
        let holdings = try holdings(of: weighted.key, weight: weighted.weight, known: &known)
        whole.add(
          TransitionPlan(
            promoting: weighted.key.instance, run: run, with: rules.promotion,
            holdings: holdings, at: instant), of: weighted.key, at: instant)
      }
    } catch {
      return nil
    }
    return whole
  }

  /// Closes on paper what is held on paper. An order that is there already is not sent again, though
  /// what it was to close is smaller by now.
  private func closePaper(of keys: [GateKey]) {
    var known: [String: VenueReading] = [:]
    for key in keys {
      guard let venue = setup.venues.paper(of: key.instance, in: world) else { continue }
      guard let reading = known[venue.venue] ?? (try? VenueReading(venue)) else { continue }
      known[venue.venue] = reading
      for record in reading.open[key.instance] ?? []
      where !record.order.clientID.text.hasPrefix("\(run):") {
        _ = try? venue.cancel(record.order.clientID)
      }
      let plan = TransitionPlan(
        promoting: key.instance, run: run, with: .none,
        holdings: (reading.parts[key.instance] ?? []).map {
          TransitionHolding(symbol: $0.symbol, paper: $0.quantity, real: .zero)
        }, at: setup.now())
      let path = DryRunOrderPath(of: key.instance, to: venue)
      for order in plan.paper { _ = try? path.submit(order.order) }
    }
  }

  /// Sends an order of the transition, or looks after it where the broker knows it.
  private func send(_ order: CutoverOrder, under permit: TransitionPermit) {
    guard let broker = broker(order.key), let desk = setup.desk(world) else {
      return inbox.append(
        .orderEnded(
          CutoverOrderEnd(clientID: order.clientID, outcome: .unknown, filled: 0)))
    }
    let id = ClientOrderID(recorded: order.clientID)
    do throws(BrokerFailure) {
      var status = try broker.status(of: id)
      if status == .unknown {
        let way = desk.orders(of: order.key.instance, side: order.key.side, to: broker) { symbol in
          Int(
            try broker.positions().quantity(of: symbol, heldBy: order.key.instance).lots)
        }
        switch try way.give(order, under: permit) {
        case .sent: status = try broker.status(of: id)
        case .known(let known): status = known
        case .noted, .refused:
          // Nobody has seen it at the broker, and it goes there no more.
          return inbox.append(
            .orderEnded(
              CutoverOrderEnd(clientID: order.clientID, outcome: .unknown, filled: 0)))
        }
      }
      if let end = CutoverOrderEnd(order, status) { inbox.append(.orderEnded(end)) }
    } catch {
      // It is looked after again.
    }
  }
}

extension CutoverEvent {
  fileprivate var isSwitch: Bool { if case .switched = fact { true } else { false } }
}

extension CutoverOrderEnd {
  /// How an order ended, nil while it has not.
  fileprivate init?(_ order: CutoverOrder, _ status: OrderStatus) {
    let sign = order.lots.signum()
    switch status {
    case .filled:
      self.init(clientID: order.clientID, outcome: .filled, filled: order.lots)
    case .cancelled(let filled):
      self.init(
        clientID: order.clientID, outcome: .cancelled, filled: sign * Int(filled.lots))
    case .rejected: self.init(clientID: order.clientID, outcome: .rejected, filled: 0)
    case .unknown, .accepted, .partiallyFilled: return nil
    }
  }
}

extension CutoverRules {
  fileprivate var promotion: PromotionTransition {
    switch onPromote {
    case .none: .none
    case .mirror: .mirror
    case .closeAndReopen: .closeAndReopen
    }
  }

  /// Without slices a position is closed at once.
  fileprivate var demotion: DemotionTransition {
    switch onDemote {
    case .none: .none
    case .market: .market
    case .twap:
      SliceSchedule(over: twapOver, slices: twapSlices).map(DemotionTransition.twap) ?? .market
    }
  }
}

extension CutoverTransition {
  /// Adds what Execution plans for one instance.
  fileprivate mutating func add(_ plan: TransitionPlan, of key: GateKey, at instant: Timestamp) {
    orders += plan.live.map { planned in
      CutoverOrder(
        clientID: planned.order.clientID.text, key: key, symbol: planned.order.symbol,
        lots: Int(planned.order.side.sign * planned.order.quantity.lots),
        isReducing: planned.order.isReduceOnly, due: planned.notBefore - instant,
        predecessor: planned.waitsFor?.text)
    }
    orphans += plan.orphans.map {
      OrphanPosition(
        instance: $0.instance, symbol: $0.symbol, lots: Int($0.quantity.lots))
    }
  }
}
