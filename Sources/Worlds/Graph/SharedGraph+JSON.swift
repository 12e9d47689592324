package import Essentials

extension SharedGraph {
  /// What is computed for whom, for people and pages: the worlds with their versions, and every
  /// computation that is live or draining, dependencies first.
  package var json: JSONValue {
    [
      "at_ms": now.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "computations": .array(
        sweep.computations.map { Self.json($0.computation, $0.state, sweep.graph) }),
      "worlds": .object(
        worlds.values.sorted { $0.world < $1.world }.map { .init($0.world, $0.json) }),
    ]
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
