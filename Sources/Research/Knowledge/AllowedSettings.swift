import Backtesting
package import Essentials

/// The values that simulation settings may take, with what each choice depends on.
package struct AllowedSettings: Hashable, Sendable, ReadableDocument {
  /// Values of a setting that hold under a condition.
  package struct Choice: Hashable, Sendable, ReadableDocument {
    /// The setting, such as `universe`.
    package var key: String
    /// The settings that must have these values, outermost first; none where the choice always holds.
    package var conditions: [Condition]
    package var values: [String]

    package init(key: String, conditions: [Condition] = [], values: [String]) {
      (self.key, self.conditions, self.values) = (key, conditions, values)
    }

    package init(reading reader: inout DocumentReader) {
      key = reader.requiredText("key")
      conditions = reader.documents("when") ?? []
      values = reader.texts("values") ?? []
    }

    package var json: JSONValue {
      [
        "key": .string(key), "when": .array(conditions.map(\.json)), "values": .strings(values),
      ]
    }
  }

  /// One setting that must have one value.
  package struct Condition: Hashable, Sendable, ReadableDocument {
    package var key: String
    package var value: String

    package init(key: String, value: String) {
      (self.key, self.value) = (key, value)
    }

    package init(reading reader: inout DocumentReader) {
      key = reader.requiredText("key")
      value = reader.requiredText("value")
    }

    package var json: JSONValue { ["key": .string(key), "value": .string(value)] }
  }

  /// When the values were asked for, as the source says; empty where it does not.
  package var snapshotDate: String
  package var source: String
  package var choices: [Choice]

  package init(snapshotDate: String, source: String, choices: [Choice]) {
    (self.snapshotDate, self.source, self.choices) = (snapshotDate, source, choices)
  }

  package init(reading reader: inout DocumentReader) {
    snapshotDate = reader.line("snapshot_date") ?? ""
    source = reader.line("source") ?? ""
    reader.requireMember("choices")
    choices = reader.documents("choices") ?? []
  }

  package var json: JSONValue {
    [
      "version": "v1", "snapshot_date": .string(snapshotDate), "source": .string(source),
      "allowed": allowed(where: { _ in nil }), "choices": .array(choices.map(\.json)),
    ]
  }

  /// The settings by name with every value that any condition allows, or, where `known` gives a
  /// setting's value, only those that go with it.
  private func allowed(where known: (String) -> String?) -> JSONValue {
    var members: [JSONValue.Member] = []
    for choice in choices {
      let holds = choice.conditions.allSatisfy { condition in
        known(condition.key).map { $0.uppercased() == condition.value.uppercased() } ?? true
      }
      guard holds else { continue }
      let place = members.firstIndex { $0.name == choice.key } ?? members.count
      if place == members.count { members.append(.init(choice.key, .array([]))) }
      guard case .array(let before) = members[place].value else { continue }
      let more = choice.values.map(JSONValue.string).filter { !before.contains($0) }
      members[place].value = .array(before + more)
    }
    return .object(members)
  }

  /// What may be chosen in one market: values of other regions never mix in.
  package func allowed(in target: SimulationTarget) -> JSONValue {
    allowed { key in
      switch key {
      case "instrumentType": target.instrumentType
      case "region": target.region
      default: nil
      }
    }
  }

  /// What the local simulator understands, whatever the market is called.
  package static let local = AllowedSettings(
    snapshotDate: "", source: "local simulator",
    choices: [
      Choice(key: "delay", values: ["0", "1"]),
      Choice(
        key: "neutralization", values: SimulationSettings.Neutralization.allCases.map(\.rawValue)),
      Choice(key: "pasteurization", values: SimulationSettings.Toggle.allCases.map(\.rawValue)),
      Choice(key: "nanHandling", values: SimulationSettings.Toggle.allCases.map(\.rawValue)),
      Choice(key: "maxTrade", values: SimulationSettings.Toggle.allCases.map(\.rawValue)),
      Choice(key: "unitHandling", values: SimulationSettings.UnitHandling.allCases.map(\.rawValue)),
      Choice(key: "language", values: ["FASTEXPR"]),
    ])
}

// MARK: - BRAIN

extension AllowedSettings {
  /// The settings that are kept of BRAIN's answer.
  static let keys = ["instrumentType", "region", "universe", "neutralization", "delay", "language"]

  /// Reads `simulations_options.json`: `{"date", "allowed", "raw"}`, where `raw` is what
  /// `OPTIONS /simulations` answered. Without `raw` the flat lists of `allowed` are taken.
  package init(optionsText text: String, path: String) throws(DocumentFailure) {
    let remedy = "Run `athanor sync-options` again."
    let json = try JSONValue(text: text, document: path, remedy: remedy)
    let body = json["raw"] ?? json
    let settings =
      body["actions"]?["POST"]?["settings"]?["children"] ?? body["settings"]?["children"]
    var choices: [Choice] = []
    for key in Self.keys {
      if let offered = settings?[key]?["choices"] {
        choices += Self.flattened(offered, key: key, conditions: [])
      } else if case .array(let values)? = json["allowed"]?[key] {
        choices.append(Choice(key: key, values: values.compactMap(Self.word)))
      }
    }
    guard choices.contains(where: { !$0.values.isEmpty }) else {
      throw DocumentFailure(
        document: path, explanation: "The document offers no choices of settings.", remedy: remedy)
    }
    var date = ""
    if case .string(let text)? = json["date"] { date = text }
    self.init(snapshotDate: date, source: path, choices: choices)
  }

  /// Choices are a list of `{"value", "label"}`, or a tree such as
  /// `{"instrumentType": {"EQUITY": {"region": {"USA": [...]}}}}`, in which names of settings and
  /// their values alternate.
  private static func flattened(
    _ value: JSONValue, key: String, conditions: [Condition]
  ) -> [Choice] {
    switch value {
    case .array(let elements):
      let values = elements.compactMap { word($0["value"] ?? $0) }
      return [Choice(key: key, conditions: conditions, values: values)]
    case .object(let settings):
      return settings.flatMap { setting -> [Choice] in
        guard case .object(let cases) = setting.value else { return [] }
        return cases.flatMap { member in
          flattened(
            member.value, key: key,
            conditions: conditions + [Condition(key: setting.name, value: member.name)])
        }
      }
    default: return []
    }
  }

  private static func word(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .integer, .number: value.compactText
    default: nil
    }
  }
}
