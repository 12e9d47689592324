package import Essentials

/// The strategy graph of all worlds: what each of them computes for, what they compute together,
/// and what may be forgotten.
///
/// The state is the fold of its events; the same events give the same state and the same
/// directives. An event that is refused changes nothing.
package struct SharedGraph: Sendable {
  /// The worlds that have joined, by name.
  package private(set) var worlds: [String: WorldView] = [:]
  package private(set) var sweep = Sweep()
  /// The latest instant that was told; time does not go back, an earlier one is taken as this.
  package private(set) var now: Timestamp?

  package init() {}

  /// Rebuilds the state from its events.
  package init(replaying events: some Sequence<GraphEvent>) throws(GraphMistake) {
    for event in events { _ = try apply(event) }
  }

  /// Applies an event and returns what is to be done about computations.
  package mutating func apply(_ event: GraphEvent) throws(GraphMistake) -> [SweepDirective] {
    guard GraphEvent.instants.contains(event.at) else { throw .unreadableEvent(member: "at_ms") }
    var next = self
    let now = next.now.map { max($0, event.at) } ?? event.at
    next.now = now
    try next.change(event.fact, at: now)
    for world in next.worlds.keys { next.worlds[world]?.unpin(at: now) }
    // A world that leaves, or changes its rules, has promised how long its nodes drain.
    let leastDrain = [worlds, next.worlds].flatMap { $0.values.compactMap(\.rules.drain) }.max()
    let directives = next.sweep.pass(
      next.worlds.values.sorted { $0.world < $1.world }.map {
        Sweep.Roots(of: $0.world, rules: $0.rules, nodes: $0.roots)
      }, at: now, leastDrain: leastDrain ?? .zero)
    self = next
    return directives
  }

  private mutating func change(_ fact: GraphFact, at now: Timestamp) throws(GraphMistake) {
    switch fact {
    case .joined(let world, let rules):
      try rules.check(for: world)
      let prefix = rules.topicPrefix(of: world)
      for other in worlds.values.sorted(by: { $0.world < $1.world })
      where other.world != world && other.rules.topicPrefix(of: other.world) == prefix {
        throw .topicPrefixTaken(prefix: prefix, by: other.world)
      }
      worlds[world] = worlds[world]?.following(rules) ?? WorldView(of: world, rules: rules)
    case .rooted(let world, let roots, let nodes):
      var view = try view(of: world)
      for node in nodes { try sweep.insert(node) }
      for (instance, node) in roots.sorted(by: { $0.key < $1.key })
      where sweep.graph[node] == nil {
        throw .missingNode(node, neededBy: instance)
      }
      view.setRoots(roots, at: now)
      worlds[world] = view
    case .rolledBack(let world, let version):
      var view = try view(of: world)
      view.unpin(at: now)
      try view.rollBack(to: version, at: now)
      worlds[world] = view
    case .left(let world):
      _ = try view(of: world)
      worlds[world] = nil
    case .ticked: break
    }
  }

  private func view(of world: String) throws(GraphMistake) -> WorldView {
    guard let view = worlds[world] else { throw .unknownWorld(world) }
    return view
  }

  /// Returns the event that puts `roots` in force, with those nodes of `graph` below them that are
  /// not known here; nil where the world has these roots already.
  package func rooting(
    _ world: String, _ roots: [String: NodeID], from graph: StrategyGraph, at now: Timestamp
  ) -> GraphEvent? {
    guard worlds[world]?.current?.roots != roots else { return nil }
    let nodes = graph.closure(of: roots.values).filter { sweep.graph[$0.id] == nil }
    return GraphEvent(at: now, .rooted(world: world, roots: roots, nodes: nodes))
  }
}
