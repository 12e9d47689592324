package import Essentials

/// Who a node is computed for.
package enum NodeOwner: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// All worlds that share: it is computed once.
  case everybody
  /// One world, apart from all others.
  case world(String)

  /// `*`, or the name of the world.
  package var description: String {
    switch self {
    case .everybody: "*"
    case .world(let name): name
    }
  }

  /// The name of the world, or null, which no world is called.
  package var json: JSONValue {
    switch self {
    case .everybody: .null
    case .world(let name): .string(name)
    }
  }

  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.everybody, .world): true
    case (.world(let left), .world(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    case (_, .everybody): false
    }
  }
}

/// A node as it is computed, with the memory that it fills: once for everybody, or for one world.
package struct Computation: Hashable, Sendable, Comparable {
  package let node: NodeID
  package let owner: NodeOwner

  package init(_ node: NodeID, for owner: NodeOwner) {
    self.node = node
    self.owner = owner
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.node == right.node ? left.owner < right.owner : left.node < right.node
  }
}

/// What a stored value is found by: the computation and the data that it ran on.
///
/// Two worlds that ask for the same key receive the same bytes; a key of other data is another key,
/// so a revised dataset never meets values of the one before.
package struct ComputeKey: Hashable, Sendable {
  package let computation: Computation
  /// The fingerprint of the data below the node; nil where no dataset is.
  package let data: Fingerprint?

  package init(_ computation: Computation, data: Fingerprint?) {
    self.computation = computation
    self.data = data
  }

  /// The key as one digest.
  package var fingerprint: Fingerprint {
    let text: JSONValue = [
      "data": data.map { .string($0.hexadecimal) } ?? .null,
      "node": .string(computation.node.description),
      "owner": computation.owner.json,
    ]
    return Fingerprint(of: text.compactText)
  }
}

extension StrategyGraph {
  /// Returns the key of each node as `world` computes it, in the order of ``nodes``.
  ///
  /// The data below a node is the fingerprint of the one dataset that it reads, or a digest of the
  /// fingerprints below its dependencies where they differ.
  ///
  /// - Parameter data: for each dataset node the fingerprint of what is stored now.
  package func computeKeys(
    in world: String, rules: SharingRules, data: [NodeID: Fingerprint]
  ) -> [ComputeKey] {
    var below: [Fingerprint?] = []
    below.reserveCapacity(nodes.count)
    return nodes.indices.map { place in
      let node = nodes[place]
      if node.kind == .dataset, let fingerprint = data[node.id] {
        below.append(fingerprint)
      } else {
        let sources = Set(inputs[place].compactMap { below[$0] }).sorted()
        below.append(
          sources.count > 1
            ? Fingerprint(of: sources.map(\.hexadecimal).joined(separator: ",")) : sources.first)
      }
      return ComputeKey(
        Computation(node.id, for: rules.owner(of: node.kind, in: world)), data: below[place])
    }
  }
}
