package import Essentials

/// A strategy graph as it is written down: nodes by name in any order, with the names of what they
/// depend on. ``build()`` checks it and works out identities.
package struct GraphOutline: Sendable {
  /// A node with names in place of identities.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var kind: NodeKind
    package var code: String
    package var parameters: JSONValue
    package var period: Int
    package var interval: TimeSpan
    /// The names of other entries.
    package var dependencies: [String]
    package var schema: String

    package init(
      _ name: String, _ kind: NodeKind, code: String, parameters: JSONValue = .object([]),
      period: Int = 1, interval: TimeSpan, dependencies: [String] = [], schema: String = "MATRIX"
    ) {
      self.name = name
      self.kind = kind
      self.code = code
      self.parameters = parameters
      self.period = period
      self.interval = interval
      self.dependencies = dependencies
      self.schema = schema
    }
  }

  package var entries: [Entry]

  package init(_ entries: [Entry] = []) {
    self.entries = entries
  }

  /// Returns the graph with the identity of each name; names for one and the same computation have
  /// one identity.
  ///
  /// Refuses two entries of one name, a dependency that no entry bears, a cycle (naming its path),
  /// and nodes that cannot be used. Cost: linear in entries and dependencies.
  package func build() throws(GraphMistake) -> (graph: StrategyGraph, ids: [String: NodeID]) {
    let inputs = try resolvedDependencies()
    var graph = StrategyGraph()
    var ids: [String: NodeID] = [:]
    for place in try topologicalOrder(inputs) {
      let entry = entries[place]
      let node = try GraphNode(
        entry.kind, code: entry.code, parameters: entry.parameters, period: entry.period,
        interval: entry.interval, dependencies: entry.dependencies.compactMap { ids[$0] },
        schema: entry.schema)
      try graph.insert(node)
      ids[entry.name] = node.id
    }
    return (graph, ids)
  }

  private func resolvedDependencies() throws(GraphMistake) -> [[Int]] {
    var places: [String: Int] = [:]
    for (place, entry) in entries.enumerated() {
      guard places.updateValue(place, forKey: entry.name) == nil else {
        throw .duplicateNode(name: entry.name)
      }
    }
    var inputs: [[Int]] = []
    for entry in entries {
      var sources: [Int] = []
      for name in entry.dependencies {
        guard let place = places[name] else {
          throw .unknownDependency(
            node: entry.name, dependency: name,
            nearest: nearestName(to: name, among: entries.lazy.map(\.name)))
        }
        sources.append(place)
      }
      inputs.append(sources)
    }
    return inputs
  }

  /// Depth-first search with three colors (Tarjan, "Depth-First Search and Linear Graph
  /// Algorithms", SIAM J. Comput. 1, 1972; Cormen et al., "Introduction to Algorithms", section
  /// 20.4). The stack is explicit, so that a long chain cannot exhaust the thread's.
  private func topologicalOrder(_ inputs: [[Int]]) throws(GraphMistake) -> [Int] {
    enum Color { case white, gray, black }
    var colors = [Color](repeating: .white, count: entries.count)
    var order: [Int] = []
    order.reserveCapacity(entries.count)
    for start in entries.indices where colors[start] == .white {
      var path: [(place: Int, next: Int)] = [(start, 0)]
      colors[start] = .gray
      while let (place, next) = path.last {
        guard next < inputs[place].count else {
          colors[place] = .black
          order.append(place)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let input = inputs[place][next]
        switch colors[input] {
        case .black: continue
        case .white:
          colors[input] = .gray
          path.append((input, 0))
        case .gray:
          let circle = path.map(\.place).drop { $0 != input } + [input]
          throw .cycle(path: circle.map { entries[$0].name })
        }
      }
    }
    return order
  }
}
