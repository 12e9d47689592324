import Essentials

@testable import Worlds

/// A run of the world `w` with everybody around it, who answer at once unless they are told not to.
struct CutoverBench {
  static let start = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)

  var machine: Cutover
  var now = start
  /// What is durable.
  var log: [RecordedCutoverEvent] = []
  /// What was to be done, without what was to be recorded.
  var done: [CutoverDirective] = []
  /// Kinds of events that cannot be recorded.
  var unrecordable: Set<String> = []
  var isFreezeConfirmed = true
  var leaseUntil = start + .seconds(15)
  /// Instances whose orders nobody knows of, and such with orders that stay open.
  var unknownOrders: Set<String> = []
  var openOrders: Set<String> = []
  var failing: CutoverRules.Verification?
  var transition = CutoverTransition.none
  var doesFill = true

  static func rules(_ change: (inout CutoverRules) -> Void = { _ in }) -> CutoverRules {
    var rules = CutoverRules()
    change(&rules)
    return rules
  }

  static func key(_ instance: String) -> GateKey { GateKey(instance, .long) }

  /// At epoch 7, `old` is live with a weight of 0.3 and `stay` with 0.2; `new` trades on paper.
  static func world(
    epoch: Int = 7, mode: WorldMode = .active, allowsLive: Bool = true, liveMax: Int? = nil,
    oldGate: GateState = .open(weight: 0.3)
  ) -> CutoverWorld {
    CutoverWorld(
      world: "w", epoch: epoch, mode: mode, allowsLive: allowsLive,
      standings: [
        CutoverStanding(key("old"), phase: .live, weight: 0.3, gate: oldGate),
        CutoverStanding(key("stay"), phase: .live, weight: 0.2, gate: .open(weight: 0.2)),
        CutoverStanding(key("new"), phase: .dryrun, weight: 0, gate: .closed),
      ], liveMax: CutoverWorld.LiveMax(total: liveMax))
  }

  static func plan(
    run: String = "r1", epoch: Int = 7, demote: [String] = ["old"], promote: [String] = ["new"],
    reweight: [String] = []
  ) -> CutoverPlan {
    CutoverPlan(
      run: run, world: "w", planID: "p", baseEpoch: epoch, demote: demote.map(key),
      promote: promote.map { CutoverPlan.Weighted(key($0), weight: 0.4) },
      reweight: reweight.map { CutoverPlan.Weighted(key($0), weight: 0.1) })
  }

  init(
    _ plan: CutoverPlan = plan(), rules: CutoverRules = rules(), world: CutoverWorld = world()
  ) throws {
    machine = try Cutover(
      plan, rules: rules, in: world,
      holders: [
        HolderReport(name: "desk", acknowledged: 7, leaseUntil: Self.start + .seconds(15))
      ], at: Self.start)
  }

  mutating func begin() { perform(machine.begin(at: now)) }

  mutating func tell(_ news: CutoverNews) { perform(machine.told(news, at: now)) }

  /// Lets time go on, asks what was not answered, and tells that time passed.
  mutating func wait(_ span: TimeSpan) {
    now = now + span
    perform(machine.inquiries)
    tell(.timePassed)
  }

  mutating func perform(_ directives: [CutoverDirective]) {
    for directive in directives { perform(directive) }
  }

  private mutating func perform(_ directive: CutoverDirective) {
    if case .record(let event) = directive {
      guard !unrecordable.contains(event.kind) else { return tell(.recordFailed(event)) }
      log.append(RecordedCutoverEvent(event, at: now))
      return tell(.recorded(event))
    }
    done.append(directive)
    switch directive {
    case .askHolders:
      tell(
        .holder(
          HolderReport(
            name: "desk", acknowledged: isFreezeConfirmed ? machine.history.epoch : 7,
            leaseUntil: leaseUntil)))
    case .readOrders(let keys):
      for key in keys {
        tell(
          .ordersRead([
            OrderReading(
              key: key, open: openOrders.contains(key.instance) ? ["o"] : [],
              unknown: unknownOrders.contains(key.instance) ? ["u"] : [], isReconciled: true,
              positions: Fingerprint(of: key.instance))
          ]))
      }
    case .verifyBroker: tell(.verified(failing: failing))
    case .planTransition: tell(.transitionPlanned(transition))
    case .send(let order, _):
      if doesFill {
        tell(
          .orderEnded(
            CutoverOrderEnd(clientID: order.clientID, outcome: .filled, filled: order.lots)))
      }
    default: break
    }
  }

  /// What is durable, taken up by somebody who knows nothing else.
  func takenUp(meanwhile news: [CutoverNews] = []) throws -> CutoverBench {
    var other = self
    other.machine = try Cutover(
      replaying: log, worldEpoch: machine.history.epoch,
      holders: [HolderReport(name: "desk", acknowledged: nil, leaseUntil: now)], meanwhile: news)
    other.done = []
    return other
  }

  var kinds: [String] { log.map { String($0.event.kind.dropFirst("cutover.".count)) } }

  var sent: [CutoverOrder] {
    done.compactMap { if case .send(let order, _) = $0 { order } else { nil } }
  }

  /// What the holders were told about a gate, one after the other.
  func states(of instance: String) -> [GateState] {
    done.compactMap { directive in
      guard case .notify(let notice) = directive else { return nil }
      return notice.gates.first { $0.key.instance == instance }?.state
    }
  }

  var epochs: [Int] {
    done.compactMap { if case .notify(let notice) = $0 { notice.epoch } else { nil } }
  }

  var alerts: [AlertRule.Occasion] {
    done.compactMap { if case .alert(let occasion, _) = $0 { occasion } else { nil } }
  }
}
