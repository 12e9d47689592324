package import Essentials

/// Every setting of the tactics. Reading, the schema, explanations and the fingerprint all follow
/// this table.
package enum SettingKeys {
  /// All rows, in the order in which a document would be written.
  package static let all: [SettingKey] =
    market + costs + choice + direction + size + event + exitCommon + exitEvent + exitScores
    + exitLosses + exitAccount + leverage + leverageCaution + sizing + quality
    + signals + outlook + trading

  /// Rows by the path of ours and by the name of the specification.
  static let byName: [String: SettingKey] = {
    var keys: [String: SettingKey] = [:]
    for key in all {
      keys[key.path] = key
      keys[key.specificationName] = key
    }
    return keys
  }()

  /// The paths that stand above others, such as `entry.costs`.
  static let groups: Set<String> = {
    var groups: Set<String> = []
    for key in all {
      var path = key.path[...]
      while let dot = path.lastIndex(of: ".") {
        path = path[..<dot]
        groups.insert(String(path))
      }
    }
    return groups
  }()

  /// Finds a row by a name of either kind, and the suffix that the name ends with.
  package static func find(_ name: String) -> (key: SettingKey, suffix: RegimeSuffix?)? {
    if let key = byName[name] { return (key, nil) }
    for suffix in RegimeSuffix.allCases {
      let ends = ["_" + suffix.rawValue, "." + suffix.name]
      for end in ends where name.hasSuffix(end) {
        if let key = byName[String(name.dropLast(end.count))], key.varies { return (key, suffix) }
      }
    }
    return nil
  }

  /// The name of a setting that is the same in all regimes, given with the suffix of one; nil for
  /// any other name.
  static func withoutSuffix(_ name: String) -> String? {
    for suffix in RegimeSuffix.allCases {
      let ends = ["_" + suffix.rawValue, "." + suffix.name]
      for end in ends where name.hasSuffix(end) {
        let rest = String(name.dropLast(end.count))
        if byName[rest]?.varies == false { return rest }
      }
    }
    return nil
  }

  /// All names that a document may say, for suggestions.
  package static var names: [String] { all.flatMap { [$0.path, $0.specificationName] } }

  /// A JSON Schema (2020-12) of one document with the paths of ours.
  package static var schema: JSONValue {
    func node(_ prefix: String) -> JSONValue {
      var members: [JSONValue.Member] = []
      var seen: Set<String> = []
      for key in all where prefix.isEmpty || key.path.hasPrefix(prefix + ".") {
        let rest = key.path.dropFirst(prefix.isEmpty ? 0 : prefix.utf8.count + 1)
        let name = String(rest.prefix { $0 != "." })
        guard seen.insert(name).inserted else { continue }
        let path = prefix.isEmpty ? name : prefix + "." + name
        members.append(JSONValue.Member(name, byName[path].map(leaf) ?? node(path)))
      }
      return [
        "type": "object", "additionalProperties": .bool(false), "properties": .object(members),
      ]
    }
    func leaf(_ key: SettingKey) -> JSONValue {
      let meaning = JSONValue.Member("description", .string(key.meaning))
      guard key.varies else { return .object([meaning] + key.kind.schema) }
      let regimes = (["default"] + RegimeSuffix.allCases.map(\.name)).map {
        JSONValue.Member($0, .object(key.kind.schema))
      }
      return .object([
        meaning,
        JSONValue.Member(
          "anyOf",
          .array([
            .object(key.kind.schema),
            [
              "type": "object", "additionalProperties": .bool(false),
              "properties": .object(regimes),
            ],
          ])),
      ])
    }
    return node("")
  }

  /// Units that many rows share.
  enum Unit {
    static let fraction = "fraction of notional"
    static let share = "share"
    static let probability = "probability"
    static let equity = "fraction of equity"
    static let quote = "quote currency"
    static let count = "count"
    static let leverage = "times"
  }
}
