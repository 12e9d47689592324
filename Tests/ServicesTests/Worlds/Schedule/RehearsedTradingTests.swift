import Essentials
import Networking
import Storage
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("Trading for worlds to which no venue is connected")
struct RehearsedTradingTests {
  private final class Stage {
    let bench: WorldDeskBench
    let trading: RehearsedTrading
    let desk: WorldDesk
    let evaluator: WorldEvaluator

    init(_ bench: WorldDeskBench) {
      self.bench = bench
      let clock = bench.clock
      let trading = RehearsedTrading(
        holder: "test", now: { clock.now },
        pause: { clock.set(clock.now + $0) })
      self.trading = trading
      desk = WorldDesk(
        WorldDeskSetup(
          journal: bench.journal, now: { clock.now }, evidence: bench.evidence, account: trading,
          cutover: trading))
      evaluator = WorldEvaluator(
        desk, trading: trading, meter: WorldMeter(), elapsed: { .zero })
    }

    func evaluate() throws {
      bench.evidence.set(["a": 1])
      bench.pass()
      try evaluator.evaluate("w", at: bench.clock.now, by: .desk)
    }

    var state: WorldState { get throws { try desk.state(of: "w") } }
  }

  @Test("a promotion goes through a real cutover, and its gate opens after the watch")
  func promotion() throws {
    let stage = Stage(try WorldDeskBench())
    try stage.bench.begin()
    var gates: [String] = []
    for _ in 0..<9 {
      try stage.evaluate()
      gates.append(try stage.state.instances["a"]?.gate.state.name ?? "")
    }
    #expect(gates.last == "open", "\(gates)")
    #expect(try stage.state.counts[.live] == 1)
    #expect(try stage.state.runs.all.map(\.outcome?.stage) == [.completed])
    // The watch lasts some cycles, during which nothing gets through.
    #expect(gates.contains("monitor") || gates.contains("closed"))
  }

  @Test("leases of live gates are renewed in time, and end by themselves where nobody renews them")
  func leases() throws {
    let stage = Stage(try WorldDeskBench())
    try stage.bench.begin()
    try stage.trading.keepUp("w", at: stage.desk)
    #expect(stage.trading.leaseEnd(of: "w") == nil)
    for _ in 0..<9 { try stage.evaluate() }
    let length = try stage.state.rules.cutover.gateLease
    for _ in 0..<6 {
      stage.bench.pass(TimeSpan(milliseconds: length.milliseconds / 3))
      try stage.trading.keepUp("w", at: stage.desk)
      let end = try #require(stage.trading.leaseEnd(of: "w"))
      #expect(end - stage.bench.clock.now == length)
    }
    stage.bench.pass(length + .seconds(1))
    #expect(stage.trading.leaseEnd(of: "w") == nil)
  }
}
