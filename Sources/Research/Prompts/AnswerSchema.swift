import Essentials

/// The JSON Schemas of answers, strict: every property is required and none may be added.
enum AnswerSchema {
  /// An ``IdeaSpec``.
  static let idea = object([
    ("idea_id", text), ("hypothesis", text), ("theme_tags", texts),
    (
      "target",
      object([
        ("instrumentType", text), ("region", text), ("universe", text), ("delay", whole),
      ])
    ),
    ("candidate_datasets", texts), ("keywords_for_retrieval", texts),
    ("candidate_subcategories", texts), ("retrieval_context_id", textOrNull),
    ("exploration_intent", textOrNull),
  ])

  /// A ``CandidateAlpha``.
  static let candidate = object([
    ("idea_id", text), ("alpha_id", textOrNull),
    (
      "simulation_settings",
      object([
        ("type", word(["REGULAR"])), ("settings", settings), ("regular", text),
        ("selection", textOrNull), ("combo", textOrNull),
      ])
    ),
    (
      "generation_notes",
      object([
        ("used_fields", texts), ("used_operators", texts),
        ("candidate_lane", word(["exploit", "explore"])),
      ])
    ),
  ])

  /// Several candidates, each a ``ShortCandidate``.
  static let candidates = object([
    (
      "candidates",
      [
        "type": "array",
        "items": object([
          ("regular", text), ("candidate_lane", word(["exploit", "explore"])),
        ]),
      ]
    )
  ])

  private static let settings = object([
    ("instrumentType", text), ("region", text), ("universe", text), ("delay", whole),
    ("decay", whole), ("neutralization", text), ("truncation", ["type": "number"]),
    ("maxTrade", toggle), ("pasteurization", toggle), ("testPeriod", text),
    ("unitHandling", text), ("nanHandling", toggle), ("language", word(["FASTEXPR"])),
    ("visualization", ["type": "boolean"]),
  ])

  private static let text: JSONValue = ["type": "string"]
  private static let textOrNull: JSONValue = ["type": .strings(["string", "null"])]
  private static let texts: JSONValue = ["type": "array", "items": ["type": "string"]]
  private static let whole: JSONValue = ["type": "integer"]
  private static let toggle = word(["ON", "OFF"])

  private static func word(_ words: [String]) -> JSONValue {
    ["type": "string", "enum": .strings(words)]
  }

  private static func object(_ properties: [(String, JSONValue)]) -> JSONValue {
    [
      "type": "object",
      "properties": .object(properties.map { JSONValue.Member($0.0, $0.1) }),
      "required": .strings(properties.map(\.0)),
      "additionalProperties": .bool(false),
    ]
  }
}
