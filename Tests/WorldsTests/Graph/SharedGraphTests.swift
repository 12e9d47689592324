import Essentials
import Testing

@testable import Worlds

@Suite("The graph of all worlds")
struct SharedGraphTests {
  /// A strategy of hourly data: `leaf` of `leafPeriod` rows over a field, and a signal upon it.
  private static func strategy(
    _ name: String, leafPeriod: Int, period: Int = 1
  ) throws -> (graph: StrategyGraph, root: NodeID, leaf: NodeID, raw: NodeID) {
    let (graph, ids) = try GraphOutline([
      .init("raw", .raw, code: "close", interval: .hours(1)),
      .init(
        "leaf", .indicator, code: "leaf \(name)", period: leafPeriod, interval: .hours(1),
        dependencies: ["raw"]),
      .init(
        "signal", .signal, code: "signal \(name)", period: period, interval: .hours(1),
        dependencies: ["leaf"]),
    ]).build()
    return (
      graph, try #require(ids["signal"]), try #require(ids["leaf"]), try #require(ids["raw"])
    )
  }

  private static func hour(_ count: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_600_000_000_000) + .hours(count)
  }

  private static func rules(_ change: (inout SharingRules) -> Void = { _ in }) -> SharingRules {
    var rules = SharingRules()
    rules.isolation = .shared
    rules.keepVersions = 1
    change(&rules)
    return rules
  }

  private static func root(
    _ graph: inout SharedGraph, _ world: String, _ roots: [String: NodeID],
    from source: StrategyGraph = StrategyGraph(), at now: Timestamp
  ) throws -> [SweepDirective] {
    let event = try #require(graph.rooting(world, roots, from: source, at: now))
    return try graph.apply(event)
  }

  private static func tick(
    _ graph: inout SharedGraph, _ now: Timestamp
  ) throws -> [SweepDirective] {
    try graph.apply(GraphEvent(at: now, .ticked))
  }

  @Test("a node that the last world drops drains for its window and is swept after (N5)")
  func drains() throws {
    let strategy = try Self.strategy("x", leafPeriod: 96)
    var graph = SharedGraph()
    for world in ["a", "b"] {
      _ = try graph.apply(
        GraphEvent(at: Self.hour(0), .joined(world: world, rules: Self.rules())))
    }
    let first = try Self.root(
      &graph, "a", ["i": strategy.root], from: strategy.graph, at: Self.hour(0))
    #expect(first.map(\.action) == [.start, .start, .start])
    let second = try Self.root(
      &graph, "b", ["j": strategy.root], from: strategy.graph, at: Self.hour(1))
    // The field and the indicator are computed already; the signal is the world's own.
    #expect(second == [SweepDirective(Computation(strategy.root, for: .world("b")), .start)])

    let leaf = Computation(strategy.leaf, for: .everybody)
    _ = try Self.root(&graph, "a", [:], at: Self.hour(2))
    #expect(graph.sweep.state(of: leaf) == .live)
    _ = try Self.root(&graph, "b", [:], at: Self.hour(3))
    #expect(graph.sweep.state(of: leaf) == .draining(until: Self.hour(3 + 96)))
    // The signal of a, which went alone and has a window of a single row, is gone already.
    #expect(graph.sweep.state(of: Computation(strategy.root, for: .world("a"))) == .swept)
    #expect(try Self.tick(&graph, Self.hour(3 + 95)).isEmpty)
    let swept = try Self.tick(&graph, Self.hour(3 + 96))
    // Readers go before what they read.
    #expect(
      swept
        == [
          SweepDirective(Computation(strategy.root, for: .world("b")), .sweep),
          SweepDirective(leaf, .sweep),
          SweepDirective(Computation(strategy.raw, for: .everybody), .sweep),
        ])
    #expect(graph.sweep.graph.nodes.isEmpty)
    #expect(graph.sweep.computations.isEmpty)
  }

  @Test("a node that is marked again before its drain ends is live with its memory kept (N5)")
  func marked() throws {
    let strategy = try Self.strategy("x", leafPeriod: 96)
    var graph = SharedGraph()
    _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules())))
    _ = try Self.root(&graph, "a", ["i": strategy.root], from: strategy.graph, at: Self.hour(0))
    _ = try Self.root(&graph, "a", [:], at: Self.hour(1))
    // Everything is known still, so no node needs to be handed in again.
    let back = try Self.root(&graph, "a", ["i": strategy.root], at: Self.hour(96))
    #expect(back.map(\.action) == [.keep, .keep, .keep])
    #expect(graph.sweep.computations.allSatisfy { $0.state == .live })
    #expect(try Self.tick(&graph, Self.hour(500)).isEmpty)
  }

  @Test("a node that is marked again after its sweep starts anew")
  func restarted() throws {
    let strategy = try Self.strategy("x", leafPeriod: 2)
    var graph = SharedGraph()
    _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules())))
    let roots = ["i": strategy.root]
    _ = try Self.root(&graph, "a", roots, from: strategy.graph, at: Self.hour(0))
    _ = try Self.root(&graph, "a", [:], at: Self.hour(1))
    _ = try Self.tick(&graph, Self.hour(3))
    #expect(throws: GraphMistake.missingNode(strategy.root, neededBy: "i")) {
      try graph.apply(
        GraphEvent(at: Self.hour(4), .rooted(world: "a", roots: roots, nodes: [])))
    }
    let again = try Self.root(&graph, "a", roots, from: strategy.graph, at: Self.hour(4))
    #expect(again.map(\.action) == [.start, .start, .start])
  }

  @Test("the drain is the longest window of everything that goes, not of the root alone (N6)")
  func removedClosure() throws {
    let short = try Self.strategy("x", leafPeriod: 96, period: 2)
    var graph = SharedGraph()
    _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules())))
    _ = try Self.root(&graph, "a", ["i": short.root], from: short.graph, at: Self.hour(0))
    _ = try Self.root(&graph, "a", [:], at: Self.hour(0))
    for (_, state) in graph.sweep.computations {
      #expect(state == .draining(until: Self.hour(96)))
    }
  }

  @Test("what stays in use does not lengthen the drain of what goes (N6)")
  func remainder() throws {
    let long = try Self.strategy("long", leafPeriod: 96)
    let short = try Self.strategy("short", leafPeriod: 5, period: 2)
    var union = long.graph
    union.formUnion(short.graph)
    var graph = SharedGraph()
    _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules())))
    _ = try Self.root(
      &graph, "a", ["i": long.root, "j": short.root], from: union, at: Self.hour(0))
    _ = try Self.root(&graph, "a", ["i": long.root], at: Self.hour(0))
    #expect(
      graph.sweep.state(of: Computation(short.leaf, for: .everybody))
        == .draining(until: Self.hour(5)))
    #expect(graph.sweep.state(of: Computation(short.raw, for: .everybody)) == .live)
  }

  @Test("what a draining node reads drains no earlier, though it was dropped for itself")
  func handedDown() throws {
    let long = try Self.strategy("long", leafPeriod: 96)
    let short = try Self.strategy("short", leafPeriod: 5)
    var union = long.graph
    union.formUnion(short.graph)
    var graph = SharedGraph()
    _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules())))
    _ = try Self.root(
      &graph, "a", ["i": long.root, "j": short.root], from: union, at: Self.hour(0))
    _ = try Self.root(&graph, "a", ["j": short.root], at: Self.hour(0))
    // The field goes with the short strategy, while the long one drains upon it.
    _ = try Self.root(&graph, "a", [:], at: Self.hour(1))
    let raw = Computation(short.raw, for: .everybody)
    #expect(graph.sweep.state(of: raw) == .draining(until: Self.hour(96)))
    #expect(
      graph.sweep.state(of: Computation(short.leaf, for: .everybody))
        == .draining(until: Self.hour(6)))
  }

  @Test("a drain that the rules give lengthens the windows and never shortens them")
  func givenDrain() throws {
    for (drain, expected) in [(TimeSpan.hours(3), Int64(96)), (.hours(200), 200)] {
      let strategy = try Self.strategy("x", leafPeriod: 96)
      var graph = SharedGraph()
      _ = try graph.apply(
        GraphEvent(
          at: Self.hour(0), .joined(world: "a", rules: Self.rules { $0.drain = drain })))
      _ = try Self.root(&graph, "a", ["i": strategy.root], from: strategy.graph, at: Self.hour(0))
      _ = try graph.apply(GraphEvent(at: Self.hour(0), .left(world: "a")))
      #expect(
        graph.sweep.state(of: Computation(strategy.leaf, for: .everybody))
          == .draining(until: Self.hour(expected)))
    }
  }

  @Test("a silo computes for itself what a sharing world computes for everybody (N1)")
  func silo() throws {
    let strategy = try Self.strategy("x", leafPeriod: 4)
    var graph = SharedGraph()
    for (world, isolation) in [("a", SharingRules.Isolation.shared), ("b", .silo), ("c", .shared)] {
      let rules = Self.rules { $0.isolation = isolation }
      _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: world, rules: rules)))
      _ = try Self.root(
        &graph, world, ["i": strategy.root], from: strategy.graph, at: Self.hour(0))
    }
    let owners = graph.sweep.computations.filter { $0.computation.node == strategy.leaf }
      .map(\.computation.owner)
    #expect(owners == [.everybody, .world("b")])
    // A silo that opens itself takes over what is there; its own memory drains.
    let opened = try graph.apply(
      GraphEvent(at: Self.hour(1), .joined(world: "b", rules: Self.rules())))
    #expect(opened.map(\.computation.owner) == [.world("b"), .world("b")])
    #expect(opened.map(\.action) == [.drain(until: Self.hour(5)), .drain(until: Self.hour(5))])
    #expect(
      graph.sweep.state(of: Computation(strategy.root, for: .world("b"))) == .live)
  }

  @Test("a version pins its nodes until it is none of the last, or too old to go back to (N7)")
  func pins() throws {
    let strategies = try (1...7).map { try Self.strategy("v\($0)", leafPeriod: 1) }
    var graph = SharedGraph()
    let rules = Self.rules {
      $0.keepVersions = 3
      $0.pinRollback = .hours(50)
    }
    _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: "a", rules: rules)))
    for (place, strategy) in strategies.prefix(4).enumerated() {
      _ = try Self.root(
        &graph, "a", ["i": strategy.root], from: strategy.graph, at: Self.hour(Int64(place)))
    }
    let second = Computation(strategies[1].leaf, for: .everybody)
    // Versions 2, 3 and 4 are the last three.
    #expect(graph.worlds["a"]?.versions.map(\.number) == [2, 3, 4])
    #expect(graph.sweep.state(of: second) == .live)
    #expect(
      graph.sweep.state(of: Computation(strategies[0].leaf, for: .everybody))
        == .draining(until: Self.hour(4)))
    #expect(try Self.tick(&graph, Self.hour(40)).map(\.action) == [.sweep, .sweep])
    #expect(graph.sweep.state(of: second) == .live)
    // Version 5 pushes version 2 out.
    _ = try Self.root(
      &graph, "a", ["i": strategies[4].root], from: strategies[4].graph, at: Self.hour(41))
    #expect(graph.sweep.state(of: second) == .draining(until: Self.hour(42)))
    // Version 3 was superseded at hour 3, so hour 53 is too late to go back to it.
    _ = try Self.tick(&graph, Self.hour(52))
    #expect(graph.worlds["a"]?.versions.map(\.number) == [3, 4, 5])
    #expect(
      throws: GraphMistake.versionNotKept(world: "a", version: 3, kept: [4, 5])
    ) {
      try graph.apply(GraphEvent(at: Self.hour(53), .rolledBack(world: "a", version: 3)))
    }
    // The version in force does not age.
    _ = try Self.tick(&graph, Self.hour(10_000))
    #expect(graph.worlds["a"]?.versions.map(\.number) == [5])
  }

  @Test("going back to version 4 makes version 7 with the content of version 4 (N8)")
  func rollback() throws {
    let strategies = try (1...6).map { try Self.strategy("v\($0)", leafPeriod: 1) }
    var graph = SharedGraph()
    _ = try graph.apply(
      GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules { $0.keepVersions = 5 })))
    var contents: [Fingerprint] = []
    for strategy in strategies {
      _ = try Self.root(
        &graph, "a", ["i": strategy.root], from: strategy.graph, at: Self.hour(0))
      contents.append(try #require(graph.worlds["a"]?.current?.content))
    }
    #expect(Set(contents).count == 6)
    let directives = try graph.apply(
      GraphEvent(at: Self.hour(1), .rolledBack(world: "a", version: 4)))
    let current = try #require(graph.worlds["a"]?.current)
    #expect(current.number == 7)
    #expect(current.rollbackOf == 4)
    #expect(current.content == contents[3])
    #expect(current.roots == ["i": strategies[3].root])
    // Version 2 leaves the last five; version 4 was pinned, so nothing has to start again.
    #expect(!directives.contains { $0.action == .start })
    #expect(
      graph.sweep.state(of: Computation(strategies[1].leaf, for: .everybody))
        == .draining(until: Self.hour(2)))
    // What is in force already needs no further version.
    _ = try graph.apply(GraphEvent(at: Self.hour(1), .rolledBack(world: "a", version: 4)))
    #expect(graph.worlds["a"]?.current?.number == 7)
  }

  @Test("the same roots make no version, and the order of instances is no content")
  func unchanged() throws {
    let strategy = try Self.strategy("x", leafPeriod: 1)
    var graph = SharedGraph()
    _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules())))
    _ = try Self.root(
      &graph, "a", ["i": strategy.root, "j": strategy.leaf], from: strategy.graph,
      at: Self.hour(0))
    let same = ["j": strategy.leaf, "i": strategy.root]
    #expect(graph.rooting("a", same, from: strategy.graph, at: Self.hour(1)) == nil)
    _ = try graph.apply(
      GraphEvent(at: Self.hour(1), .rooted(world: "a", roots: same, nodes: [])))
    #expect(graph.worlds["a"]?.versions.count == 1)
  }

  @Test("a clock that goes back ends no drain and begins none in the past")
  func clockBack() throws {
    let strategy = try Self.strategy("x", leafPeriod: 10)
    var graph = SharedGraph()
    _ = try graph.apply(GraphEvent(at: Self.hour(50), .joined(world: "a", rules: Self.rules())))
    _ = try Self.root(&graph, "a", ["i": strategy.root], from: strategy.graph, at: Self.hour(20))
    _ = try Self.root(&graph, "a", [:], at: Self.hour(30))
    #expect(graph.now == Self.hour(50))
    #expect(
      graph.sweep.state(of: Computation(strategy.leaf, for: .everybody))
        == .draining(until: Self.hour(60)))
    #expect(try Self.tick(&graph, Self.hour(59)).isEmpty)
    #expect(try Self.tick(&graph, Self.hour(60)).count == 3)
  }

  @Test("an event that cannot be is refused and changes nothing")
  func refused() throws {
    let strategy = try Self.strategy("x", leafPeriod: 10)
    var graph = SharedGraph()
    _ = try graph.apply(GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules())))
    let stranger = NodeID(Fingerprint(of: "stranger"))
    let nodes = strategy.graph.nodes
    let wrong: [(GraphEvent, String)] = [
      (GraphEvent(at: Self.hour(1), .left(world: "b")), "unknown_world"),
      (GraphEvent(at: Self.hour(1), .rolledBack(world: "b", version: 1)), "unknown_world"),
      (GraphEvent(at: Self.hour(1), .rolledBack(world: "a", version: 1)), "version_not_kept"),
      (
        GraphEvent(at: Self.hour(1), .rooted(world: "b", roots: [:], nodes: nodes)),
        "unknown_world"
      ),
      (
        GraphEvent(at: Self.hour(1), .rooted(world: "a", roots: ["i": stranger], nodes: nodes)),
        "missing_node"
      ),
      (
        GraphEvent(
          at: Self.hour(1), .rooted(world: "a", roots: [:], nodes: nodes.reversed())),
        "missing_node"
      ),
      (
        GraphEvent(
          at: Self.hour(1),
          .joined(world: "b", rules: Self.rules { $0.topicPrefix = "w/a" })), "topic_prefix_taken"
      ),
      (
        GraphEvent(
          at: Self.hour(1), .joined(world: "a", rules: Self.rules { $0.keepVersions = 0 })),
        "unusable_sharing_rules"
      ),
      (
        GraphEvent(at: Timestamp(millisecondsSinceEpoch: .max), .ticked), "bad_graph_event"
      ),
    ]
    for (event, key) in wrong {
      let mistake = #expect(throws: GraphMistake.self) { try graph.apply(event) }
      #expect(mistake?.key == key)
      #expect(mistake?.explanation.isEmpty == false && mistake?.remedy.isEmpty == false)
      #expect(graph.now == Self.hour(0))
      #expect(graph.sweep.graph.nodes.isEmpty)
    }
  }

  @Test("the graph is shown with its worlds, versions and computations")
  func shown() throws {
    let strategy = try Self.strategy("x", leafPeriod: 3)
    var graph = SharedGraph()
    #expect(graph.json.compactText == #"{"at_ms":null,"computations":[],"worlds":{}}"#)
    _ = try graph.apply(
      GraphEvent(at: Self.hour(0), .joined(world: "a", rules: Self.rules { $0.keepVersions = 2 })))
    _ = try Self.root(&graph, "a", ["i": strategy.root], from: strategy.graph, at: Self.hour(0))
    _ = try Self.root(&graph, "a", ["i": strategy.leaf], at: Self.hour(1))
    _ = try Self.root(&graph, "a", ["i": strategy.raw], at: Self.hour(2))
    guard case .array(let computations)? = graph.json["computations"] else { return }
    #expect(computations.compactMap { $0["state"] } == ["live", "live", "draining"])
    #expect(computations.last?["owner"] == "a")
    #expect(
      computations.last?["until_ms"]
        == .integer(Int(Self.hour(3).millisecondsSinceEpoch)))
    let world = graph.json["worlds"]?["a"]
    #expect(world?["isolation"] == "shared")
    guard case .array(let versions)? = world?["versions"] else { return }
    #expect(versions.compactMap { $0["number"] } == [2, 3])
    #expect(versions[0]["superseded_ms"] == .integer(Int(Self.hour(2).millisecondsSinceEpoch)))
    #expect(versions[1]["superseded_ms"] == .null)
    #expect(versions[1]["roots"] == .object([.init("i", .string(strategy.raw.description))]))
  }

  @Test("instances count as roots from their replay to their demotion")
  func phases() {
    #expect(StrategyPhase.allCases.filter(\.isRoot) == [.backtest, .dryrun, .live])
  }
}
