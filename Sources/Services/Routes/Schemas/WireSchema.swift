package import Essentials
import Networking

/// Parts of JSON Schemas (draft 2020-12), for the description of what routes answer.
package enum WireSchema {
  /// A schema that stands among the components of the description.
  package static func reference(_ name: String) -> JSONValue {
    ["$ref": .string("#/components/schemas/\(name)")]
  }

  /// That schema, or null.
  package static func referenceOrNull(_ name: String, _ meaning: String) -> JSONValue {
    [
      "description": .string(meaning),
      "oneOf": .array([reference(name), ["type": "null"]]),
    ]
  }

  /// An object; all of its members are always there, others may be added by later versions.
  package static func object(
    _ meaning: String, _ members: [(name: String, schema: JSONValue)]
  ) -> JSONValue {
    [
      "type": "object", "description": .string(meaning),
      "required": .strings(members.map(\.name)),
      "properties": .object(members.map { .init($0.name, $0.schema) }),
    ]
  }

  /// An object whose members somebody else decides, or null.
  package static func anythingOrNull(_ meaning: String) -> JSONValue {
    typed(["object", "null"], meaning)
  }

  /// An array whose elements all fit one schema.
  package static func list(_ meaning: String, of element: JSONValue) -> JSONValue {
    ["type": "array", "description": .string(meaning), "items": element]
  }

  /// A string.
  package static func text(_ meaning: String) -> JSONValue { typed(["string"], meaning) }

  /// A string, or null where there is none.
  package static func textOrNull(_ meaning: String) -> JSONValue {
    typed(["string", "null"], meaning)
  }

  /// One of some words.
  package static func word(_ meaning: String, _ words: [String]) -> JSONValue {
    ["type": "string", "description": .string(meaning), "enum": .strings(words)]
  }

  /// An instant in UTC with microseconds, such as `2026-11-20T09:30:00.000000+00:00`.
  package static func instant(_ meaning: String) -> JSONValue {
    ["type": "string", "format": "date-time", "description": .string(meaning)]
  }

  /// An instant, or null where nothing happened.
  package static func instantOrNull(_ meaning: String) -> JSONValue {
    [
      "type": .strings(["string", "null"]), "format": "date-time", "description": .string(meaning),
    ]
  }

  /// A number without a fraction.
  package static func whole(_ meaning: String) -> JSONValue { typed(["integer"], meaning) }

  /// A number without a fraction, or null where nobody knows it.
  package static func wholeOrNull(_ meaning: String) -> JSONValue {
    typed(["integer", "null"], meaning)
  }

  /// A number.
  package static func number(_ meaning: String) -> JSONValue { typed(["number"], meaning) }

  /// A number, or null where nobody knows it.
  package static func numberOrNull(_ meaning: String) -> JSONValue {
    typed(["number", "null"], meaning)
  }

  /// True or false.
  package static func flag(_ meaning: String) -> JSONValue { typed(["boolean"], meaning) }

  /// True or false, or null where nobody knows.
  package static func flagOrNull(_ meaning: String) -> JSONValue {
    typed(["boolean", "null"], meaning)
  }

  private static func typed(_ types: [String], _ meaning: String) -> JSONValue {
    [
      "type": types.count == 1 ? .string(types[0]) : .strings(types),
      "description": .string(meaning),
    ]
  }
}

extension AnswerContract {
  /// An answer whose schema stands among the components of the description.
  static func of(_ schema: String, _ meaning: String) -> AnswerContract {
    AnswerContract(200, meaning, schema: WireSchema.reference(schema))
  }
}
