import Essentials
import Testing

@testable import Worlds

@Suite("A run of a switch")
struct CutoverTests {
  typealias Bench = CutoverBench

  @Test("goes from its plan to open gates, one epoch after the other")
  func wholeWay() throws {
    var bench = try Bench(rules: Bench.rules { $0.monitorTicks = 2 })
    bench.begin()
    #expect(bench.machine.stage == .opening)
    bench.tell(.ticked(anomaly: nil))
    bench.tell(.ticked(anomaly: nil))
    #expect(
      bench.kinds == [
        "planned", "frozen", "acknowledged", "drained", "verified", "switched", "transitioned",
        "opening", "completed",
      ])
    #expect(bench.epochs == [8, 9, 10, 11])
    #expect(bench.states(of: "old") == [.closed, .closed, .closed])
    #expect(
      bench.states(of: "new") == [
        .closed, .closed, .monitor(weight: 0.4), .open(weight: 0.4),
      ])
    #expect(
      bench.machine.outcome
        == CutoverOutcome(stage: .completed, epoch: 11, reason: "", needsOperator: []))
    #expect(bench.alerts == [.demoted, .promoted])
    guard case .switched(let change) = bench.log[5].event.fact else {
      Issue.record("the sixth event is no switch")
      return
    }
    #expect(change.phases == [.init("old", .inactive), .init("new", .live)])
    #expect(change.weights.map(\.weight) == [0.4, 0])
  }

  @Test("does nothing before the event that says so is durable")
  func recordsFirst() throws {
    var machine = try Bench().machine
    var directives = machine.begin(at: Bench.start)
    for kind in ["cutover.planned", "cutover.frozen"] {
      #expect(directives.count == 1)
      guard case .record(let event)? = directives.first else {
        Issue.record("\(directives) begins with no record")
        return
      }
      #expect(event.kind == kind)
      #expect(machine.told(.timePassed, at: Bench.start) == [])
      #expect(machine.inquiries == [])
      directives = machine.told(.recorded(event), at: Bench.start)
    }
    guard case .notify? = directives.first else {
      Issue.record("nobody is told after the freeze")
      return
    }
  }

  // MARK: - T1 to T6

  @Test("T1: a holder whose lease has ended holds nothing up")
  func leaseEnds() throws {
    var bench = try Bench()
    bench.isFreezeConfirmed = false
    bench.begin()
    #expect(bench.machine.stage == .freezing)
    #expect(bench.machine.deadline == Bench.start + .seconds(15))
    bench.wait(.seconds(14))
    #expect(bench.machine.stage == .freezing)
    bench.wait(.seconds(1))
    #expect(bench.machine.stage == .opening)
    guard case .acknowledged(let holders) = bench.log[2].event.fact else {
      Issue.record("the third event is no acknowledgement")
      return
    }
    #expect(holders == [CutoverHolder("desk", isConfirmed: false)])
  }

  @Test("T1: a holder that renews its lease and confirms nothing aborts the run")
  func renewsWithoutConfirming() throws {
    var bench = try Bench()
    bench.isFreezeConfirmed = false
    bench.begin()
    for _ in 0..<3 {
      bench.leaseUntil = bench.leaseUntil + .seconds(10)
      bench.wait(.seconds(10))
    }
    #expect(bench.kinds == ["planned", "frozen", "aborted"])
    #expect(bench.machine.outcome?.reason == "freeze_unacknowledged:desk")
    #expect(bench.states(of: "old") == [.closed, .open(weight: 0.3)])
    #expect(bench.states(of: "new") == [.closed, .closed])
    #expect(bench.epochs == [8, 9])
    #expect(bench.alerts == [.cutoverFailed])
  }

  @Test("T2: a switch that cannot be recorded is rolled back behind closed gates")
  func unrecordableSwitch() throws {
    var bench = try Bench()
    bench.unrecordable = ["cutover.switched"]
    bench.begin()
    #expect(bench.kinds.suffix(2) == ["verified", "rolled_back"])
    #expect(bench.log.allSatisfy { $0.event.phases.isEmpty && $0.event.weights.isEmpty })
    #expect(bench.machine.outcome?.stage == .rolledBack)
    #expect(bench.states(of: "old") == [.closed, .closed])
    #expect(bench.epochs == [8, 9])
    #expect(bench.alerts == [.rolledBack])
  }

  @Test("T2: a rollback that cannot be recorded either is tried again, and never the switch")
  func unrecordableRollback() throws {
    var bench = try Bench()
    bench.unrecordable = ["cutover.switched", "cutover.rolled_back"]
    // The bench answers each attempt at once, so the first attempts are made by hand.
    var machine = bench.machine
    var directives = machine.begin(at: Bench.start)
    func event(_ directives: [CutoverDirective]) -> CutoverEvent? {
      directives.compactMap { if case .record(let event) = $0 { event } else { nil } }.last
    }
    bench.unrecordable = []
    var attempts: [String] = []
    for _ in 0..<40 where machine.outcome == nil {
      guard let next = event(directives) else { break }
      attempts.append(next.kind)
      let isRefused =
        next.kind == "cutover.switched"
        || (next.kind == "cutover.rolled_back" && attempts.count < 9)
      directives = machine.told(
        isRefused ? .recordFailed(next) : .recorded(next), at: Bench.start)
      if machine.stage == .freezing, event(directives) == nil {
        directives = machine.told(
          .holder(
            HolderReport(
              name: "desk", acknowledged: 8, leaseUntil: Bench.start + .seconds(9))),
          at: Bench.start)
      }
      if machine.stage == .draining, event(directives) == nil {
        for instance in ["old", "new"] {
          directives = machine.told(
            .ordersRead([
              OrderReading(
                key: Bench.key(instance), open: [], unknown: [], isReconciled: true,
                positions: Fingerprint(of: ""))
            ]), at: Bench.start)
        }
      }
      if machine.stage == .switching, event(directives) == nil, machine.history.transition == nil {
        _ = machine.told(.verified(failing: nil), at: Bench.start)
        directives = machine.told(.transitionPlanned(.none), at: Bench.start)
      }
      if event(directives) == nil { directives = machine.told(.timePassed, at: Bench.start) }
    }
    #expect(attempts.filter { $0 == "cutover.switched" }.count == 1)
    #expect(attempts.filter { $0 == "cutover.rolled_back" }.count > 1)
    #expect(machine.outcome?.stage == .rolledBack)
  }

  @Test("T3: a broker that fails a check aborts the run before the switch")
  func brokerFails() throws {
    var bench = try Bench()
    bench.failing = .permissions
    bench.begin()
    #expect(bench.kinds.suffix(2) == ["drained", "aborted"])
    #expect(bench.machine.outcome?.reason == "broker_permission")
    #expect(bench.states(of: "old").last == .open(weight: 0.3))
  }

  @Test("T4: an order nobody knows of keeps its instance's gate closed, and only that one")
  func unknownOrder() throws {
    var bench = try Bench(
      Bench.plan(demote: ["old", "stay"], promote: []),
      rules: Bench.rules { $0.drainTimeout = .seconds(60) })
    bench.unknownOrders = ["old"]
    bench.begin()
    bench.wait(.seconds(59))
    #expect(bench.machine.stage == .draining)
    bench.wait(.seconds(1))
    #expect(
      bench.machine.outcome
        == CutoverOutcome(
          stage: .aborted, epoch: 9, reason: "drain_timeout", needsOperator: ["old"]))
    #expect(bench.states(of: "old").last == .closed)
    #expect(bench.states(of: "stay").last == .open(weight: 0.2))
  }

  @Test("an order that is known to be open aborts the run and gives every gate back")
  func openOrder() throws {
    var bench = try Bench()
    bench.openOrders = ["old"]
    bench.begin()
    bench.wait(.seconds(60))
    #expect(bench.machine.outcome?.stage == .aborted)
    #expect(bench.machine.outcome?.needsOperator == [])
    #expect(bench.states(of: "old").last == .open(weight: 0.3))
  }

  @Test("T5, T6: taken up after each of its events, a run is aborted or goes on to its end")
  func takenUp() throws {
    var bench = try Bench(rules: Bench.rules { $0.monitorTicks = 0 })
    bench.transition = CutoverTransition(
      orders: [
        CutoverOrder(
          clientID: "r1:new:transition:0", key: Bench.key("new"), symbol: "BTC", lots: 3,
          isReducing: false)
      ], orphans: [])
    bench.begin()
    let whole = bench.log
    let switched = try #require(whole.firstIndex { $0.event.kind == "cutover.switched" })
    #expect(bench.machine.outcome?.stage == .completed)
    for count in 1...whole.count {
      var half = bench
      half.log = Array(whole.prefix(count))
      half = try half.takenUp()
      half.begin()
      let outcome = try #require(half.machine.outcome, "after \(count) events")
      #expect(outcome.stage == (count <= switched ? .aborted : .completed))
      #expect(outcome.reason == (count <= switched ? "interrupted" : ""))
      if count <= switched {
        #expect(half.states(of: "old").last == .open(weight: 0.3))
      } else if count < whole.count {
        #expect(half.states(of: "new").last == .open(weight: 0.4))
        #expect(half.sent.map(\.clientID).allSatisfy { $0 == "r1:new:transition:0" })
      }
      let epochs = half.log.compactMap(\.event.epoch)
      #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 })
      #expect(try CutoverHistory(replaying: half.log) == half.machine.history)
    }
  }

  // MARK: - T13 to T19

  static func order(
    _ place: Int, _ lots: Int, of instance: String = "new", reducing: Bool = false,
    due: TimeSpan = .zero, after: Int? = nil
  ) -> CutoverOrder {
    CutoverOrder(
      clientID: "r1:\(instance):transition:\(place)", key: Bench.key(instance), symbol: "BTC",
      lots: lots, isReducing: reducing, due: due,
      predecessor: after.map { "r1:\(instance):transition:\($0)" })
  }

  @Test("T13: without a transition no order is sent, and paper is closed on paper")
  func noTransition() throws {
    var bench = try Bench()
    bench.begin()
    #expect(bench.sent.isEmpty)
    #expect(bench.done.contains(.closePaper([Bench.key("new")])))
  }

  @Test("T14: an order is sent under the permit of the switch, once")
  func mirror() throws {
    var bench = try Bench()
    bench.transition = CutoverTransition(orders: [Self.order(0, 3)], orphans: [])
    bench.begin()
    let permits = bench.done.compactMap { directive -> TransitionPermit? in
      if case .send(_, let permit) = directive { permit } else { nil }
    }
    #expect(permits == [TransitionPermit(world: "w", run: "r1", key: Bench.key("new"), epoch: 9)])
    #expect(bench.sent.map(\.lots) == [3])
  }

  @Test("T15: an order waits until the one before it is filled")
  func closeAndReopen() throws {
    var bench = try Bench()
    bench.transition = CutoverTransition(
      orders: [Self.order(0, 1, reducing: true), Self.order(1, 3, after: 0)], orphans: [])
    bench.doesFill = false
    bench.begin()
    #expect(bench.sent.map(\.lots) == [1])
    bench.wait(.seconds(1))
    #expect(bench.sent.map(\.lots) == [1, 1], "it is looked after, and the next one waits")
    bench.tell(
      .orderEnded(
        CutoverOrderEnd(clientID: "r1:new:transition:0", outcome: .filled, filled: 1)))
    #expect(bench.sent.map(\.lots) == [1, 1, 3])
    bench.tell(
      .orderEnded(
        CutoverOrderEnd(clientID: "r1:new:transition:1", outcome: .filled, filled: 3)))
    #expect(bench.machine.stage == .opening)
  }

  @Test(
    "T15: where the first order is not filled, the second is not sent and the gate stays closed")
  func closingFails() throws {
    var bench = try Bench(rules: Bench.rules { $0.monitorTicks = 0 })
    bench.transition = CutoverTransition(
      orders: [Self.order(0, 1, reducing: true), Self.order(1, 3, after: 0)], orphans: [])
    bench.doesFill = false
    bench.begin()
    bench.tell(
      .orderEnded(
        CutoverOrderEnd(clientID: "r1:new:transition:0", outcome: .rejected, filled: 0)))
    #expect(bench.sent.count == 1)
    #expect(bench.machine.outcome?.needsOperator == ["new"])
    #expect(bench.states(of: "new").last == .closed)
    #expect(bench.alerts.contains(.cutoverFailed))
  }

  @Test("T16: slices are sent at their instants")
  func slices() throws {
    var bench = try Bench(Bench.plan(promote: []))
    bench.transition = CutoverTransition(
      orders: (0..<6).map {
        Self.order($0, -2, of: "old", reducing: true, due: .minutes(5 * Int64($0)))
      }, orphans: [])
    bench.begin()
    for minute in 1...25 {
      bench.wait(.minutes(1))
      #expect(bench.sent.count == 1 + minute / 5)
    }
    #expect(bench.machine.outcome?.stage == .completed)
    #expect(bench.sent.map(\.lots) == Array(repeating: -2, count: 6))
    #expect(Set(bench.sent.map(\.clientID)).count == 6)
  }

  @Test("T17: what stays behind is in the record of the run")
  func orphans() throws {
    var bench = try Bench(Bench.plan(promote: []))
    let orphan = OrphanPosition(instance: "old", symbol: "BTC", lots: 5)
    bench.transition = CutoverTransition(orders: [], orphans: [orphan])
    bench.begin()
    #expect(bench.machine.history.transition?.orphans == [orphan])
    #expect(bench.machine.outcome?.stage == .completed)
  }

  @Test("T18: the gate opens after as many ticks as the rules want, and not before")
  func ticks() throws {
    var bench = try Bench()
    bench.begin()
    for tick in 1...3 {
      #expect(bench.states(of: "new").last == .monitor(weight: 0.4), "before tick \(tick)")
      bench.tell(.ticked(anomaly: nil))
    }
    #expect(bench.states(of: "new").last == .open(weight: 0.4))
  }

  @Test("T18: something wrong with a would-be order closes the gate for good")
  func anomaly() throws {
    var bench = try Bench()
    bench.begin()
    bench.tell(.ticked(anomaly: nil))
    bench.tell(.ticked(anomaly: "gate_error"))
    #expect(bench.machine.outcome?.reason == "anomaly:gate_error")
    #expect(bench.states(of: "new").last == .closed)
  }

  @Test("T19: the demoted are drained before anything about the promoted opens")
  func demotedFirst() throws {
    var bench = try Bench()
    bench.openOrders = ["old"]
    bench.begin()
    #expect(bench.states(of: "new") == [.closed])
    bench.openOrders = []
    bench.wait(.seconds(1))
    #expect(bench.states(of: "new") == [.closed, .closed, .monitor(weight: 0.4)])
  }

  // MARK: - Breakers and others

  @Test("R6: a breaker that trips before the switch aborts, behind closed gates")
  func tripBefore() throws {
    var bench = try Bench()
    bench.openOrders = ["old"]
    bench.begin()
    bench.tell(.halted(reason: "breaker:daily_loss", epoch: 9))
    #expect(bench.machine.outcome?.reason == "breaker:daily_loss")
    #expect(bench.machine.outcome?.stage == .aborted)
    #expect(bench.states(of: "old").last == .closed)
    #expect(bench.epochs == [8, 10])
    #expect(bench.log.allSatisfy { $0.event.phases.isEmpty })
  }

  @Test("R6: a breaker that trips after the switch ends the run with gates that never open")
  func tripAfter() throws {
    var bench = try Bench()
    bench.begin()
    bench.tell(.halted(reason: "breaker:daily_loss", epoch: 11))
    #expect(bench.machine.outcome?.stage == .completed)
    #expect(bench.states(of: "new") == [.closed, .closed, .monitor(weight: 0.4), .closed])
    #expect(bench.machine.outcome?.epoch == 12)
  }

  @Test("R6: a breaker that trips while the switch is being recorded waits for what becomes of it")
  func tripDuring() throws {
    for isRecorded in [true, false] {
      var bench = try Bench()
      bench.unrecordable = ["cutover.switched"]
      bench.begin()
      // Rebuilt to the moment at which the switch is asked for.
      let verified = try #require(bench.log.firstIndex { $0.event.kind == "cutover.verified" })
      var fresh = try Bench()
      var directives = fresh.machine.begin(at: fresh.now)
      var switching: CutoverEvent?
      for record in bench.log.prefix(verified + 1) {
        directives = fresh.machine.told(.recorded(record.event), at: fresh.now)
        for directive in directives {
          switch directive {
          case .askHolders:
            _ = fresh.machine.told(
              .holder(
                HolderReport(name: "desk", acknowledged: 8, leaseUntil: fresh.now)),
              at: fresh.now)
          case .readOrders(let keys):
            for key in keys {
              _ = fresh.machine.told(
                .ordersRead([
                  OrderReading(
                    key: key, open: [], unknown: [], isReconciled: true,
                    positions: Fingerprint(of: key.instance))
                ]), at: fresh.now)
            }
          case .verifyBroker: _ = fresh.machine.told(.verified(failing: nil), at: fresh.now)
          case .planTransition:
            _ = fresh.machine.told(.transitionPlanned(.none), at: fresh.now)
          case .record(let event): switching = event
          default: break
          }
        }
      }
      let event = try #require(switching)
      #expect(event.kind == "cutover.switched")
      #expect(
        fresh.machine.told(.halted(reason: "breaker:x", epoch: 20), at: fresh.now) == [])
      fresh.unrecordable = []
      fresh.perform(
        fresh.machine.told(isRecorded ? .recorded(event) : .recordFailed(event), at: fresh.now))
      #expect(fresh.machine.outcome?.stage == (isRecorded ? .completed : .rolledBack))
      #expect(fresh.states(of: "new").allSatisfy { $0 == .closed })
      #expect((fresh.machine.outcome?.epoch ?? 0) > 20)
    }
  }

  @Test("after a breaker only orders that make a position smaller are still sent")
  func tripInTransition() throws {
    var bench = try Bench()
    bench.transition = CutoverTransition(
      orders: [
        Self.order(0, -2, of: "old", reducing: true, due: .minutes(1)),
        Self.order(0, 3, due: .minutes(1)),
      ], orphans: [])
    bench.begin()
    bench.tell(.halted(reason: "breaker:x", epoch: 10))
    bench.wait(.minutes(1))
    #expect(bench.sent.map(\.lots) == [-2])
    #expect(bench.machine.outcome?.needsOperator == ["new"])
  }

  @Test("a gate that somebody else closed meanwhile is not opened")
  func closedByOthers() throws {
    var bench = try Bench()
    bench.openOrders = ["old"]
    bench.begin()
    bench.tell(.gatesChanged(epoch: 9, gates: [GateChange(Bench.key("old"), .closed)]))
    bench.tell(.stopped(reason: "operator"))
    #expect(bench.machine.outcome?.reason == "operator")
    #expect(bench.states(of: "old") == [.closed, .closed])
    #expect(bench.machine.outcome?.epoch == 10)
  }

  @Test("a gate that somebody else opens while orders are being ended aborts the run")
  func openedByOthers() throws {
    var bench = try Bench()
    bench.openOrders = ["old"]
    bench.begin()
    bench.tell(.gatesChanged(epoch: 9, gates: [GateChange(Bench.key("old"), .open(weight: 0.1))]))
    #expect(bench.machine.outcome?.reason == "gates_changed")
    #expect(bench.states(of: "old").last == .open(weight: 0.1))
  }

  @Test("a new weight opens no gate that is closed")
  func reweighting() throws {
    var bench = try Bench(Bench.plan(demote: [], promote: [], reweight: ["old"]))
    bench.begin()
    #expect(bench.machine.outcome?.stage == .completed)
    #expect(bench.states(of: "old") == [.open(weight: 0.1)])
    var closed = try Bench(
      Bench.plan(demote: [], promote: [], reweight: ["old"]),
      world: Bench.world(oldGate: .closed))
    closed.begin()
    #expect(closed.states(of: "old") == [.closed])
  }

  @Test("a person may end a run in every stage")
  func stopped() throws {
    var opening = try Bench()
    opening.begin()
    opening.tell(.stopped(reason: "operator"))
    #expect(opening.machine.outcome?.stage == .completed)
    #expect(opening.states(of: "new").last == .closed)
  }

  @Test("a transition of foreign positions is refused before the switch")
  func unsound() throws {
    for orders in [
      [Self.order(0, 1, of: "stay")], [Self.order(0, 0)], [Self.order(0, 1), Self.order(0, 2)],
      [Self.order(0, 1, after: 1), Self.order(1, 1)],
    ] {
      var bench = try Bench()
      bench.transition = CutoverTransition(orders: orders, orphans: [])
      bench.begin()
      #expect(bench.machine.outcome?.reason == "transition_unsound")
    }
  }

  @Test("an order that does not end in time is taken back and its gate stays closed")
  func lateOrder() throws {
    var bench = try Bench(rules: Bench.rules { $0.monitorTicks = 0 })
    bench.transition = CutoverTransition(orders: [Self.order(0, 3)], orphans: [])
    bench.doesFill = false
    bench.begin()
    bench.wait(.seconds(59))
    #expect(bench.machine.stage == .transitioning)
    #expect(bench.sent.count > 1 && Set(bench.sent.map(\.clientID)).count == 1)
    bench.wait(.seconds(1))
    #expect(bench.done.contains(.cancelOrders([Self.order(0, 3)])))
    #expect(bench.machine.outcome?.needsOperator == ["new"])
  }
}
