import Essentials
import Mathematics
import Testing

@testable import Worlds

@Suite("A world as the fold of its events")
struct WorldStateTests {
  @Test("events that are told again, or out of their order, change nothing")
  func duplicates() throws {
    var bench = try WorldBench.running([("a", .live), ("b", .dryrun)])
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1, "b": 1])
    let whole = bench.state
    var again = whole
    for entry in bench.entries.reversed() + bench.entries { again.take(entry) }
    #expect(again == whole)
    #expect(WorldState(world: "w", folding: bench.entries) == whole)
    let doubled = bench.entries.flatMap { [$0, $0] }
    #expect(WorldState(world: "w", folding: doubled) == whole)
  }

  @Test("a change of gates of an earlier epoch changes nothing but its count")
  func lateGates() throws {
    var bench = try WorldBench.running([("a", .live)])
    let before = bench.state
    bench.tell([
      .gatesChanged(
        GateRuling(
          epoch: before.epoch, gates: [GateChange(GateKey("a", .long), .closed)], reason: ""))
    ])
    #expect(bench.state.instances == before.instances)
    #expect(bench.state.staleChanges == 1)
  }

  @Test("a gate opens for what is live and for its own side alone")
  func foreignGates() throws {
    var bench = try WorldBench.running([("a", .live), ("b", .dryrun)])
    bench.tell([
      .gatesChanged(
        GateRuling(
          epoch: bench.state.epoch + 1,
          gates: [
            GateChange(GateKey("a", .short), .open(weight: 0.9)),
            GateChange(GateKey("b", .long), .open(weight: 0.9)),
            GateChange(GateKey("c", .long), .open(weight: 0.9)),
          ], reason: ""))
    ])
    #expect(bench.state.instances["a"]?.gate.state == .open(weight: 0.1))
    #expect(bench.state.instances["b"]?.gate.state == .closed)
    #expect(bench.state.strayMoves == 3)
  }

  @Test("an evaluation promotes through a cutover, and the gate opens at its end")
  func promotion() throws {
    var bench = try WorldBench.running([("a", .dryrun)])
    bench.now = bench.now + .days(1)
    let plan = try bench.evaluate(["a": 1])
    #expect(plan.steps.map(\.kind) == [.promote])
    #expect(bench.state.instances["a"]?.phase == .dryrun)
    try bench.cutOver()
    let record = try #require(bench.state.instances["a"])
    #expect(record.phase == .live)
    #expect(record.gate.state == .open(weight: 0.12))
    #expect(bench.state.runs.active == nil)
    #expect(bench.state.runs.all.map(\.outcome?.stage) == [.completed])
    // The same plan again is the same run, which is over.
    let again = try bench.state.cutover(.plan(plan.id))
    #expect(again?.run == bench.state.runs.all.last?.id)
  }

  @Test("streaks move once in a cycle, however often it is evaluated")
  func oneCycleOnce() throws {
    var bench = try WorldBench.running([("a", .dryrun)]) {
      $0.selection.hysteresis.promoteAfter = 3
    }
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1])
    bench.now = bench.now + .hours(1)
    try bench.evaluate(["a": 1])
    #expect(bench.state.cycle == 1)
    #expect(bench.state.instances["a"]?.passes == 1)
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1])
    #expect(bench.state.cycle == 2)
    #expect(bench.state.instances["a"]?.passes == 2)
  }

  @Test("an evaluation that is not after the last one is refused")
  func clockGoesBack() throws {
    var bench = try WorldBench.running([("a", .dryrun)])
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1])
    for back in [TimeSpan.zero, .seconds(1), .days(3)] {
      bench.now = WorldBench.start + .days(1) - back
      let error = #expect(throws: WorldRefusal.self) { try bench.evaluate(["a": 1]) }
      #expect(error?.key == "clock_went_back")
    }
  }

  @Test("C36: while the breaker is tripped gates close and nobody moves")
  func halted() throws {
    var bench = try WorldBench.running([("a", .live), ("b", .dryrun)])
    let trip = RiskTrip(cause: .rejectRate, observed: 0.3, limit: 0.2, action: .halt)
    try bench.order(.trip([trip]), by: .desk)
    #expect(bench.state.instances["a"]?.gate.state == .closed)
    bench.now = bench.now + .days(1)
    let plan = try bench.evaluate(["a": 0.1, "b": 5])
    #expect(plan.mode == .halted)
    #expect(plan.steps.allSatisfy { $0.kind == .gateClose })
    #expect(bench.state.instances["b"]?.phase == .dryrun)
    #expect(throws: WorldRefusal.self) {
      try bench.order(.setActive(GateKey("a", .long), true, reason: ""))
    }
    try bench.order(.resetBreaker(reason: "fine"))
    #expect(bench.state.breaker.isArmed)
    #expect(bench.state.instances["a"]?.gate.state.isOpen == true)
  }

  @Test(
    "R5: an operator may not reset the breaker, and reducing stays possible while it is tripped")
  func reset() throws {
    var bench = try WorldBench.running([("a", .live)])
    let trip = RiskTrip(
      cause: .dailyLoss, observed: 0.03, limit: 0.03, action: .halt, positions: .reduceOnly)
    try bench.order(.trip([trip]), by: .desk)
    #expect(bench.state.instances["a"]?.gate.state == .reduceOnly)
    let error = #expect(throws: WorldRefusal.self) {
      try bench.order(.resetBreaker(reason: ""), by: WorldBench.operator)
    }
    #expect(error?.kind == .forbidden)
    #expect(try bench.order(.trip([trip]), by: .desk).isEmpty)
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1])
    #expect(bench.state.instances["a"]?.gate.state == .reduceOnly)
  }

  @Test("C37 and C38: eval_only moves nobody, paused closes every gate and judges nothing")
  func declared() throws {
    var bench = try WorldBench.running([("a", .dryrun), ("b", .live)])
    try bench.order(.declare(.evalOnly, reason: "look"))
    bench.now = bench.now + .days(1)
    let plan = try bench.evaluate(["a": 1, "b": 0.1])
    #expect(plan.steps.isEmpty)
    #expect(bench.state.instances["a"]?.passes == 0)
    #expect(bench.state.instances["b"]?.gate.state.isOpen == true)
    try bench.order(.declare(.paused, reason: "stop"))
    #expect(bench.state.instances["b"]?.gate.state == .closed)
    bench.now = bench.now + .days(1)
    let error = #expect(throws: WorldRefusal.self) { try bench.evaluate(["a": 1, "b": 1]) }
    #expect(error?.key == "world_paused")
    try bench.order(.declare(.active, reason: "go"))
    #expect(bench.state.instances["b"]?.gate.state.isOpen == true)
  }

  @Test("stale data closes gates after a while, and they open again with current data")
  func stale() throws {
    var bench = try WorldBench.running([("a", .live)])
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1], lag: .minutes(7))
    #expect(bench.state.mode == .evalOnly)
    #expect(bench.state.instances["a"]?.gate.state.isOpen == true)
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1], lag: .minutes(11))
    #expect(bench.state.instances["a"]?.gate.state == .closed)
    #expect(bench.state.instances["a"]?.phase == .live)
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1])
    #expect(bench.state.instances["a"]?.gate.state.isOpen == true)
  }

  @Test("a freeze closes all gates until it is lifted, and nobody moves meanwhile")
  func freeze() throws {
    var bench = try WorldBench.running([("a", .live), ("b", .dryrun)])
    try bench.order(.freeze(reason: "look"), by: WorldBench.operator)
    #expect(try bench.order(.freeze(reason: "again"), by: WorldBench.operator).isEmpty)
    #expect(bench.state.instances["a"]?.gate.state == .closed)
    bench.now = bench.now + .days(1)
    let plan = try bench.evaluate(["a": 1, "b": 1])
    #expect(!plan.steps.contains { $0.kind == .promote })
    try bench.order(.resume(reason: "fine"), by: WorldBench.operator)
    #expect(bench.state.instances["a"]?.gate.state.isOpen == true)
  }

  @Test("a gate that a person closed stays closed until a person opens it")
  func switchedOff() throws {
    var bench = try WorldBench.running([("a", .live)])
    let key = GateKey("a", .long)
    try bench.order(.setActive(key, false, reason: "look"), by: WorldBench.operator)
    #expect(
      try bench.order(.setActive(key, false, reason: "look"), by: WorldBench.operator).isEmpty)
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1])
    #expect(bench.state.instances["a"]?.gate.state == .closed)
    try bench.order(.setActive(key, true, reason: "fine"), by: WorldBench.operator)
    #expect(bench.state.instances["a"]?.gate.state.isOpen == true)
    #expect(throws: WorldRefusal.self) {
      try bench.order(.setActive(GateKey("a", .short), false, reason: ""))
    }
  }

  @Test("an alert freezes a world, and one about stale data ends with it")
  func alerts() throws {
    var bench = try WorldBench.running([("a", .live)]) {
      $0.alerts = [
        AlertRule(on: [.stale], level: .warn, action: .evalOnly),
        AlertRule(on: [.rolledBack], level: .critical, action: .freezeWorld),
      ]
    }
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1], lag: .minutes(7))
    let alert = try #require(bench.state.alertsOfStanding(at: bench.now).first)
    bench.tell([.alerted(alert)])
    bench.tell(bench.state.events(actingOn: alert))
    #expect(bench.state.declared == .evalOnly)
    #expect(bench.state.alertsOfStanding(at: bench.now).isEmpty)
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1])
    bench.tell(bench.state.eventsOfEndedOccasions)
    #expect(bench.state.declared == .active)

    let other = try #require(bench.state.alerts(on: .rolledBack, detail: "x").first)
    bench.tell([.alerted(other)])
    bench.tell(bench.state.events(actingOn: other))
    #expect(bench.state.isFrozen)
    #expect(bench.state.instances["a"]?.gate.state == .closed)
  }
}

@Suite("Histories of worlds by chance")
struct WorldHistoryTests {
  /// One step of chance: a command, an evaluation, a trip or a cutover.
  private func step(_ bench: inout WorldBench, _ generator: inout SplitMix64) {
    let ids = bench.state.ids
    let id = ids[Int.random(in: 0..<ids.count, using: &generator)]
    let side = bench.state.instances[id]?.side ?? .long
    func attempt(_ command: WorldCommand) { _ = try? bench.order(command) }
    bench.now = bench.now + .hours(Int64.random(in: 0...30, using: &generator))
    switch Int.random(in: 0..<16, using: &generator) {
    case 0: attempt(.freeze(reason: "chance"))
    case 1, 2: attempt(.resume(reason: "chance"))
    case 3:
      let state = DeclaredState.allCases[Int.random(in: 0..<3, using: &generator)]
      attempt(.declare(state, reason: "chance"))
    case 4, 5: attempt(.declare(.active, reason: "chance"))
    case 6: attempt(.setActive(GateKey(id, side), Bool.random(using: &generator), reason: ""))
    case 7:
      let cause = RiskTrip.Cause.allCases[Int.random(in: 0..<6, using: &generator)]
      let action = RiskRules.CutAction.allCases[Int.random(in: 0..<4, using: &generator)]
      attempt(.trip([RiskTrip(cause: cause, observed: 1, limit: 1, action: action)]))
    case 8, 9: attempt(.resetBreaker(reason: "chance"))
    case 10: attempt(.withdraw(instance: id, reason: "chance"))
    case 11: try? bench.cutOver(.demote([id], reason: "chance"))
    default:
      let sharpes = Dictionary(
        uniqueKeysWithValues: ids.map { ($0, Double.random(in: 0...2, using: &generator)) })
      let lag = TimeSpan.minutes(Int64.random(in: 0...12, using: &generator))
      _ = try? bench.evaluate(sharpes, lag: lag)
      if bench.state.mode == .active { try? bench.cutOver() }
    }
  }

  @Test("gates are open for the live alone, epochs grow, places suffice, and the fold is one")
  func invariants() throws {
    var count = 0
    for seed in 1...12 { count += try openings(seed: UInt64(seed)) }
    #expect(count > 20)
  }

  /// Plays one history, and counts the moments at which a gate was open.
  private func openings(seed: UInt64) throws -> Int {
    var generator = SplitMix64(seed: seed)
    let ids = (0..<6).map { ($0 % 2 == 0 ? "l\($0)" : "s\($0)", StrategyPhase.submitted) }
    var bench = try WorldBench.running(ids) {
      $0.selection.topK.total = 3
      $0.selection.topK.long = 2
      $0.selection.topK.short = 1
      $0.selection.hysteresis.cooldown = .days(1)
    }
    var epoch = 0
    var openings = 0
    for number in 0..<120 {
      let before = bench.state
      step(&bench, &generator)
      let state = bench.state
      #expect(state.epoch >= epoch, "seed \(seed) step \(number)")
      epoch = state.epoch
      for record in state.records {
        if record.gate.state != .closed { #expect(record.phase == .live) }
        if record.gate.state.isOpen {
          openings += 1
          #expect(state.breaker.isArmed && !state.isFrozen && state.declared != .paused)
        }
        // Streaks count in active cycles alone.
        if state.evaluation?.seq != before.evaluation?.seq,
          state.evaluation?.plan.mode != .active, let was = before.instances[record.id],
          was.phase == record.phase
        {
          #expect(was.passes == record.passes && was.fails == record.fails)
        }
      }
      let live = state.records(in: .live)
      #expect(live.count <= 3)
      #expect(live.count { $0.side == .long } <= 2)
      #expect(live.count { $0.side == .short } <= 1)
      #expect(state.strayMoves == 0 && state.staleChanges == 0, "seed \(seed) step \(number)")
      #expect(state.runs.strayEvents == 0)
    }
    #expect(WorldState(world: "w", folding: bench.entries) == bench.state)
    // Wherever a process ends, the next one has the same world.
    for cut in stride(from: 0, to: bench.entries.count, by: 17) {
      var resumed = WorldState(world: "w", folding: bench.entries.prefix(cut))
      for entry in bench.entries.dropFirst(cut) { resumed.take(entry) }
      #expect(resumed == bench.state)
    }
    return openings
  }
}
