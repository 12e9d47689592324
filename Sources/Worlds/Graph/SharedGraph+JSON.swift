package import Essentials

extension SharedGraph {
  /// What is computed for whom, for people and pages: the worlds with their versions, and every
  /// computation that is live or draining, dependencies first.
  package var json: JSONValue { json { _ in true } }

  /// The same of some worlds, with what they compute for themselves and what is computed for
  /// everybody.
  package func json(of isWanted: (String) -> Bool) -> JSONValue {
    [
      "at_ms": now.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "computations": .array(
        computations(of: isWanted).map { Self.json($0.computation, $0.state, sweep.graph) }),
      "worlds": .object(
        worlds.values.filter { isWanted($0.world) }.sorted { $0.world < $1.world }
          .map { .init($0.world, $0.json) }),
    ]
  }

  /// The computations, live or draining, of some worlds and of everybody, dependencies first.
  package func computations(
    of isWanted: (String) -> Bool
  ) -> [(computation: Computation, state: SweepState)] {
    sweep.computations.filter { item in
      switch item.computation.owner {
      case .everybody: true
      case .world(let world): isWanted(world)
      }
    }
  }

  private static func json(
    _ computation: Computation, _ state: SweepState, _ graph: StrategyGraph
  ) -> JSONValue {
    let node = graph[computation.node]
    let (word, until): (String, Timestamp?) =
      switch state {
      case .live: ("live", nil)
      case .draining(let until): ("draining", until)
      case .swept: ("swept", nil)
      }
    return [
      "code": node.map { .string($0.code) } ?? .null,
      "kind": node.map { .string($0.kind.rawValue) } ?? .null,
      "node": .string(computation.node.description),
      "owner": computation.owner.json, "state": .string(word),
      "until_ms": until.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
    ]
  }
}

extension WorldView {
  /// The versions that are kept, the one in force last.
  package var json: JSONValue {
    [
      "isolation": .string(rules.isolation.rawValue),
      "versions": .array(versions.map(\.json)),
    ]
  }
}

extension GraphVersion {
  /// The version with the digest of its content.
  package var json: JSONValue {
    [
      "content": .string(content.hexadecimal), "number": .integer(number),
      "rollback_of": rollbackOf.map { .integer($0) } ?? .null, "roots": rootsJSON,
      "since_ms": .integer(Int(since.millisecondsSinceEpoch)),
      "superseded_ms": supersededAt.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
    ]
  }
}
