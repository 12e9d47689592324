import Essentials
import Testing
import Worlds

@testable import Services

@Suite("The past of a recorded world under another policy")
struct WorldDeskStudiesTests {
  /// A world in which `a` goes live and then earns the same each day, as far as it is recorded.
  private static func past(days: Int, earning value: Double?) throws -> WorldDeskBench {
    let bench = try WorldDeskBench()
    try bench.begin()
    for _ in 0..<days {
      let state = try bench.desk.state(of: "w")
      if let value, state.instances["a"]?.phase == .live {
        try bench.desk.record(
          fills: [],
          marks: [
            PaperMark(
              instance: "a", account: "live", day: bench.clock.now + .hours(12), equity: 1e5,
              dayReturn: value, trades: 1),
            PaperMark(
              instance: "", account: "live", day: bench.clock.now + .hours(12), equity: 1e6,
              dayReturn: value / 10, trades: 1),
          ], in: "w", at: bench.clock.now + .hours(12))
      }
      try bench.evaluate(["a": 1])
    }
    #expect(try bench.desk.state(of: "w").counts[.live] == 1)
    return bench
  }

  private static let strict = WorldDeskBench.policy {
    $0.selection.gates = .expression(
      .binary(.greaterOrEqual, .metric(MetricName(base: "sharpe", over: .mid)), .number(2)))
  }

  private static func weight(_ bench: WorldDeskBench) throws -> Double {
    try #require(try bench.desk.state(of: "w").instances["a"]).gate.weight
  }

  @Test("the policy in force makes no difference")
  func same() throws {
    let bench = try Self.past(days: 8, earning: -0.02)
    let whatIf = try bench.desk.whatIf(
      WorldDeskBench.policy(), in: "w", since: WorldDeskBench.start)
    #expect(whatIf.decisions == 8)
    #expect(whatIf.carried == [] && whatIf.single == [] && whatIf.outcomes == [])
    #expect(whatIf.contribution == 0)
  }

  @Test(
    "a stricter policy that keeps a losing strategy out is worth what it would have lost",
    arguments: [-0.02, 0.01])
  func stricter(value: Double) throws {
    let bench = try Self.past(days: 9, earning: value)
    let whatIf = try bench.desk.whatIf(Self.strict, in: "w", since: WorldDeskBench.start)
    let difference = try #require(whatIf.carried.first)
    #expect(whatIf.carried.count == 1)
    #expect(difference.recorded == .promote && difference.other == .hold)
    #expect(difference.days > 3)
    let worth = -value * (try Self.weight(bench)) * Double(difference.days)
    let pnl = try #require(difference.pnl)
    #expect(abs(pnl - worth) < 1e-12)
    #expect((pnl > 0) == (value < 0))
    #expect(abs(whatIf.contribution - pnl) < 1e-12)
    // By itself each decision is worth the days up to the next one.
    let alone = try #require(whatIf.single.first { $0.cycle == difference.cycle })
    #expect(alone.days == 1)
    #expect(whatIf.outcomes.map(\.instance) == ["a"])
  }

  @Test("what an instance without a mark was worth is unknown, and not nothing")
  func unmarked() throws {
    let bench = try Self.past(days: 8, earning: nil)
    let whatIf = try bench.desk.whatIf(Self.strict, in: "w", since: WorldDeskBench.start)
    #expect(whatIf.carried.map(\.recorded) == [.promote])
    #expect(whatIf.carried.map(\.pnl) == [nil])
    #expect(whatIf.carried.map(\.days) == [0])
    #expect(whatIf.outcomes == [])
  }

  @Test("returns of real prices are attached to the promotions of a world that traded them")
  func realPrices() throws {
    let grown = try GrowingDesk(GrowingDesk.policy(live: true))
    for row in 8...36 {
      grown.grow(to: row)
      _ = try grown.once { try $0.evaluate(row: row) }
    }
    let process = try grown.process()
    let none = GrowingDesk.policy(live: true) {
      $0.selection.gates = .expression(
        .binary(.greaterOrEqual, .metric(MetricName(base: "sample_days")), .number(1e6)))
    }
    let whatIf = try process.desk.whatIf(none, in: "w", since: GrowingDesk.end(0))
    let promoted = whatIf.carried.filter { $0.recorded == .promote }
    #expect(!promoted.isEmpty)
    #expect(promoted.contains { $0.pnl != nil && $0.days > 3 })
    // All that the world earned with money it would not have earned.
    let earned = try process.desk.earned(in: "w")
    #expect(Set(earned.map(\.instance)).isSubset(of: ["l1", "l2", "s1"]))
    let attached = whatIf.carried.compactMap(\.pnl).reduce(0, +)
    #expect(abs(attached - whatIf.contribution) < 1e-9)
  }
}
