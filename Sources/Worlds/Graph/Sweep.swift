package import Essentials

// What a pass keeps true. A computation *reads* those of its dependencies.
//
//  P1  What a root that counts (in force or pinned) reaches is live.
//  P2  What a live computation reads is live; what a draining one reads is live, or drains at least
//      as long.
//  P3  A drain lasts at least the longest window in the closure that was removed, from the pass
//      that found it unreachable.
//  P4  A node is in the graph as long as one computation of it is live or draining.
//
// P2 follows from P1 and from handing the end of every drain down to what is read. P1, P2 and S4
// together say that no pass sweeps what an active, a draining or a pinned root reaches.

/// The computations of all worlds between being wanted and being forgotten.
///
/// A value that is told which roots count and what time it is; it answers what is to be done. A pass
/// costs the nodes and edges of the graph for every world.
package struct Sweep: Sendable {
  /// The nodes of which a computation is live or draining.
  package private(set) var graph = StrategyGraph()

  // By owner, and within by place in the graph; everybody is the first owner.
  private var owners: [NodeOwner] = [.everybody]
  private var states: [[SweepState]] = [[]]

  /// The roots of one world that count.
  package struct Roots: Sendable {
    package let world: String
    package let rules: SharingRules
    package let nodes: [NodeID]

    package init(of world: String, rules: SharingRules, nodes: [NodeID]) {
      self.world = world
      self.rules = rules
      self.nodes = nodes
    }
  }

  package init() {}

  /// Returns where a computation stands; swept where it is not known.
  package func state(of computation: Computation) -> SweepState {
    guard let owner = owners.firstIndex(of: computation.owner),
      let place = graph.place(of: computation.node)
    else { return .swept }
    return states[owner][place]
  }

  /// All computations that are live or draining, dependencies first.
  package var computations: [(computation: Computation, state: SweepState)] {
    graph.nodes.indices.flatMap { place in
      owners.indices.filter { states[$0][place] != .swept }.map { owner in
        (Computation(graph.nodes[place].id, for: owners[owner]), states[owner][place])
      }
    }
  }

  /// Adds a node that the next pass may reach; a pass that does not reach it removes it.
  package mutating func insert(_ node: GraphNode) throws(GraphMistake) {
    let count = graph.nodes.count
    try graph.insert(node)
    guard graph.nodes.count > count else { return }
    for owner in states.indices { states[owner].append(.swept) }
  }

  /// Marks from the roots, begins drains, sweeps what has drained, and returns what is to be done:
  /// first what starts, is kept or drains, dependencies first, then what is swept, readers first.
  ///
  /// - Parameters:
  ///   - leastDrain: no drain that begins here is shorter.
  /// - Precondition: the graph has every root.
  package mutating func pass(
    _ roots: [Roots], at now: Timestamp, leastDrain: TimeSpan = .zero
  ) -> [SweepDirective] {
    for root in roots { addOwner(.world(root.world)) }
    let isMarked = marks(roots)
    let ends = drainEnds(isMarked, now: now, leastDrain: leastDrain)
    var directives: [SweepDirective] = []
    for place in graph.nodes.indices {
      for owner in owners.indices {
        if isMarked[owner][place] {
          tell(.marked, owner, place, &directives)
        } else if let end = ends[owner][place] {
          tell(.unmarked(until: end), owner, place, &directives)
        }
      }
    }
    for place in graph.nodes.indices.reversed() {
      for owner in owners.indices { tell(.ticked(now), owner, place, &directives) }
    }
    removeSwept()
    return directives
  }

  private mutating func addOwner(_ owner: NodeOwner) {
    guard !owners.contains(owner) else { return }
    let place = owners.firstIndex { owner < $0 } ?? owners.count
    owners.insert(owner, at: place)
    states.insert([SweepState](repeating: .swept, count: graph.nodes.count), at: place)
  }

  /// What the roots reach, by owner and place (P1).
  private func marks(_ roots: [Roots]) -> [[Bool]] {
    var isMarked = owners.map { _ in [Bool](repeating: false, count: graph.nodes.count) }
    for root in roots {
      let ownerOfKind = Dictionary(
        uniqueKeysWithValues: NodeKind.allCases.map { kind in
          let owner = root.rules.owner(of: kind, in: root.world)
          guard let place = owners.firstIndex(of: owner) else {
            preconditionFailure("\(owner) has no computations")
          }
          return (kind, place)
        })
      let places = root.nodes.map { id in
        guard let place = graph.place(of: id) else {
          preconditionFailure("the root \(id.short) of \(root.world) is not in the graph")
        }
        return place
      }
      for (place, isReached) in graph.reached(from: places).enumerated() where isReached {
        guard let owner = ownerOfKind[graph.nodes[place].kind] else { continue }
        isMarked[owner][place] = true
      }
    }
    return isMarked
  }

  /// Until when everything that is not marked must be kept, by owner and place; nil where nothing
  /// is to be kept.
  private func drainEnds(
    _ isMarked: [[Bool]], now: Timestamp, leastDrain: TimeSpan
  ) -> [[Timestamp?]] {
    // The longest window in the closure that goes with each computation that lost its mark (P3).
    // All that it reads and that is not marked goes with it, for it was live until this pass.
    var windows = owners.map { _ in [TimeSpan?](repeating: nil, count: graph.nodes.count) }
    for place in graph.nodes.indices {
      for owner in owners.indices
      where states[owner][place] == .live && !isMarked[owner][place] {
        var longest = max(graph.nodes[place].window, leastDrain)
        for (source, input) in reads(owner, place) {
          if let window = windows[source][input] { longest = max(longest, window) }
        }
        windows[owner][place] = longest
      }
    }
    var ends = owners.map { _ in [Timestamp?](repeating: nil, count: graph.nodes.count) }
    for place in graph.nodes.indices.reversed() {
      for owner in owners.indices where !isMarked[owner][place] {
        if let window = windows[owner][place] {
          ends[owner][place] = later(ends[owner][place], now + window)
        } else if case .draining(let until) = states[owner][place] {
          ends[owner][place] = later(ends[owner][place], until)
        } else {
          // A computation that is not there keeps nothing alive.
          ends[owner][place] = nil
        }
        guard let end = ends[owner][place] else { continue }
        for (source, input) in reads(owner, place) {
          ends[source][input] = later(ends[source][input], end)
        }
      }
    }
    return ends
  }

  /// The computations that one may read: the owner's own and those for everybody. Which of them it
  /// is follows from rules that may have changed since, so both are held.
  private func reads(_ owner: Int, _ place: Int) -> [(owner: Int, place: Int)] {
    graph.inputs[place].flatMap { input in
      owner == 0 ? [(0, input)] : [(owner, input), (0, input)]
    }
  }

  private func later(_ left: Timestamp?, _ right: Timestamp) -> Timestamp {
    left.map { max($0, right) } ?? right
  }

  private mutating func tell(
    _ event: SweepEvent, _ owner: Int, _ place: Int, _ directives: inout [SweepDirective]
  ) {
    let (state, action) = states[owner][place].after(event)
    states[owner][place] = state
    if let action {
      directives.append(
        SweepDirective(Computation(graph.nodes[place].id, for: owners[owner]), action))
    }
  }

  /// Removes nodes without computations (P4) and owners without any.
  private mutating func removeSwept() {
    let isKept = graph.nodes.indices.map { place in states.contains { $0[place] != .swept } }
    if !isKept.allSatisfy(\.self) {
      graph.keep(where: isKept)
      for owner in states.indices {
        states[owner] = zip(states[owner], isKept).filter(\.1).map(\.0)
      }
    }
    for owner in owners.indices.reversed().dropLast()
    where states[owner].allSatisfy({ $0 == .swept }) {
      owners.remove(at: owner)
      states.remove(at: owner)
    }
  }
}
