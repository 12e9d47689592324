package import Essentials

/// What happened to the strategy graph of all worlds, and when.
package struct GraphEvent: Hashable, Sendable {
  package let at: Timestamp
  package let fact: GraphFact

  package init(at: Timestamp, _ fact: GraphFact) {
    self.at = at
    self.fact = fact
  }

  /// The years 1 to 9999: sums with windows stay far within 64 bits.
  static let instants =
    Timestamp(
      millisecondsSinceEpoch: -62_135_596_800_000)...Timestamp(
      millisecondsSinceEpoch: 253_402_300_799_999)
}

/// One change of the graph.
package enum GraphFact: Hashable, Sendable {
  /// A world joined, or shares by other rules from here on.
  case joined(world: String, rules: SharingRules)
  /// Other instances of a world count. `nodes` are those that were not known, dependencies first.
  case rooted(world: String, roots: [String: NodeID], nodes: [GraphNode])
  /// A world went back to the roots of an earlier version.
  case rolledBack(world: String, version: Int)
  /// A world left for good, with all its versions.
  case left(world: String)
  /// Time has passed: pins expire and drains end.
  case ticked
}

extension GraphEvent {
  /// A stable name for journals and their readers.
  package var kind: String {
    switch fact {
    case .joined: "graph.joined"
    case .rooted: "graph.rooted"
    case .rolledBack: "graph.rolled_back"
    case .left: "graph.left"
    case .ticked: "graph.ticked"
    }
  }

  /// The world that it is about, nil for time.
  package var world: String? {
    switch fact {
    case .joined(let world, _), .rooted(let world, _, _), .rolledBack(let world, _),
      .left(let world):
      world
    case .ticked: nil
    }
  }

  /// The event as a JSON object, from which ``init(json:)`` reads it back.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("at_ms", .integer(Int(at.millisecondsSinceEpoch))), .init("kind", .string(kind)),
    ]
    switch fact {
    case .joined(let world, let rules):
      members += [.init("rules", Self.json(rules)), .init("world", .string(world))]
    case .rooted(let world, let roots, let nodes):
      members += [
        .init("nodes", .array(nodes.map(\.json))), .init("roots", GraphVersion.json(roots)),
        .init("world", .string(world)),
      ]
    case .rolledBack(let world, let version):
      members += [.init("version", .integer(version)), .init("world", .string(world))]
    case .left(let world): members.append(.init("world", .string(world)))
    case .ticked: break
    }
    return .object(members)
  }

  private static func json(_ rules: SharingRules) -> JSONValue {
    [
      "drain_ms": rules.drain.map { .integer(Int($0.milliseconds)) } ?? .null,
      "indicator": .string(rules.indicator.rawValue),
      "isolation": .string(rules.isolation.rawValue),
      "keep_versions": .integer(rules.keepVersions), "order": .string(rules.order.rawValue),
      "pin_rollback_ms": .integer(Int(rules.pinRollback.milliseconds)),
      "raw": .string(rules.raw.rawValue), "signal": .string(rules.signal.rawValue),
      "topic_prefix": rules.topicPrefix.map { .string($0) } ?? .null,
    ]
  }
}
