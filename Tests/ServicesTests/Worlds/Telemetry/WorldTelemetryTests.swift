import Essentials
import Foundation
import Networking
import Storage
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("What is measured of worlds")
struct WorldTelemetryTests {
  private static func value(
    _ name: String, _ labels: [String: String] = [:], in metrics: [Metric]
  ) -> Double? {
    let sample = metrics.first { $0.name == name }?.samples.first { sample in
      labels.allSatisfy { label in
        sample.labels.contains { $0.name == label.key && $0.value == label.value }
      }
    }
    guard case .number(let number)? = sample?.reading else { return nil }
    return number
  }

  private static let eve = Caller(name: "eve", role: .viewer)

  private static func metrics(
    of bench: WorldRouteBench, for caller: Caller? = Self.eve
  ) -> [Metric] {
    WorldTelemetry(bench.routes, meter: bench.meter).metrics(for: caller)
  }

  @Test("phases, mode, epoch, data and switches are told as they stand")
  func standings() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a", "b"])
    for _ in 0..<3 { try bench.evaluate(["a": 1, "b": 0.1]) }
    let metrics = Self.metrics(of: bench)
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
      Self.value(
        "athanor_world_" + name, labels.merging(["world": "w"]) { first, _ in first }, in: metrics)
    }
    #expect(Self.value("athanor_worlds", in: metrics) == 1)
    #expect(value("phase_instances", ["phase": "live"]) == 1)
    #expect(value("phase_instances", ["phase": "dryrun"]) == 1)
    #expect(value("phase_instances", ["phase": "retired"]) == 0)
    #expect(value("mode", ["mode": "active"]) == 1)
    #expect(value("mode", ["mode": "halted"]) == 0)
    #expect(value("epoch") == Double(try bench.desk.state(of: "w").epoch))
    #expect(value("cycle") == 3)
    #expect(value("breaker_tripped") == 0)
    #expect(value("data_lag_seconds") == 60)
    #expect(value("data_lag_limit_seconds") == 300)
    #expect(value("data_current") == 1)
    #expect(value("cutovers_total", ["outcome": "completed"]) == 1)
    #expect(value("cutover_failure_ratio") == 0)
    #expect(value("transition_delay_cycles", ["standing": "completed"]) == 0)
    #expect(value("transition_delay_cycles", ["standing": "waiting"]) == 0)
    #expect(value("denied_total") == 0)
    // Two looks at a clock that goes a quarter of a second with each.
    #expect(value("metric_delay_seconds") == 0.25)
    #expect(value("evaluation_failures_total") == 0)
    guard
      case .histogram(let histogram)? = metrics.first(where: {
        $0.name == "athanor_world_evaluation_seconds"
      })?.samples.first?.reading
    else {
      Issue.record("no histogram")
      return
    }
    #expect(histogram.count == 3)
    #expect(histogram.sum == 2.25)
    #expect(histogram.buckets.last?.count == 3)
  }

  @Test("a restart counts the same, whatever the process that did it measured")
  func restart() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a"]) {
      $0.alerts = [AlertRule(on: [.promoted], level: .critical)]
    }
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    _ = try bench.post("/worlds/w/freeze", [:], as: "eve:viewer")
    let before = Self.metrics(of: bench)
    let clock = bench.world.clock
    let again = WorldTelemetry(
      WorldRoutes(
        WorldRoutes.Setup(desk: bench.desk, evaluator: bench.evaluator, now: { clock.now })),
      meter: WorldMeter()
    ).metrics(for: Self.eve)
    for metric in before
    where !["seconds", "failures_total"].contains(where: { metric.name.hasSuffix($0) }) {
      #expect(again.first { $0.name == metric.name } == metric, "\(metric.name)")
    }
    #expect(Self.value("athanor_world_denied_total", in: again) == 1)
    #expect(Self.value("athanor_world_alerts_total", ["level": "critical"], in: again) == 1)
  }

  @Test("labels name worlds and words of the program, whatever names instances and runs have")
  func labels() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a", "b"])
    for _ in 0..<3 { try bench.evaluate(["a": 1, "b": 1]) }
    let names = Set(
      Self.metrics(of: bench).flatMap(\.samples).flatMap(\.labels).map(\.name))
    #expect(names == ["world", "mode", "phase", "outcome", "standing", "level"])
    let text = MetricsText.text(Self.metrics(of: bench))
    #expect(!text.contains("w.3."))
  }

  @Test("nothing is measured of a world for somebody whom its policy does not let read it")
  func readers() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a"])
    try bench.evaluate(["a": 1])
    for stranger in [nil, Caller(name: "mallory", role: .owner)] {
      let metrics = Self.metrics(of: bench, for: stranger)
      #expect(Self.value("athanor_worlds", in: metrics) == 0)
      #expect(metrics.flatMap(\.samples).flatMap(\.labels).isEmpty)
    }
    #expect(Self.value("athanor_worlds", in: Self.metrics(of: bench)) == 1)
  }

  @Test("a missing evaluation is overdue, and a world that lives in history is not")
  func overdue() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    try bench.evaluate(["a": 1])
    func overdue() -> Double? {
      Self.value(
        "athanor_world_evaluation_overdue_seconds", in: Self.metrics(of: bench))
    }
    #expect(overdue() == 0)
    bench.world.pass(.days(2))
    #expect(overdue() ?? 0 >= 86_400)
    let state = try bench.desk.state(of: "w")
    #expect(
      WorldSchedule.dueInstant(of: state, in: bench.world.clock.now + .days(1)) == nil)
  }

  @Test("every metric that a shipped alert rule reads is one that is told")
  func rules() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    try bench.evaluate(["a": 1])
    let told = Set(Self.metrics(of: bench).map(\.name))
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../../Examples/Alerts/athanor-worlds.yml")
    let text = try String(contentsOf: file, encoding: .utf8)
    var names: Set<String> = []
    for match in text.matches(of: /athanor_[a-z_]+/) { names.insert(String(match.output)) }
    #expect(names.count > 10)
    for name in names { #expect(told.contains(name), "\(name)") }
  }
}
