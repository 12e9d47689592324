import Essentials
import Markets
import Storage
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("A world that is led through history")
struct WorldReplayTests {
  private static let panel = RandomPanels.make(
    RandomPanels.Shape(rows: 70, columns: 6, missing: 0.02), seed: 23)

  private static func policy(_ change: (inout WorldPolicy) -> Void = { _ in }) -> WorldPolicy {
    WorldDeskBench.policy { policy in
      policy.selection.gates = .expression(
        .binary(.greaterOrEqual, .metric(MetricName(base: "sample_days")), .number(5)))
      policy.selection.score = .metric(MetricName(base: "sharpe", over: .mid))
      policy.currency.historyMin = .days(5)
      policy.selection.hysteresis.cooldown = .days(1)
      policy.cutover.monitorTicks = 1
      change(&policy)
    }
  }

  private static func submission(_ id: String, _ side: TradingSide, _ formula: String)
    -> InstanceSubmission
  {
    InstanceSubmission(
      id: id, strategy: id, side: side, formula: formula,
      settings: ["neutralization": "MARKET", "costRate": "0.0005"],
      panel: [
        "name": "random", "fingerprint": .string(panel.fingerprint.hexadecimal),
      ])
  }

  private static var span: (from: Timestamp, to: Timestamp) {
    (panel.axis.end(ofRow: 8), panel.axis.end(ofRow: panel.rows - 1))
  }

  /// Plays the panel in a journal of its own.
  private func replay(
    _ policy: WorldPolicy, gaps: [PanelEvidence.Gap] = []
  ) throws -> (report: ReplayReport, journal: Journal, replay: WorldReplay, folder: ScratchFolder) {
    let folder = try ScratchFolder()
    let journal = try WorldDeskBench.open(folder)
    let span = Self.span
    var seed = WorldState(world: "w")
    let events: [WorldEvent] = [
      .created,
      .policyPublished(
        PolicyPublication(
          version: 1, fingerprint: policy.fingerprint, policy: policy, diff: .array([]),
          reason: "")),
      .instanceSubmitted(Self.submission("l1", .long, "rank(-returns)")),
      .instanceSubmitted(Self.submission("l2", .long, "rank(volume)")),
      .instanceSubmitted(Self.submission("s1", .short, "rank(-returns)")),
    ]
    for event in events {
      seed.take(WorldEntry(seq: seed.lastSeq + 1, at: span.from, actor: "", event: event))
    }
    try WorldReplay.seed(journal, from: seed, at: span.from - .hours(1))
    var plan = ReplayPlan(from: span.from, to: span.to)
    plan.gaps = gaps
    let panel = Self.panel
    let replay = WorldReplay("w", through: plan, in: journal) { _ in panel }
    return (try replay.run(), journal, replay, folder)
  }

  @Test("instances go from paper to money on real rows, and only live ones trade money")
  func wholeWay() throws {
    let (report, journal, replay, folder) = try replay(Self.policy())
    defer { withExtendedLifetime(folder) {} }
    #expect(report.rows == 62)
    #expect(report.evaluations == 62)
    #expect(report.promotions >= 3)
    #expect(report.failedRuns == 0)
    #expect(report.fills > 0)
    #expect(report.equity.isFinite && report.equity > 0)

    var state = WorldState(world: "w")
    var moneyFills = 0
    var paperFills = 0
    for event in try journal.events(limit: 100_000, filter: JournalFilter(run: "world:w")) {
      let entry = try WorldDesk.entry(event)
      state.take(entry)
      guard case .paperFilled(let fill) = entry.event else { continue }
      if fill.account == "live" {
        moneyFills += 1
        #expect(state.instances[fill.instance]?.phase == .live)
      } else {
        paperFills += 1
      }
    }
    #expect(moneyFills > 0 && paperFills > 0)
    #expect(state == (try replay.desk.state(of: "w")))
    #expect(state.strayMoves == 0)
    for cycle in [1, 10, state.cycle] {
      #expect(try replay.desk.rebuild("w", cycle: cycle).isProven)
    }
  }

  @Test("two replays of the same history record the same events")
  func determinism() throws {
    func record() throws -> [String] {
      let (_, journal, _, folder) = try replay(Self.policy())
      defer { withExtendedLifetime(folder) {} }
      return try journal.events(limit: 100_000).map {
        "\($0.at) \($0.kind) \($0.subject) \($0.payloadText)"
      }
    }
    let first = try record()
    #expect(first == (try record()))
    #expect(first.count > 100)
  }

  @Test("while no data arrives the world only evaluates and gates close, and it goes on afterwards")
  func gap() throws {
    let ends = (0..<Self.panel.rows).map { Self.panel.axis.end(ofRow: $0) }
    let gap = PanelEvidence.Gap(from: ends[40], to: ends[46])
    let (report, journal, replay, folder) = try replay(Self.policy(), gaps: [gap])
    defer { withExtendedLifetime(folder) {} }
    #expect(report.stale == 6)
    var state = WorldState(world: "w")
    var openInGap = 0
    for event in try journal.events(limit: 100_000, filter: JournalFilter(run: "world:w")) {
      state.take(try WorldDesk.entry(event))
      if event.at > gap.from, event.at <= gap.to, event.kind == "gate.changed" {
        openInGap += state.records.count { $0.gate.state.isOpen }
      }
    }
    #expect(openInGap == 0)
    let last = try replay.desk.state(of: "w")
    #expect(last.records(in: .live).contains { $0.gate.state.isOpen })
    #expect(last.mode == .active)
  }

  @Test("a loss beyond its limit trips the breaker, and nothing larger is bought until it is reset")
  func breaker() throws {
    let (report, journal, replay, folder) = try replay(
      Self.policy {
        var cut = RiskRules.LossCut(limit: 0.002)
        cut.positions = .flattenMarket
        $0.risk.cuts.dailyLoss = cut
      })
    defer { withExtendedLifetime(folder) {} }
    #expect(report.trips == 1)
    let state = try replay.desk.state(of: "w")
    #expect(state.breaker.standing == .tripped)
    #expect(state.records.allSatisfy { !$0.gate.state.isOpen })
    var isTripped = false
    var held: [String: Double] = [:]
    for event in try journal.events(limit: 100_000, filter: JournalFilter(run: "world:w")) {
      let entry = try WorldDesk.entry(event)
      if case .breaker(.tripped) = entry.event { isTripped = true }
      guard case .paperFilled(let fill) = entry.event, fill.account == "live" else { continue }
      let key = "\(fill.instance) \(fill.symbol)"
      let before = held[key] ?? 0
      held[key] = before + fill.lots
      if isTripped { #expect((before + fill.lots).magnitude <= before.magnitude + 1e-9) }
    }
    #expect(held.values.allSatisfy { $0.magnitude < 1e-6 })
  }

  @Test("what a world knows at an instant does not change with rows that come later")
  func noLookAhead() throws {
    let whole = Self.panel
    let rows = 50
    let short = whole.prefix(rows)
    var state = WorldState(world: "w")
    for event in [
      WorldEvent.instanceSubmitted(Self.submission("l1", .long, "rank(-returns)")),
      .instanceSubmitted(Self.submission("s1", .short, "ts_mean(volume, 5)")),
    ] {
      state.take(
        WorldEntry(seq: state.lastSeq + 1, at: Self.span.from, actor: "", event: event))
    }
    let policy = Self.policy {
      $0.selection.keep = .expression(
        .binary(.lessOrEqual, .metric(MetricName(base: "beta_market", over: .mid)), .number(9)))
    }
    let instant = whole.axis.end(ofRow: rows - 1)
    let late = PanelEvidence { _ in whole }
    let early = PanelEvidence { _ in short }
    let first = try late.evidence(of: state.judged, under: policy, asOf: instant)
    let second = try early.evidence(of: state.judged, under: policy, asOf: instant)
    #expect(first.instances.map(\.failure) == [nil, nil])
    for (left, right) in zip(first.table.columns, second.table.columns) {
      #expect(left.name == right.name)
      #expect(left.values.map(\.bitPattern) == right.values.map(\.bitPattern), "\(left.name)")
      #expect(!left.values.contains { !$0.isFinite }, "\(left.name)")
    }
    #expect(first.datasets.map(\.dataEnd) == [instant])
    #expect(first.instances == second.instances)
    // Asked for earlier instants again, it tells the same as before.
    let earlier = whole.axis.end(ofRow: 30)
    let again = try late.evidence(of: state.judged, under: policy, asOf: earlier)
    let fresh = try PanelEvidence { _ in whole }.evidence(
      of: state.judged, under: policy, asOf: earlier)
    #expect(again.table == fresh.table)
  }
}
