import AlphaLanguage
import Essentials
import Markets
import Storage
import Synchronization
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("Evidence of several worlds in one process")
struct SharedEvidenceTests {
  private static let panel = RandomPanels.make(
    RandomPanels.Shape(rows: 60, columns: 6, missing: 0.02), seed: 12)

  /// How often each computation ran.
  private final class Tally: Sendable {
    let counts = Mutex<[Computation: Int]>([:])

    var books: SharedBooks {
      SharedBooks { computations in
        self.counts.withLock { counts in
          for computation in computations { counts[computation, default: 0] += 1 }
        }
      }
    }

    func take() -> [Computation: Int] {
      counts.withLock { counts in
        defer { counts = [:] }
        return counts
      }
    }
  }

  private static func policy(
    _ world: String, _ isolation: SharingRules.Isolation
  ) -> WorldPolicy {
    WorldDeskBench.policy { policy in
      policy.world = world
      policy.sharing.isolation = isolation
      policy.selection.score = .metric(MetricName(base: "sharpe", over: .mid))
    }
  }

  private static func submission(
    _ id: String, _ formula: String, _ side: TradingSide = .long
  ) -> InstanceSubmission {
    InstanceSubmission(
      id: id, strategy: id, side: side, formula: formula,
      settings: ["neutralization": "MARKET"], panel: ["name": "random"])
  }

  /// Two worlds with common subformulas, in which one name means two formulas.
  private static let formulas: [String: [InstanceSubmission]] = [
    "v": [
      submission("a", "rank(ts_mean(returns, 5))"),
      submission("b", "zscore(volume / adv20)", .short),
    ],
    "w": [
      submission("a", "-rank(ts_mean(returns, 5)) + close"),
      submission("c", "zscore(volume / adv20)"),
    ],
  ]

  private static func begin(
    _ desk: WorldDesk, _ isolation: SharingRules.Isolation
  ) throws {
    for (world, submissions) in formulas.sorted(by: { $0.key < $1.key }) {
      _ = try desk.publish(policy(world, isolation), reason: "", by: WorldDeskBench.owner)
      for submission in submissions {
        _ = try desk.submit(submission, in: world, by: WorldDeskBench.operator)
      }
    }
  }

  private static func desk(
    _ folder: ScratchFolder, _ clock: ReplayClock, _ evidence: any EvidenceSource
  ) throws -> WorldDesk {
    let journal = try WorldDeskBench.open(folder)
    return WorldDesk(
      WorldDeskSetup(
        journal: journal, now: { clock.now }, evidence: evidence,
        graph: SharedGraphLog(journal: journal)))
  }

  private static func text(_ evidence: CycleEvidence) -> String { "\(evidence)" }

  @Test(
    "a server computes a subformula of two worlds that share once, of silos twice, with equal evidence",
    arguments: [SharingRules.Isolation.shared, .silo])
  func once(isolation: SharingRules.Isolation) throws {
    let folder = try ScratchFolder()
    let clock = ReplayClock(Self.panel.axis.end(ofRow: 50))
    let tally = Tally()
    let evidence = PanelEvidence(books: tally.books) { _ in Self.panel }
    let desk = try Self.desk(folder, clock, evidence)
    try Self.begin(desk, isolation)
    let evaluator = WorldEvaluator(desk, meter: WorldMeter(), elapsed: { .zero })
    for world in ["w", "v"] { try evaluator.evaluate(world, at: clock.now, by: .desk) }
    let ran = tally.take()
    let isShared = isolation == .shared
    #expect(ran.values.allSatisfy { $0 == 1 })
    #expect(
      Set(ran.keys.map(\.owner))
        == (isShared ? [.everybody] : [.world("v"), .world("w")]))
    // What ran is what the graph says is computed: its raw fields and indicators.
    let graph = try SharedGraphLog(journal: desk.setup.journal).graph().sweep
    let live = graph.computations.filter { item in
      [.raw, .indicator].contains(graph.graph[item.computation.node]?.kind)
    }.map(\.computation)
    #expect(Set(live) == Set(ran.keys))
    #expect(ran.count == (isShared ? 10 : 17))

    // Later cycles compute nothing, and every world sees what it would see alone.
    clock.set(Self.panel.axis.end(ofRow: 55))
    for world in ["v", "w"] {
      try evaluator.evaluate(world, at: clock.now, by: .desk)
      let state = try desk.state(of: world)
      let alone = PanelEvidence { _ in Self.panel }
      #expect(
        Self.text(try evidence.evidence(of: state.judged, under: state.rules, asOf: clock.now))
          == Self.text(try alone.evidence(of: state.judged, under: state.rules, asOf: clock.now)))
      #expect(
        evidence.targets(of: state.judged, under: state.rules, asOf: clock.now)
          == alone.targets(of: state.judged, under: state.rules, asOf: clock.now))
      #expect(
        evidence.targets(of: [state.judged[0]], under: state.rules, asOf: clock.now).keys.sorted()
          == ["a"])
    }
    #expect(tally.take().isEmpty)
  }

  @Test("a panel that has grown is opened again, computed once more, and measured to its new end")
  func growth() throws {
    let folder = try ScratchFolder()
    let stored = SharedValue(Self.panel.prefix(40))
    let clock = ReplayClock(Self.panel.axis.end(ofRow: 38))
    let tally = Tally()
    let evidence = PanelEvidence(
      books: tally.books, current: { _ in stored.value.fingerprint }, opening: { _ in stored.value }
    )
    let desk = try Self.desk(folder, clock, evidence)
    try Self.begin(desk, .shared)
    let evaluator = WorldEvaluator(desk, meter: WorldMeter(), elapsed: { .zero })
    for world in ["v", "w"] { try evaluator.evaluate(world, at: clock.now, by: .desk) }
    let first = tally.take()
    #expect(first.values.allSatisfy { $0 == 1 })

    stored.change { $0 = Self.panel }
    clock.set(Self.panel.axis.end(ofRow: 58))
    for world in ["v", "w"] { try evaluator.evaluate(world, at: clock.now, by: .desk) }
    #expect(tally.take() == first)
    let state = try desk.state(of: "v")
    let seen = try evidence.evidence(of: state.judged, under: state.rules, asOf: clock.now)
    #expect(seen.datasets.map(\.dataEnd) == [Self.panel.axis.end(ofRow: 58)])
    let alone = PanelEvidence { _ in Self.panel }
    #expect(
      Self.text(seen)
        == Self.text(try alone.evidence(of: state.judged, under: state.rules, asOf: clock.now)))
  }
}
