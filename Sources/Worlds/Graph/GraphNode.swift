package import Essentials

/// One computation of a strategy graph, described without a word on who wants it.
package struct GraphNode: Hashable, Sendable {
  /// The digest of all the other members.
  package let id: NodeID
  package let kind: NodeKind
  /// What computes the value: the name of an operator with the digest of its definition.
  package let code: String
  /// The constants of the computation: an object whose members are sorted by name, without those of
  /// ``isExcluded(_:)``.
  package let parameters: JSONValue
  /// How many rows of data, its own included, a value depends on; at least 1.
  package let period: Int
  /// The time from one row to the next.
  package let interval: TimeSpan
  /// Sorted, each once. An operator for which the order of its inputs matters says it in its
  /// parameters.
  package let dependencies: [NodeID]
  /// The form of the values, such as `MATRIX`.
  package let schema: String

  /// Describes a node; dependencies and members of `parameters` may come in any order.
  ///
  /// Refuses a period below 1, an interval that is not positive, a window (period times interval)
  /// beyond ``longestWindow``, parameters that are no object, and in them a name given twice or a
  /// number that JSON cannot say. Cost: the digest of the description.
  package init(
    _ kind: NodeKind, code: String, parameters: JSONValue = .object([]), period: Int = 1,
    interval: TimeSpan, dependencies: [NodeID] = [], schema: String
  ) throws(GraphMistake) {
    guard case .object(let members) = parameters else {
      throw .unusableNode(code: code, reason: "its parameters are not an object")
    }
    guard period >= 1 else {
      throw .unusableNode(code: code, reason: "its period is \(period) rows")
    }
    guard interval > .zero else {
      throw .unusableNode(code: code, reason: "its interval is \(interval)")
    }
    let (window, overflows) = Int64(period).multipliedReportingOverflow(by: interval.milliseconds)
    guard !overflows, window <= Self.longestWindow.milliseconds else {
      throw .unusableNode(
        code: code,
        reason: "\(period) rows of \(interval) exceed \(Self.longestWindow)")
    }
    let canonical: JSONValue
    do {
      canonical = try Self.canonical(.object(members.filter { !Self.isExcluded($0.name) }))
    } catch let defect {
      throw .unusableNode(code: code, reason: defect.reason)
    }
    let sorted = Array(Set(dependencies)).sorted()
    self.kind = kind
    self.code = code
    self.parameters = canonical
    self.period = period
    self.interval = interval
    self.dependencies = sorted
    self.schema = schema
    let description = Self.json(
      kind, code: code, parameters: canonical, period: period, interval: interval,
      dependencies: sorted, schema: schema)
    id = NodeID(Fingerprint(of: description.compactText))
  }

  /// How long the rows of the period last: period times interval.
  package var window: TimeSpan {
    TimeSpan(milliseconds: Int64(period) * interval.milliseconds)
  }

  /// A window that no computation needs; sums of such windows and instants stay far within 64 bits.
  package static let longestWindow = TimeSpan.days(365 * 1000)

  // MARK: - What identity leaves out

  /// Returns whether a parameter says for whom, when or with which luck something is computed, and
  /// not what: it is no part of a node's identity. Only the parameters of a node themselves are
  /// asked, not what stands inside one of them.
  package static func isExcluded(_ name: String) -> Bool {
    excluded.contains(name) || name.hasPrefix("env_")
  }

  private static let excluded: Set = [
    "world", "world_id", "world_ids", "worlds", "execution_world", "execution_domain", "domain",
    "domains", "as_of", "partition", "dataset_fingerprint", "timestamp", "seed", "random_state",
    "env",
  ]

  // MARK: - Canonical form

  private struct ParameterDefect: Error { let reason: String }

  private static func canonical(_ value: JSONValue) throws(ParameterDefect) -> JSONValue {
    switch value {
    case .number(let number) where !number.isFinite:
      throw ParameterDefect(reason: "a parameter is \(number)")
    case .array(let elements):
      var canonicals: [JSONValue] = []
      for element in elements { canonicals.append(try canonical(element)) }
      return .array(canonicals)
    case .object(let members):
      var canonicals: [JSONValue.Member] = []
      for member in members {
        canonicals.append(.init(member.name, try canonical(member.value)))
      }
      canonicals.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      for (left, right) in zip(canonicals, canonicals.dropFirst()) where left.name == right.name {
        throw ParameterDefect(reason: "the parameter \(left.name) is given twice")
      }
      return .object(canonicals)
    default: return value
    }
  }

  /// The node as a JSON object with members sorted by name; its compact text is what the identity
  /// digests.
  package var json: JSONValue {
    Self.json(
      kind, code: code, parameters: parameters, period: period, interval: interval,
      dependencies: dependencies, schema: schema)
  }

  private static func json(
    _ kind: NodeKind, code: String, parameters: JSONValue, period: Int, interval: TimeSpan,
    dependencies: [NodeID], schema: String
  ) -> JSONValue {
    [
      "code": .string(code), "dependencies": .strings(dependencies.map(\.description)),
      "interval_ms": .integer(Int(interval.milliseconds)), "kind": .string(kind.rawValue),
      "parameters": parameters, "period": .integer(period), "schema": .string(schema),
    ]
  }
}
