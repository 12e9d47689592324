import Essentials
import Testing

@testable import Worlds

@Suite("Strategy graphs")
struct StrategyGraphTests {
  private func entry(
    _ name: String, _ dependencies: [String] = [], kind: NodeKind = .indicator, period: Int = 1
  ) -> GraphOutline.Entry {
    GraphOutline.Entry(
      name, kind, code: name, period: period, interval: .hours(1), dependencies: dependencies)
  }

  @Test("nodes written in any order come after what they depend on")
  func order() throws {
    let entries = [
      entry("d", ["b", "c"]), entry("b", ["a"]), entry("c", ["a", "b"]), entry("a", kind: .raw),
    ]
    let (graph, ids) = try GraphOutline(entries).build()
    #expect(graph.nodes.map(\.code) == ["a", "b", "c", "d"])
    #expect(graph.inputs.map(Set.init) == [[], [0], [0, 1], [1, 2]])
    let turned = try GraphOutline(entries.reversed()).build()
    #expect(turned.ids == ids)
  }

  @Test(
    "a cycle is refused with its path (N4)",
    arguments: [
      ([("a", ["b"]), ("b", ["c"]), ("c", ["a"])], "a -> b -> c -> a"),
      ([("a", ["a"])], "a -> a"),
      ([("x", ["a"]), ("a", ["y", "b"]), ("b", ["a"]), ("y", [])], "a -> b -> a"),
    ])
  func cycles(nodes: [(String, [String])], path: String) {
    let outline = GraphOutline(nodes.map { entry($0.0, $0.1) })
    let mistake = #expect(throws: GraphMistake.self) { try outline.build() }
    #expect(mistake?.key == "graph_cycle")
    #expect(mistake?.explanation.contains(path) == true, "\(String(describing: mistake))")
  }

  @Test("a chain of five thousand nodes is ordered without exhausting the stack")
  func chain() throws {
    let count = 5_000
    let entries = (0..<count).map { entry("n\($0)", $0 + 1 < count ? ["n\($0 + 1)"] : []) }
    let (graph, _) = try GraphOutline(entries).build()
    #expect(graph.nodes.first?.code == "n\(count - 1)")
    #expect(graph.nodes.count == count)
  }

  @Test("an unknown dependency is refused with the nearest name")
  func unknown() {
    let outline = GraphOutline([entry("close"), entry("mean", ["clsoe"])])
    #expect(
      throws: GraphMistake.unknownDependency(node: "mean", dependency: "clsoe", nearest: "close")
    ) { try outline.build() }
    #expect(throws: GraphMistake.duplicateNode(name: "a")) {
      try GraphOutline([entry("a"), entry("a")]).build()
    }
  }

  @Test("values do not flow from a signal to an indicator")
  func backwards() {
    let outline = GraphOutline([entry("s", kind: .signal), entry("i", ["s"])])
    #expect(throws: GraphMistake.backwardFlow(code: "i", kind: .indicator, dependency: .signal)) {
      try outline.build()
    }
  }

  @Test("a node without its dependencies is refused and the graph stays as it is")
  func missing() throws {
    let absent = NodeID(Fingerprint(of: "absent"))
    var graph = StrategyGraph()
    let node = try GraphNode(
      .indicator, code: "x", interval: .hours(1), dependencies: [absent], schema: "MATRIX")
    #expect(throws: GraphMistake.missingNode(absent, neededBy: "x")) { try graph.insert(node) }
    #expect(graph.nodes.isEmpty)
  }

  @Test("a union has equal computations once, and a closure has nothing else")
  func union() throws {
    let first = try GraphOutline([entry("a", kind: .raw), entry("b", ["a"], period: 30)]).build()
    let second = try GraphOutline([
      entry("z", kind: .raw), entry("a", kind: .raw), entry("c", ["a", "z"], period: 12),
    ]).build()
    var graph = first.graph
    graph.formUnion(second.graph)
    graph.formUnion(first.graph)
    #expect(graph.nodes.map(\.code) == ["a", "b", "z", "c"])
    #expect(graph.inputs.map(Set.init) == [[], [0], [], [0, 2]])
    let c = try #require(second.ids["c"])
    let b = try #require(first.ids["b"])
    #expect(graph.closure(of: [c]).map(\.code) == ["a", "z", "c"])
    #expect(graph.warmUp(of: [c]) == .hours(12))
    #expect(graph.warmUp(of: [c, b]) == .hours(30))
    #expect(graph.warmUp(of: []) == .zero)
  }
}
