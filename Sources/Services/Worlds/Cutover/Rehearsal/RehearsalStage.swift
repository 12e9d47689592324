import Essentials
import Execution
import Markets
import Mathematics
import Synchronization
import Worlds

/// The stage of one rehearsal: what outlives a process, and the process that lives on it.
final class RehearsalStage {
  private let script: CutoverRehearsal
  private let fuse = RehearsalFuse()
  private let clock = RehearsalClock(CutoverRehearsal.start)
  private let records: RehearsalRecords
  private let mood = RehearsalMood()
  private let live: PaperBroker
  private let paper: PaperBroker
  private let arrivals = RehearsalArrivals()
  private let venues: RehearsalVenues
  private var chance: SplitMix64
  private var deaths: [Int]
  private var died = 0
  private var step = 0
  private var noted = 0
  private var violations: [String] = []
  private var process: Process?
  private var wasRefused = false
  private var afterwards = 0

  /// What dies with the process.
  private struct Process {
    var desk: OrderDesk
    var holder: RehearsalHolder
    var runner: CutoverRunner
    var isTakenUp = false
  }

  /// Longer than the longest way: the time to drain twice, and slices, at five seconds a step.
  private static let stepsMax = 200
  /// Steps in which everybody trades before anybody wants the run.
  private static let stepsBefore = 2
  private static let stepsAfterwards = 3

  init(_ script: CutoverRehearsal) {
    self.script = script
    deaths = script.deaths
    chance = SplitMix64(seed: script.seed ?? 0)
    let clock = clock
    records = RehearsalRecords(script.initial, fuse: fuse) { clock.now }
    let configuration = PaperConfiguration(
      venue: "live", balance: Money(micros: 1_000_000_000_000), otherLots: .one,
      reduceOnly: .cut)
    live = PaperBroker(configuration)
    var other = configuration
    other.venue = "paper"
    paper = PaperBroker(other)
    let records = records
    let arrivals = arrivals
    venues = RehearsalVenues(
      live: RehearsalBroker(
        inner: RehearsalVenue(playedBy: live), fuse: fuse, mood: mood
      ) { order in arrivals.note(order, in: records.state, at: clock.now) },
      paper: RehearsalBroker(inner: paper, fuse: fuse, mood: RehearsalMood()) { _ in })
  }

  // MARK: - The way

  func perform() -> CutoverRehearsal.Report {
    prepare()
    begin()
    while step < Self.stepsMax, !isOver {
      step += 1
      clock.advance(.seconds(5))
      advanceMarkets()
      incident()
      trade()
      goOn()
      if fuse.isBlown { begin() }
    }
    let writes = fuse.count
    conclude()
    let state = records.state
    return CutoverRehearsal.Report(
      outcome: state.registry.runs["run"]?.outcome,
      violations: violations + state.violations
        + arrivals.violations, writes: writes, deaths: died,
      transitionOrders: arrivals.transitions, tradedOrders: arrivals.trades, notedOrders: noted,
      kinds: state.log.map(\.event.kind))
  }

  /// Everybody goes on trading for a while after the run.
  private var isOver: Bool {
    let isEnded = records.state.registry.runs["run"]?.outcome != nil && !fuse.isBlown
    guard isEnded || wasRefused else { return false }
    afterwards += 1
    return afterwards > Self.stepsAfterwards
  }

  /// Gives everybody the positions and open orders that the play begins with.
  private func prepare() {
    advanceMarkets()
    func hold(_ lots: Int64, _ key: GateKey, at broker: PaperBroker) {
      let order = BrokerOrder(
        clientID: ClientOrderID(recorded: "before:\(key.instance)"), instance: key.instance,
        symbol: CutoverRehearsal.symbol, side: lots < 0 ? .sell : .buy,
        quantity: Quantity(lots: lots).magnitude)
      _ = try? broker.submit(order)
    }
    hold(12, CutoverRehearsal.old, at: live)
    hold(3, CutoverRehearsal.new, at: paper)
    if script.play == .closeAndReopen { hold(-1, CutoverRehearsal.new, at: live) }
    clock.advance(.seconds(5))
    advanceMarkets()
    let resting = ClientOrderID(recorded: "before:resting")
    if let price = Price(1) {
      _ = try? live.submit(
        BrokerOrder(
          clientID: resting, instance: "old", symbol: CutoverRehearsal.symbol, side: .buy,
          quantity: Quantity(lots: 4), kind: .limit(price)))
    }
    mood.change { mood in
      mood.isForbidden = script.fault == .permissionMissing
      if script.fault == .unknownOrder { mood.hidden = [resting] }
    }
  }

  /// Begins a process that knows nothing but what is durable.
  private func begin() {
    if process != nil { died += 1 }
    process = nil
    fuse.arm(deaths.isEmpty ? nil : deaths.removeFirst())
    let clock = clock
    let desk = OrderDesk(
      name: "desk", world: CutoverRehearsal.world, leaseLength: script.rules.gateLease
    ) { clock.now }
    let holder = RehearsalHolder(desk, fuse: fuse) { clock.now }
    let board = GateBoard()
    board.add(holder)
    let runner = CutoverRunner(
      CutoverSetup(board: board, venues: venues, desk: { _ in desk }, now: { clock.now }))
    process = Process(desk: desk, holder: holder, runner: runner)
  }

  private func goOn() {
    guard var process else { return }
    do throws(CutoverFailure) {
      if !process.isTakenUp {
        _ = try process.runner.takeUp(CutoverRehearsal.world, in: records)
        process.isTakenUp = true
        self.process = process
        deafen(process.holder)
      }
      try process.runner.renewLeases(of: CutoverRehearsal.world, in: records)
      guard step > Self.stepsBefore else { return }
      guard process.runner.stage(in: CutoverRehearsal.world) == .opening else {
        // Whoever wants the run asks for it as often as he likes.
        _ = try process.runner.carryOut(script.plan, in: records)
        return
      }
      _ = try process.runner.goOn(
        [.ticked(anomaly: nil)], in: CutoverRehearsal.world, of: records)
    } catch {
      if case .refused(let refusal) = error, records.state.registry.runs["run"] == nil {
        wasRefused = records.state.halt != nil
        if !wasRefused { violations.append("refused: \(refusal)") }
      }
    }
  }

  private func deafen(_ holder: RehearsalHolder) {
    switch script.fault {
    case .deafHolder: holder.become(.deaf)
    case .stubbornHolder: holder.become(.stubborn)
    default: return
    }
    arrivals.beginGrace(until: clock.now + script.rules.gateLease)
  }

  // MARK: - The others

  private func advanceMarkets() {
    guard
      let bar = MarketBar(
        symbol: CutoverRehearsal.symbol, open: 100, high: 100, low: 100, close: 100)
    else { return }
    for broker in [live, paper] { _ = try? broker.advance(to: clock.now, bars: [bar]) }
  }

  /// Everybody wants to order in each step: to buy and to sell in turns.
  private func trade() {
    guard let process else { return }
    let keys = [CutoverRehearsal.old, CutoverRehearsal.stay, CutoverRehearsal.new]
    let venue = venues.brokerOfMoney
    for key in keys {
      let orders = process.desk.orders(of: key.instance, side: key.side, to: venue) { symbol in
        Int(try venue.positions().quantity(of: symbol, heldBy: key.instance).lots)
      }
      let ticket = OrderTicket(
        signal: "signal\(step)", instance: key.instance, side: key.side, sequence: 0,
        symbol: CutoverRehearsal.symbol, lots: step.isMultiple(of: 2) ? 4 : -4)
      _ = try? orders.give(ticket)
      // Given twice, it is one order.
      _ = try? orders.give(ticket)
    }
    noted += process.desk.takeNotes().count
  }

  private func incident() {
    guard script.seed != nil, let process else { return }
    func once(in times: UInt64) -> Bool { chance.next() % times == 0 }
    if once(in: 25), records.state.halt == nil {
      records.change { $0.trip("breaker:daily_loss") }
      if process.isTakenUp {
        try? process.runner.renewLeases(of: CutoverRehearsal.world, in: records)
      }
    }
    if once(in: 8) { mood.change { $0.silences += 1 } }
    if once(in: 10) {
      process.holder.become(once(in: 2) ? .deaf : .alert)
      arrivals.beginGrace(until: clock.now + script.rules.gateLease)
    }
    if once(in: 40) {
      _ = try? process.runner.goOn(
        [.stopped(reason: "operator")], in: CutoverRehearsal.world, of: records)
    }
    if once(in: 60) {
      _ = try? process.runner.goOn(
        [.ticked(anomaly: "gate_error")], in: CutoverRehearsal.world, of: records)
    }
  }

  // MARK: - The end

  private func conclude() {
    let state = records.state
    let before = script.initial.standings
    guard let outcome = state.registry.runs["run"]?.outcome else {
      if !wasRefused { violations.append("the run has no outcome after \(step) steps") }
      return
    }
    for (key, standing) in state.standings {
      let isSwitched = outcome.stage == .completed
      let demoted = script.plan.demote.contains(key)
      let weighted = (script.plan.promote + script.plan.reweight).first { $0.key == key }
      let phase: StrategyPhase? =
        !isSwitched
        ? before[key]?.phase
        : demoted ? .inactive : weighted != nil ? .live : before[key]?.phase
      let weight: Double? =
        !isSwitched
        ? before[key]?.weight
        : demoted ? 0 : weighted?.weight ?? before[key]?.weight
      if standing.phase != phase { violations.append("\(key.instance) is \(standing.phase)") }
      if standing.weight != weight { violations.append("\(key.instance) has \(standing.weight)") }
      let mustBeClosed = demoted && isSwitched || outcome.needsOperator.contains(key.instance)
      if mustBeClosed
        || outcome.stage == .rolledBack
          && !script.plan.reweight.contains(where: {
            $0.key == key
          }) && script.plan.demote.contains(key),
        standing.gate != .closed
      {
        violations.append("the gate of \(key.instance) is \(standing.gate)")
      }
      if !isSwitched, standing.gate.isOpen, standing.gate != before[key]?.gate {
        violations.append("the gate of \(key.instance) is not what it was")
      }
    }
    let again = Set(state.log.compactMap { $0.event.outcome == nil ? nil : $0.event.kind })
    if again.count != 1 { violations.append("the run has the outcomes \(again)") }
    concludeHolder(state)
    concludePositions(state, outcome)
  }

  /// A holder that hears again believes what the world says.
  private func concludeHolder(_ state: RehearsalRecords.State) {
    guard let process, !fuse.isBlown else { return }
    process.holder.become(.alert)
    fuse.arm(nil)
    try? process.runner.renewLeases(of: CutoverRehearsal.world, in: records)
    for standing in state.standings.values
    where process.desk.table[standing.key]?.state != standing.gate {
      violations.append("the desk is wrong about \(standing.key.instance)")
    }
  }

  /// What was carried over is what was planned, once.
  private func concludePositions(_ state: RehearsalRecords.State, _ outcome: CutoverOutcome) {
    var planned: [CutoverOrder] = []
    for record in state.log {
      if case .verified(let transition) = record.event.fact { planned = transition.orders }
    }
    let switched = state.log.contains { $0.event.kind == "cutover.switched" }
    if !switched, !arrivals.transitions.isEmpty {
      violations.append("positions were carried over without a switch")
    }
    guard outcome.stage == .completed, outcome.needsOperator.isEmpty else { return }
    for order in planned where state.halt == nil {
      let status = try? live.status(of: ClientOrderID(recorded: order.clientID))
      if status != .filled { violations.append("\(order.clientID) is \(status?.name ?? "lost")") }
    }
    if state.halt == nil, Set(arrivals.transitions) != Set(planned.map(\.clientID)) {
      violations.append("the orders \(arrivals.transitions) are not those of the plan")
    }
  }
}

/// What the time is on a stage.
final class RehearsalClock: Sendable {
  private let instant: Mutex<Timestamp>

  init(_ start: Timestamp) { instant = Mutex(start) }

  var now: Timestamp { instant.withLock { $0 } }
  func advance(_ span: TimeSpan) { instant.withLock { $0 = $0 + span } }
}

/// The venues of a rehearsal, which all instances share.
struct RehearsalVenues: CutoverVenues {
  let brokerOfMoney: any Broker<LiveAuthority>
  let brokerOfPaper: any Broker<PaperAuthority>

  init(live: RehearsalBroker<LiveAuthority>, paper: RehearsalBroker<PaperAuthority>) {
    brokerOfMoney = live
    brokerOfPaper = paper
  }

  func live(of instance: String, in world: String) -> (any Broker<LiveAuthority>)? {
    brokerOfMoney
  }

  func paper(of instance: String, in world: String) -> (any Broker<PaperAuthority>)? {
    brokerOfPaper
  }
}

/// A holder that hears, or does not, or says that it trusts what it knows for ever.
final class RehearsalHolder: GateHolder {
  enum Manner: Hashable, Sendable { case alert, deaf, stubborn }

  private let desk: OrderDesk
  private let fuse: RehearsalFuse
  private let now: @Sendable () -> Timestamp
  private let manner = Mutex<Manner>(.alert)
  private let known = Mutex<Int?>(nil)

  init(_ desk: OrderDesk, fuse: RehearsalFuse, now: @escaping @Sendable () -> Timestamp) {
    self.desk = desk
    self.fuse = fuse
    self.now = now
  }

  var name: String { desk.name }
  var world: String { desk.world }

  func become(_ next: Manner) {
    known.withLock { $0 = desk.table.acknowledged }
    manner.withLock { $0 = next }
  }

  func take(_ notice: GateNotice) -> GateTable.Receipt {
    guard fuse.passes(), manner.withLock({ $0 }) == .alert else { return .stale }
    return desk.take(notice)
  }

  func renew(_ renewal: GateRenewal) -> GateTable.Receipt {
    guard !fuse.isBlown, manner.withLock({ $0 }) == .alert else { return .stale }
    return desk.renew(renewal)
  }

  func report() -> HolderReport? {
    guard !fuse.isBlown else { return nil }
    guard manner.withLock({ $0 }) == .stubborn else { return desk.report() }
    return HolderReport(
      name: name, acknowledged: known.withLock { $0 }, leaseUntil: now() + .seconds(15))
  }
}

/// The orders that a broker sees for the first time, held against what is durable then.
final class RehearsalArrivals: Sendable {
  private struct State {
    var ids: Set<String> = []
    var transitions: [String] = []
    var trades = 0
    var graceEnd: Timestamp?
    var violations: [String] = []
  }

  private let mutex = Mutex<State>(State())

  var violations: [String] { mutex.withLock { $0.violations } }
  var transitions: [String] { mutex.withLock { $0.transitions } }
  var trades: Int { mutex.withLock { $0.trades } }

  /// Until its lease ends, a holder that hears nothing cannot know that the world was halted.
  func beginGrace(until instant: Timestamp) { mutex.withLock { $0.graceEnd = instant } }

  func note(_ order: BrokerOrder, in records: RehearsalRecords.State, at now: Timestamp) {
    let isInGrace = mutex.withLock { state in state.graceEnd.map { now < $0 } ?? false }
    let objection = Self.objection(to: order, in: records, isInGrace: isInGrace)
    let id = order.clientID.text
    mutex.withLock { state in
      if !state.ids.insert(id).inserted { state.violations.append("\(id) arrived twice") }
      if let objection { state.violations.append("\(id) \(objection)") }
      if id.hasPrefix("run:") { state.transitions.append(id) } else { state.trades += 1 }
    }
  }

  /// Why an order must not arrive now; nil where it may.
  private static func objection(
    to order: BrokerOrder, in records: RehearsalRecords.State, isInGrace: Bool
  ) -> String? {
    let history = try? CutoverHistory(replaying: records.current)
    if order.clientID.text.hasPrefix("run:") {
      guard let history, history.stage == .transitioning else {
        return "was sent while nothing is carried over"
      }
      guard history.sent.contains(order.clientID.text) else { return "was not recorded first" }
      return records.halt != nil && !order.isReduceOnly ? "enlarges in a halted world" : nil
    }
    let standing = records.standings.values.first { $0.key.instance == order.instance }
    guard let standing else { return "is of nobody" }
    // Until it is confirmed, those who have not heard of the freeze may go on.
    let isConcerned =
      history?.demand.standings.contains { $0.key == standing.key } ?? false
    if isConcerned, history?.stage == .freezing, standing.phase == .live { return nil }
    if standing.gate.isOpen || (records.halt != nil && isInGrace) { return nil }
    return "left through the gate \(standing.gate)"
  }
}
