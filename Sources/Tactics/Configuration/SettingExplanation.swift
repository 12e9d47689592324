package import Essentials

/// What a setting is, what it says, and who said so.
package struct SettingExplanation: Sendable, CustomStringConvertible {
  /// One value of the setting: the one for all regimes, or for some.
  package struct Value: Hashable, Sendable {
    /// Nil where the value holds in all regimes that say nothing of their own.
    package var regime: RegimeSuffix?
    package var value: SettingValue
    package var origin: SettingOrigin
    /// What the shipped default is; nil where there is none for the regime.
    package var shipped: SettingValue?
    /// What earlier layers said, first to last.
    package var overruled: [Overruled]
  }

  /// A value that a later layer took the place of.
  package struct Overruled: Hashable, Sendable {
    package var value: SettingValue
    package var origin: SettingOrigin

    init(_ value: SettingValue, _ origin: SettingOrigin) {
      self.value = value
      self.origin = origin
    }
  }

  package var key: SettingKey
  package var values: [Value]

  /// The explanation for people, a line each.
  package var description: String {
    var lines = [
      "\(key.path)  (\(key.specificationName))", key.meaning,
      key.kind.instruction + (key.unit.isEmpty ? "" : " Unit: \(key.unit)."),
    ]
    for value in values {
      let name = value.regime.map { "in \($0.name)" } ?? (key.varies ? "otherwise" : "value")
      lines.append("\(name): \(value.value)  from \(value.origin)")
      lines += value.overruled.map { "  overruled: \($0.value)  from \($0.origin)" }
      if value.origin != .shipped, let shipped = value.shipped {
        lines.append("  shipped default: \(shipped)")
      }
    }
    return lines.joined(separator: "\n")
  }

  package var json: JSONValue {
    [
      "key": .string(key.path), "specification_name": .string(key.specificationName),
      "kind": .string(key.kind.name), "unit": .string(key.unit),
      "meaning": .string(key.meaning), "instruction": .string(key.kind.instruction),
      "values": .array(
        values.map { value in
          [
            "regime": value.regime.map { .string($0.name) } ?? .null, "value": value.value.json,
            "origin": Self.json(value.origin), "shipped": value.shipped?.json ?? .null,
            "overruled": .array(
              value.overruled.map {
                ["value": $0.value.json, "origin": Self.json($0.origin)]
              }),
          ]
        }),
    ]
  }

  private static func json(_ origin: SettingOrigin) -> JSONValue {
    [
      "layer": .string(origin.layer.rawValue), "document": .string(origin.document),
      "line": .integer(origin.line),
    ]
  }
}
