package import Essentials

/// A directed acyclic graph of computations, in which every node stands after what it depends on.
///
/// It is the graph of everybody's strategies together: equal computations are one node, whoever asks
/// for them, as in common subexpression elimination by hash-consing (Ershov, "On Programming of
/// Arithmetic Operations", CACM 1 (8), 1958).
package struct StrategyGraph: Sendable {
  /// A topological order.
  package private(set) var nodes: [GraphNode] = []
  /// For each node the places of its dependencies.
  private(set) var inputs: [[Int]] = []
  private var places: [NodeID: Int] = [:]

  package init() {}

  /// Returns the node of that identity, nil where the graph has none.
  package subscript(id: NodeID) -> GraphNode? { places[id].map { nodes[$0] } }

  /// Returns where the node of that identity stands in ``nodes``.
  func place(of id: NodeID) -> Int? { places[id] }

  /// Adds a node after its dependencies; one that is there already changes nothing.
  package mutating func insert(_ node: GraphNode) throws(GraphMistake) {
    guard places[node.id] == nil else { return }
    var sources: [Int] = []
    for dependency in node.dependencies {
      guard let place = places[dependency] else {
        throw .missingNode(dependency, neededBy: node.code)
      }
      let kind = nodes[place].kind
      guard kind <= node.kind else {
        throw .backwardFlow(code: node.code, kind: node.kind, dependency: kind)
      }
      sources.append(place)
    }
    places[node.id] = nodes.count
    nodes.append(node)
    inputs.append(sources)
  }

  /// Adds all nodes of another graph.
  package mutating func formUnion(_ other: StrategyGraph) {
    for (node, sources) in zip(other.nodes, other.inputs) where places[node.id] == nil {
      // A node of the other graph stands after its dependencies there, so they are here by now.
      let places = sources.compactMap { self.places[other.nodes[$0].id] }
      self.places[node.id] = nodes.count
      nodes.append(node)
      inputs.append(places)
    }
  }

  /// Returns `roots` and everything that they depend on, dependencies first; identities that the
  /// graph does not have are passed over. Cost: linear in the nodes and edges of the graph.
  package func closure(of roots: some Sequence<NodeID>) -> [GraphNode] {
    let isReached = reached(from: roots.compactMap { places[$0] })
    return nodes.indices.filter { isReached[$0] }.map { nodes[$0] }
  }

  /// Returns the time that the longest window below `roots` lasts: how much history there must be
  /// before all of them have values. Zero where there are no roots.
  package func warmUp(of roots: some Sequence<NodeID>) -> TimeSpan {
    closure(of: roots).map(\.window).max() ?? .zero
  }

  /// Marks `roots` and everything that they depend on, by place.
  func reached(from roots: [Int]) -> [Bool] {
    var isReached = [Bool](repeating: false, count: nodes.count)
    for root in roots { isReached[root] = true }
    for place in nodes.indices.reversed() where isReached[place] {
      for input in inputs[place] { isReached[input] = true }
    }
    return isReached
  }

  /// Removes the nodes that are not kept.
  ///
  /// - Precondition: what a kept node depends on is kept.
  mutating func keep(where isKept: [Bool]) {
    var moved = [Int](repeating: -1, count: nodes.count)
    var remaining = StrategyGraph()
    for place in nodes.indices where isKept[place] {
      moved[place] = remaining.nodes.count
      remaining.places[nodes[place].id] = remaining.nodes.count
      remaining.nodes.append(nodes[place])
      remaining.inputs.append(
        inputs[place].map { input in
          precondition(isKept[input], "\(nodes[place].code) would lose \(nodes[input].code)")
          return moved[input]
        })
    }
    self = remaining
  }
}
