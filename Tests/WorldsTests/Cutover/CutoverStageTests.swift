import Essentials
import Testing

@testable import Worlds

/// Every stage and everything that can be heard in it.
@Suite("A stage of a run")
struct CutoverStageTests {
  typealias Bench = CutoverBench

  /// A run that stands in a stage and asks for nothing.
  static func bench(in stage: CutoverStage) throws -> CutoverBench {
    var bench = try Bench()
    switch stage {
    case .planned: bench.unrecordable = ["cutover.frozen"]
    case .freezing: bench.isFreezeConfirmed = false
    case .draining: bench.openOrders = ["old"]
    case .switching: bench.unrecordable = ["cutover.verified"]
    case .transitioning:
      bench.transition = CutoverTransition(orders: [CutoverTests.order(0, 3)], orphans: [])
      bench.doesFill = false
    case .opening: break
    case .completed: bench = try Bench(rules: Bench.rules { $0.monitorTicks = 0 })
    case .aborted: bench.failing = .account
    case .rolledBack: bench.unrecordable = ["cutover.switched"]
    }
    bench.begin()
    #expect(bench.machine.stage == stage)
    return bench
  }

  static let news: [(name: String, news: CutoverNews)] = [
    ("timePassed", .timePassed),
    ("recorded", .recorded(CutoverEvent(run: "r1", .opening(epoch: 99, gates: [])))),
    ("recordFailed", .recordFailed(CutoverEvent(run: "r1", .opening(epoch: 99, gates: [])))),
    ("recordRefused", .recordRefused(CutoverEvent(run: "r1", .opening(epoch: 99, gates: [])))),
    (
      "holder",
      .holder(
        HolderReport(
          name: "desk", acknowledged: 99, leaseUntil: Bench.start + .seconds(15)))
    ),
    (
      "ordersRead",
      .ordersRead([
        OrderReading(
          key: Bench.key("old"), open: [], unknown: [], isReconciled: true,
          positions: Fingerprint(of: "old"))
      ])
    ),
    ("verified", .verified(failing: .balance)),
    ("transitionPlanned", .transitionPlanned(.none)),
    (
      "orderEnded",
      .orderEnded(
        CutoverOrderEnd(clientID: "r1:new:transition:0", outcome: .filled, filled: 3))
    ),
    ("ticked", .ticked(anomaly: nil)),
    ("ticked badly", .ticked(anomaly: "x")),
    ("halted", .halted(reason: "breaker:x", epoch: 30)),
    ("gatesChanged", .gatesChanged(epoch: 30, gates: [GateChange(Bench.key("new"), .closed)])),
    ("stopped", .stopped(reason: "operator")),
  ]

  /// The kind of event that is asked for at once; nil where nothing is.
  static func answer(_ stage: CutoverStage, _ news: String) -> String? {
    switch (stage, news) {
    case (.planned, "halted"), (.planned, "stopped"): "cutover.aborted"
    // The freeze could not be recorded and is tried again with whatever is heard.
    case (.planned, let name) where !name.hasPrefix("record"): "cutover.frozen"
    case (.freezing, "holder"): "cutover.acknowledged"
    case (.draining, "ordersRead"): "cutover.drained"
    // The broker was verified, which could not be recorded and is tried again.
    case (.switching, "verified"): "cutover.aborted"
    case (.freezing, "halted"), (.freezing, "stopped"): "cutover.aborted"
    case (.draining, "halted"), (.draining, "stopped"): "cutover.aborted"
    case (.switching, "halted"), (.switching, "stopped"): "cutover.aborted"
    case (.switching, let name) where !name.hasPrefix("record"): "cutover.verified"
    case (.transitioning, "orderEnded"): "cutover.transitioned"
    case (.opening, "halted"), (.opening, "stopped"), (.opening, "ticked badly"):
      "cutover.completed"
    default: nil
    }
  }

  @Test(
    "answers everything that can be heard in the one way that is right",
    arguments: CutoverStage.allCases)
  func pairs(stage: CutoverStage) throws {
    for (name, news) in Self.news {
      var machine = try Self.bench(in: stage).machine
      let before = machine.history
      let directives = machine.told(news, at: Bench.start)
      let recorded = directives.compactMap { directive -> String? in
        if case .record(let event) = directive { event.kind } else { nil }
      }
      let expected = Self.answer(stage, name).map { [$0] } ?? []
      #expect(recorded == expected, "\(name) while \(stage)")
      #expect(directives.count == recorded.count, "\(name) while \(stage)")
      // Only what is recorded changes what is known of a run.
      #expect(machine.history == before, "\(name) while \(stage)")
    }
  }

  @Test("that is an end waits for nothing and asks for nothing")
  func ends() throws {
    for stage in CutoverStage.allCases where stage.isTerminal {
      var machine = try Self.bench(in: stage).machine
      #expect(machine.deadline == nil)
      #expect(machine.inquiries.isEmpty)
      #expect(machine.begin(at: Bench.start).isEmpty)
      #expect(machine.outcome?.stage == stage)
    }
  }

  @Test("that must not wait for ever has a deadline, after which the run has gone on")
  func deadlines() throws {
    for stage in [CutoverStage.freezing, .draining, .transitioning] {
      var bench = try Self.bench(in: stage)
      bench.leaseUntil = Bench.start + .days(1)
      bench.wait(.seconds(1))
      #expect(bench.machine.stage == stage)
      let deadline = try #require(bench.machine.deadline)
      bench.wait(deadline - bench.now)
      #expect(bench.machine.stage != stage)
    }
  }
}
