import AlphaLanguage
import Essentials
import Markets
import Storage
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("The strategy graph follows the worlds")
struct WorldGraphTests {
  /// Figures that are written down, and formulas on panels.
  private struct GraphedEvidence: EvidenceSource {
    let table: TableEvidence
    let panels: PanelEvidence

    func evidence(
      of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
    ) throws(WorldDeskFailure) -> CycleEvidence {
      try table.evidence(of: instances, under: policy, asOf: instant)
    }

    func nodes(of submission: InstanceSubmission) -> FormulaGraphNodes? {
      panels.nodes(of: submission)
    }
  }

  /// A desk whose graph follows, over a journal in a scratch folder.
  private final class Bench {
    let folder: ScratchFolder
    let journal: Journal
    let clock = ReplayClock(WorldDeskBench.start)
    let evidence: GraphedEvidence
    let desk: WorldDesk

    init() throws {
      folder = try ScratchFolder()
      journal = try WorldDeskBench.open(folder)
      let panels = [
        "p": RandomPanels.make(RandomPanels.Shape(rows: 20, columns: 3), seed: 1),
        "q": RandomPanels.make(RandomPanels.Shape(rows: 30, columns: 4), seed: 2),
      ]
      evidence = GraphedEvidence(
        table: TableEvidence(),
        panels: PanelEvidence { name in
          guard let panel = panels[name] else {
            throw StoreFailure.noSuchPanel(name: name, folder: "", nearest: nil)
          }
          return panel.named(name)
        })
      desk = Self.desk(journal, clock, evidence, follows: true)
    }

    static func desk(
      _ journal: Journal, _ clock: ReplayClock, _ evidence: any EvidenceSource, follows: Bool
    ) -> WorldDesk {
      WorldDesk(
        WorldDeskSetup(
          journal: journal, now: { clock.now }, evidence: evidence, cutover: PromptCutover(),
          graph: follows ? SharedGraphLog(journal: journal) : nil))
    }

    /// The same journal, as a process that follows nothing works on it.
    var deaf: WorldDesk { Self.desk(journal, clock, evidence, follows: false) }

    func publish(
      _ world: String, at desk: WorldDesk? = nil, _ change: (inout WorldPolicy) -> Void = { _ in }
    ) throws {
      let policy = WorldDeskBench.policy { policy in
        policy.world = world
        policy.sharing.isolation = .shared
        policy.sharing.pinRollback = .days(3)
        change(&policy)
      }
      _ = try (desk ?? self.desk).publish(policy, reason: "test", by: WorldDeskBench.owner)
    }

    func submit(_ id: String, _ formula: String, in world: String, panel: String = "p") throws {
      _ = try desk.submit(
        InstanceSubmission(
          id: id, strategy: id, side: .long, formula: formula, panel: ["name": .string(panel)]),
        in: world, by: WorldDeskBench.operator)
    }

    func evaluate(_ world: String, at desk: WorldDesk? = nil) throws {
      clock.set(clock.now + .days(1))
      _ = try (desk ?? self.desk).evaluate(world, at: clock.now, by: .desk)
    }

    var graph: SharedGraph { get throws { try SharedGraphLog(journal: journal).graph() } }

    /// The instances that count in a world, by the graph.
    func roots(_ world: String) throws -> [String]? {
      try graph.worlds[world]?.current?.roots.keys.sorted()
    }

    func states() throws -> [String] {
      try graph.sweep.computations.map { item in
        switch item.state {
        case .live: "live"
        case .draining: "draining"
        case .swept: "swept"
        }
      }
    }
  }

  @Test("instances enter the graph with their phase, over several panels, and leave it with it")
  func phases() throws {
    let bench = try Bench()
    try bench.publish("w")
    #expect(try bench.graph.worlds["w"]?.rules.isolation == .shared)
    #expect(try bench.roots("w") == nil)
    try bench.submit("a", "rank(close)", in: "w")
    try bench.submit("b", "ts_mean(volume, 5)", in: "w", panel: "q")
    #expect(try bench.roots("w") == nil)
    try bench.evaluate("w")
    #expect(try bench.roots("w") == ["a", "b"])
    #expect(try bench.graph.sweep.graph.nodes.count { $0.kind == .dataset } == 2)
    #expect(Set(try bench.states()) == ["live"])

    try bench.desk.carryOut(
      .retire(instance: "b", reason: "enough"), in: "w", by: WorldDeskBench.owner)
    #expect(try bench.roots("w") == ["a"])
    // The version before can be brought back for three days, and keeps what it needs.
    #expect(Set(try bench.states()) == ["live"])
    #expect(try bench.graph.worlds["w"]?.versions.map(\.number) == [1, 2])
    let pinned = try WorldOverview(
      state: bench.desk.state(of: "w"), graph: bench.graph
    ).json["graph"]
    #expect(pinned?["rollback"] == .array([.integer(1)]))
    for _ in 0..<3 { try bench.evaluate("w") }
    #expect(Set(try bench.states()) == ["live", "draining"])
    let told = try WorldOverview(
      state: bench.desk.state(of: "w"), graph: bench.graph
    ).json["graph"]
    #expect(told?["version"] == 2)
    #expect(told?["instances"] == 1)
    #expect(told?["rollback"] == .array([]))
    #expect(told?["draining"] != 0 && told?["drained_at"] != .null)
    for _ in 0..<10 { try bench.evaluate("w") }
    #expect(Set(try bench.states()) == ["live"])
    #expect(try bench.graph.sweep.graph.nodes.count { $0.kind == .dataset } == 1)
  }

  @Test("other rules of sharing are followed at once, and a deleted world leaves")
  func rules() throws {
    let bench = try Bench()
    for world in ["v", "w"] {
      try bench.publish(world)
      try bench.submit("a", "rank(close)", in: world)
      try bench.evaluate(world)
    }
    func owners(_ kind: NodeKind) throws -> Set<NodeOwner> {
      let graph = try bench.graph.sweep
      return Set(
        graph.computations.filter { item in
          graph.graph[item.computation.node]?.kind == kind && item.state == .live
        }.map(\.computation.owner))
    }
    #expect(try owners(.indicator) == [.everybody])
    #expect(try owners(.order) == [.world("v"), .world("w")])
    try bench.publish("w") { $0.sharing.isolation = .silo }
    #expect(try owners(.indicator) == [.everybody, .world("w")])
    try bench.desk.carryOut(.delete(reason: "over"), in: "v", by: WorldDeskBench.owner)
    #expect(try bench.graph.worlds.keys.sorted() == ["w"])
    #expect(try owners(.indicator) == [.world("w")])
  }

  @Test("what changed while nobody followed is caught up with by the next evaluation of any world")
  func crash() throws {
    let bench = try Bench()
    for world in ["v", "w"] {
      try bench.publish(world)
      try bench.submit("a", "rank(close)", in: world)
    }
    try bench.publish("gone")
    // Phases change, a world ends, and the process is killed before the graph is told.
    try bench.evaluate("v", at: bench.deaf)
    try bench.deaf.carryOut(.delete(reason: "over"), in: "gone", by: WorldDeskBench.owner)
    #expect(try bench.roots("v") == nil)
    #expect(try bench.graph.worlds["gone"] != nil)

    // A fresh process, with a journal that is opened again.
    let reopened = try WorldDeskBench.open(bench.folder)
    let desk = Bench.desk(reopened, bench.clock, bench.evidence, follows: true)
    try bench.evaluate("w", at: desk)
    #expect(try bench.roots("v") == ["a"])
    #expect(try bench.roots("w") == ["a"])
    #expect(try bench.graph.worlds["gone"] == nil)
    #expect(
      try bench.graph.json
        == SharedGraphLog(journal: WorldDeskBench.open(bench.folder)).graph().json)
  }

  @Test("a process without panels keeps what it cannot compute, and takes out what does not count")
  func blind() throws {
    let bench = try Bench()
    try bench.publish("w")
    try bench.submit("a", "rank(close)", in: "w")
    try bench.submit("b", "-rank(close)", in: "w")
    try bench.evaluate("w")
    let before = try bench.graph.worlds["w"]?.current?.roots
    let blind = Bench.desk(bench.journal, bench.clock, NoEvidence(), follows: true)
    try blind.carryOut(.retire(instance: "b", reason: "enough"), in: "w", by: WorldDeskBench.owner)
    #expect(try bench.roots("w") == ["a"])
    #expect(try bench.graph.worlds["w"]?.current?.roots["a"] == before?["a"])
    // Another formula on a panel that is not there is no obstacle for the rest.
    try bench.submit("c", "close", in: "w", panel: "lost")
    try bench.evaluate("w")
    #expect(try bench.desk.state(of: "w").instances["c"]?.phase == .backtest)
    #expect(try bench.roots("w") == ["a"])
  }

  @Test("commands that change nothing of what is computed leave no event of the graph")
  func idle() throws {
    let bench = try Bench()
    try bench.publish("w")
    try bench.submit("a", "rank(close)", in: "w")
    bench.evidence.table.set(["a": 1])
    for _ in 0..<3 { try bench.evaluate("w") }
    func events() throws -> [String] {
      try bench.journal.events(
        limit: 100, filter: JournalFilter(subject: SharedGraphLog.subject)
      ).map(\.kind)
    }
    let before = try events()
    #expect(before == ["graph.joined", "graph.rooted"])
    #expect(try bench.desk.state(of: "w").instances["a"]?.phase == .live)
    try bench.desk.carryOut(.freeze(reason: "x"), in: "w", by: WorldDeskBench.owner)
    try bench.desk.carryOut(.resume(reason: "x"), in: "w", by: WorldDeskBench.owner)
    try bench.publish("w") { $0.selection.topK.total = 5 }
    try bench.evaluate("w")
    #expect(try events() == before)
    _ = try bench.desk.cutOver(
      .demote(["a"], reason: "x"), in: "w", by: WorldDeskBench.owner)
    #expect(try bench.roots("w") == [])
    #expect(try events() == before + ["graph.rooted"])
  }
}

extension Panel {
  /// The panel under another name.
  fileprivate func named(_ name: String) -> Panel {
    Panel(
      name: name, fingerprint: fingerprint, axis: axis, instruments: instruments,
      fields: fields.keys.sorted().compactMap { fields[$0] })
  }
}
