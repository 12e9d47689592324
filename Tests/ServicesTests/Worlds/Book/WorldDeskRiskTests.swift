import Essentials
import Mathematics
import Storage
import Synchronization
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("Risk that survives restarts")
struct WorldDeskRiskTests {
  /// Something that is observed, and how long after what was before it.
  private struct Step {
    var observations: [RiskCuts.Observation]
    var later: TimeSpan
    var isReset: Bool
  }

  private static func rules(_ policy: inout WorldPolicy) {
    var loss = RiskRules.LossCut(limit: 0.04)
    loss.positions = .flattenMarket
    policy.risk.cuts.dailyLoss = loss
    policy.risk.cuts.intradayDrawdown = RiskRules.LossCut(limit: 0.05)
    policy.risk.cuts.rejectRate = RiskRules.RateCut(limit: 0.5, window: .minutes(30), countMin: 4)
    policy.risk.cuts.connectionErrors = RiskRules.RateCut(
      limit: 0.5, window: .minutes(20), countMin: 3)
    policy.risk.cuts.fillSilence = RiskRules.SilenceCut(limit: .minutes(50))
  }

  private static func steps(seed: UInt64, count: Int) -> [Step] {
    var generator = SplitMix64(seed: seed)
    var equity = 100.0
    return (0..<count).map { _ in
      var observations: [RiskCuts.Observation] = []
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: observations.append(.session(equity: equity))
        case 1, 2:
          equity = (equity * Double.random(in: 0.975...1.015, using: &generator) * 4).rounded() / 4
          observations.append(.equity(equity))
        case 3: observations.append(.equity(.nan))
        case 4:
          observations.append(.order(isRejected: Int.random(in: 0..<4, using: &generator) > 0))
        case 5:
          observations.append(
            .connection(isFailed: Bool.random(using: &generator)))
        case 6: observations.append(.fillStream)
        default: observations.append(.openOrders(Int.random(in: 0...2, using: &generator)))
        }
      }
      return Step(
        observations: observations,
        later: .seconds(
          Int.random(in: 0..<3, using: &generator) == 0
            ? 4000 : Int64.random(in: 0...300, using: &generator)),
        isReset: Int.random(in: 0..<6, using: &generator) == 0)
    }
  }

  /// What tripped at which step, what was told, and the world at the end.
  private struct Life: Equatable {
    var trips: [[RiskTrip]]
    var alerts: [JSONValue]
    var events: [String]
    var state: WorldState
  }

  /// Lives through the steps with a desk that is made anew before each step that is named.
  private func life(_ steps: [Step], restarts: Set<Int>) throws -> Life {
    let bench = try WorldDeskBench()
    try bench.begin(["a"], Self.rules)
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    var desk = bench.desk
    var trips: [[RiskTrip]] = []
    for (place, step) in steps.enumerated() {
      if restarts.contains(place) { desk = WorldDesk(bench.desk.setup) }
      bench.pass(step.later)
      trips.append(try desk.observe(step.observations, in: "w", at: bench.clock.now))
      if step.isReset {
        _ = try desk.carryOut(.resetBreaker(reason: "test"), in: "w", by: WorldDeskBench.owner)
      }
    }
    let audit = try desk.audit("w", limit: 5000).entries
    return Life(
      trips: trips, alerts: audit.filter { $0.kind == "world.alerted" }.map(\.payload),
      events: audit.map { "\($0.kind) \($0.payload.compactText)" },
      state: try WorldDesk(bench.desk.setup).state(of: "w"))
  }

  @Test(
    "a desk that begins anew before any observation, or before all, trips like one that lived on")
  func restarts() throws {
    var tripped: Set<RiskTrip.Cause> = []
    for seed in 0..<4 as Range<UInt64> {
      let steps = Self.steps(seed: seed, count: seed == 0 ? 10 : 24)
      let undisturbed = try life(steps, restarts: [])
      tripped.formUnion(undisturbed.trips.joined().map(\.cause))
      for place in steps.indices where seed == 0 {
        #expect(try life(steps, restarts: [place]) == undisturbed, "step \(place)")
      }
      #expect(try life(steps, restarts: Set(steps.indices)) == undisturbed, "seed \(seed)")
    }
    // The streams are wild enough to say something.
    #expect(tripped.count >= 4, "\(tripped)")
  }

  @Test("a desk that died at any write of an observation goes on as though nothing had happened")
  func anyWrite() throws {
    let bench = try WorldDeskBench()
    try bench.begin(["a"], Self.rules)
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    for equity in [100, 98, 97] {
      bench.pass(.minutes(1))
      _ = try bench.desk.observe([.equity(Double(equity))], in: "w", at: bench.clock.now)
    }
    bench.pass(.minutes(1))
    // The fold of every beginning of the record is what a desk would find that ended there.
    let whole = try bench.desk.audit("w", limit: 500).entries
    for count in 1...whole.count {
      var state = WorldState(world: "w")
      for event in whole.prefix(count) {
        state.take(
          WorldEntry(
            seq: event.seq, at: event.at, actor: event.actor,
            event: try WorldEvent(kind: event.kind, payload: event.payload)))
      }
      guard let last = state.risk.equity else { continue }
      // Whoever lost some of it is measured against the same opening.
      #expect(state.risk.sessionOpen == 100)
      state.take(
        WorldEntry(
          seq: .max, at: bench.clock.now, actor: "desk",
          event: .observed([.session(equity: last), .equity(95.9)], at: bench.clock.now)))
      #expect(
        state.risk.judge(at: bench.clock.now).trips.map(\.cause).contains(.dailyLoss),
        "after \(count) events")
    }
  }

  @Test(
    "a daily loss cannot be doubled by a restart, whatever the account remembers of its session")
  func notDoubled() throws {
    let bench = try WorldDeskBench()
    let account = ForgetfulAccount()
    func desk() -> WorldDesk {
      var setup = bench.desk.setup
      setup.account = account
      return WorldDesk(setup)
    }
    try bench.begin(["a"], Self.rules)
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    var trips: [Bool] = []
    for equity in [100.0, 97, 95.9] {
      account.equity.withLock { $0 = equity }
      bench.pass(.minutes(5))
      let receipt = try desk().evaluate("w", at: bench.clock.now, by: .desk)
      trips.append(!receipt.state.breaker.isArmed)
      let snapshot = try desk().decision(of: "w").snapshot
      #expect(snapshot.portfolio.equity == equity)
      #expect(snapshot.portfolio.sessionOpen == 100 && snapshot.portfolio.sessionPeak == 100)
    }
    #expect(trips == [false, false, true])
    #expect(account.flattened.withLock { $0 } == 1)
    #expect(try bench.desk.state(of: "w").instances["a"]?.gate.state != .open(weight: 0.12))
  }

  @Test("what changes nothing that is known is not recorded, and a mark of the account is known")
  func quiet() throws {
    let bench = try WorldDeskBench()
    try bench.begin(["a"]) { $0.risk.cuts.dailyLoss = RiskRules.LossCut(limit: 0.04) }
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    bench.pass(.minutes(1))
    _ = try bench.desk.observe([.equity(100), .fillStream], in: "w", at: bench.clock.now)
    let head = try bench.journal.head.seq
    bench.pass(.minutes(1))
    _ = try bench.desk.observe(
      [
        .session(equity: 90), .equity(100), .equity(.nan), .order(isRejected: true),
        .connection(isFailed: true), .fillStream, .openOrders(0),
      ], in: "w", at: bench.clock.now)
    #expect(try bench.journal.head.seq == head)
    try bench.desk.record(
      fills: [],
      marks: [
        PaperMark(
          instance: "", account: "live", day: bench.clock.now, equity: 96, dayReturn: -0.04,
          trades: 0)
      ], in: "w", at: bench.clock.now)
    #expect(try bench.desk.state(of: "w").risk.equity == 96)
    #expect(
      try bench.desk.observe([], in: "w", at: bench.clock.now).map(\.cause) == [.dailyLoss])
  }
}

/// An account that begins its session anew whenever it is asked, as after a restart.
private final class ForgetfulAccount: WorldAccount {
  let equity = Mutex(100.0)
  let flattened = Mutex(0)

  func portfolio(of world: String, asOf instant: Timestamp) -> WorldSnapshot.Portfolio {
    let equity = equity.withLock { $0 }
    return WorldSnapshot.Portfolio(
      equity: equity, sessionOpen: equity, sessionPeak: equity, marginUsed: 0)
  }

  func flatten(_ flattening: RiskDirective.Flattening, in world: String, at instant: Timestamp) {
    flattened.withLock { $0 += 1 }
  }
}
