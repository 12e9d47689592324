package import Worlds

/// What worlds compute at a moment, over all of their panels: the roots of each, and the graph below
/// them.
package struct WorldRoots: Sendable {
  /// What one world computes.
  package struct World: Hashable, Sendable {
    package let world: String
    /// How it shares; nil for a world that is gone.
    package let rules: SharingRules?
    /// The node of each instance that counts, by the instance's name.
    package internal(set) var roots: [String: NodeID] = [:]
  }

  /// In the order in which they were told.
  package private(set) var worlds: [World] = []
  /// The nodes of all formulas that were told.
  package private(set) var graph = StrategyGraph()

  package init() {}

  /// Adds a world that computes nothing as far as it is told.
  package mutating func add(_ world: String, rules: SharingRules) {
    worlds.append(World(world: world, rules: rules))
  }

  /// Adds a world that is gone.
  package mutating func addGone(_ world: String) {
    worlds.append(World(world: world, rules: nil))
  }

  /// Adds an instance of the world that was added last.
  package mutating func add(_ instance: String, _ nodes: FormulaGraphNodes) {
    graph.formUnion(nodes.graph)
    add(instance, root: nodes.order)
  }

  /// Adds an instance of the world that was added last, whose node the graph of all worlds has.
  package mutating func add(_ instance: String, root: NodeID) {
    precondition(!worlds.isEmpty, "the instance \(instance) belongs to no world")
    worlds[worlds.count - 1].roots[instance] = root
  }
}
