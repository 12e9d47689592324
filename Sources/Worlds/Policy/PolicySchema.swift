package import Essentials

/// The JSON Schema (draft 2020-12) of `world.yml`, for editors that complete and check while one
/// writes. It is made of the same table of keys as the reader and says what can be said of a key by
/// itself; expressions and contradictions are the reader's.
package enum PolicySchema {
  /// The schema; the same text every time.
  package static let json: JSONValue = .object(
    [
      JSONValue.Member("$schema", "https://json-schema.org/draft/2020-12/schema"),
      JSONValue.Member("$id", .string("urn:athanor:\(PolicyKeys.schemaName)")),
      JSONValue.Member("title", "A world's policy"),
      JSONValue.Member("description", "What a world demands before a strategy may trade."),
    ] + PolicyKeys.policy.schema + [JSONValue.Member("$defs", ["gate": gate])])

  private static let gate: JSONValue = {
    let itself: JSONValue = ["$ref": "#/$defs/gate"]
    let list: JSONValue = ["type": "array", "items": itself]
    func only(_ name: String, _ schema: JSONValue) -> JSONValue {
      .object([
        JSONValue.Member("type", "object"),
        JSONValue.Member("properties", .object([JSONValue.Member(name, schema)])),
        JSONValue.Member("required", .strings([name])),
        JSONValue.Member("additionalProperties", .bool(false)),
      ])
    }
    let sides: JSONValue = .object([
      JSONValue.Member("type", "object"),
      JSONValue.Member("properties", ["long": itself, "short": itself]),
      JSONValue.Member("additionalProperties", .bool(false)),
    ])
    return [
      "description":
        "A condition: an expression, a list of which all must hold, or one of and, or, not, side.",
      "anyOf": .array([
        ["type": .strings(["string", "boolean"])], list, only("and", list), only("or", list),
        only("not", itself), only("side", sides),
      ]),
    ]
  }()

  /// The schema of a mapping with the given keys and no others. Defaults are those of `start`.
  static func mapping<Root>(
    of members: [PolicyMember<Root>], required: [String], start: Root? = nil
  ) -> [JSONValue.Member] {
    let properties = members.map { member in
      var schema = [JSONValue.Member("description", .string(member.meaning))] + member.schema
      if let start, !required.contains(member.name), let value = member.write(start) {
        schema.append(JSONValue.Member("default", value))
      }
      return JSONValue.Member(member.name, .object(schema))
    }
    return [
      JSONValue.Member("type", .strings(required.isEmpty ? ["object", "null"] : ["object"])),
      JSONValue.Member("properties", .object(properties)),
      JSONValue.Member("required", .strings(required)),
      JSONValue.Member("additionalProperties", .bool(false)),
    ]
  }
}
