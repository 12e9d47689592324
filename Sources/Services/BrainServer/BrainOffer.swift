import Backtesting
import Essentials
import Markets

/// What the server offers to choose from: the settings that its panel can serve.
struct BrainOffer: Hashable, Sendable {
  let universes: [String]
  let neutralizations: [String]

  static let instrumentType = "EQUITY"
  static let region = "USA"

  /// The universes of BRAIN by number, which a panel serves with its most traded instruments.
  private static let numbered = [3000, 1000, 500, 200]

  init(_ panel: Panel) {
    let hasVolume = panel.matrix("volume") != nil
    universes =
      (hasVolume ? Self.numbered.map { "TOP\($0)" } : []) + panel.universes.keys.sorted() + ["ALL"]
    neutralizations = SimulationSettings.Neutralization.allCases.filter { choice in
      choice.groupField.map { panel.group($0) != nil } ?? true
    }.map(\.rawValue)
  }

  /// What is wrong with a value of a setting, nil for nothing that the offer knows of.
  func complaint(_ name: String, _ value: JSONValue) -> String? {
    let choices: [String]
    switch name {
    case "instrumentType": choices = [Self.instrumentType]
    case "region": choices = [Self.region]
    case "neutralization": choices = neutralizations
    case "universe":
      // Any TOP and number may be asked for, as the panel's own simulator allows.
      guard let text = value.asText else {
        return "\"\(value.compactText)\" is not a valid choice."
      }
      if text.hasPrefix("TOP"), let count = Int(text.dropFirst(3)), count > 0,
        universes.contains("TOP3000")
      {
        return nil
      }
      choices = universes
    case "language": choices = ["FASTEXPR"]
    // There is no such limit here, and an alpha that was to have one would be another.
    case "maxPosition": choices = ["OFF"]
    case "delay":
      return value == .integer(0) || value == .integer(1)
        ? nil : "\"\(value.asText ?? value.compactText)\" is not a valid choice."
    case "decay":
      guard case .integer(let days) = value else { return "A valid integer is required." }
      return (0...SimulationSettings.decayLimit).contains(days)
        ? nil : "Ensure this value is from 0 to \(SimulationSettings.decayLimit)."
    default: return nil
    }
    guard let text = value.asText, choices.contains(text) else {
      return "\"\(value.asText ?? value.compactText)\" is not a valid choice."
    }
    return nil
  }

  /// The answer to `OPTIONS /simulations`, with choices that depend on instrument and region.
  var options: JSONValue {
    func choice(_ label: String, _ choices: JSONValue) -> JSONValue {
      ["type": "choice", "label": .string(label), "required": .bool(true), "choices": choices]
    }
    func list(_ values: [JSONValue]) -> JSONValue {
      .array(values.map { ["value": $0, "label": .string($0.asText ?? $0.compactText)] })
    }
    func byRegion(_ values: [JSONValue]) -> JSONValue {
      [
        "instrumentType": .object([
          .init(
            Self.instrumentType,
            ["region": .object([.init(Self.region, list(values))])])
        ])
      ]
    }
    let toggle: [JSONValue] = ["ON", "OFF"]
    return [
      "name": "Simulation List",
      "actions": [
        "POST": [
          "type": choice("Type", list(["REGULAR"])),
          "settings": [
            "type": "nested object",
            "children": [
              "instrumentType": choice("Instrument type", list([.string(Self.instrumentType)])),
              "region": choice(
                "Region",
                [
                  "instrumentType": .object([
                    .init(Self.instrumentType, list([.string(Self.region)]))
                  ])
                ]),
              "universe": choice("Universe", byRegion(universes.map { .string($0) })),
              "delay": choice("Delay", byRegion([1, 0])),
              "decay": [
                "type": "integer", "label": "Decay", "required": .bool(true), "min_value": 0,
                "max_value": .integer(SimulationSettings.decayLimit),
              ],
              "neutralization": choice(
                "Neutralization", byRegion(neutralizations.map { .string($0) })),
              "truncation": [
                "type": "float", "label": "Truncation", "required": .bool(true), "min_value": 0,
                "max_value": 1,
              ],
              "pasteurization": choice("Pasteurization", list(toggle)),
              "unitHandling": choice("Unit handling", list(["VERIFY"])),
              "nanHandling": choice("NaN handling", list(toggle)),
              "maxTrade": choice("Max trade", list(toggle)),
              "testPeriod": ["type": "string", "label": "Test period", "required": .bool(false)],
              "language": choice("Language", list(["FASTEXPR"])),
              "visualization": [
                "type": "boolean", "label": "Visualization", "required": .bool(false),
              ],
            ],
          ],
        ]
      ],
    ]
  }
}
