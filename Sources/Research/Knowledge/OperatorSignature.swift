package import Essentials

/// How an operator is called and what it does, as prompts tell it.
package struct OperatorSignature: Hashable, Sendable, ReadableDocument {
  package var name: String
  /// The call, such as `ts_mean(x, d)`.
  package var definition: String
  package var scope: [String]
  package var category: String
  package var meaning: String

  package init(_ row: MetadataCatalogue.Operator) {
    (name, definition, scope) = (row.name, row.signature, row.scope)
    (category, meaning) = (row.category, row.meaning)
  }

  package init(reading reader: inout DocumentReader) {
    name = reader.requiredText("name")
    definition = reader.line("definition") ?? ""
    scope = reader.texts("scope") ?? []
    category = reader.line("category") ?? ""
    meaning = reader.line("description") ?? ""
  }

  package var json: JSONValue {
    [
      "name": .string(name), "definition": .string(definition), "scope": .strings(scope),
      "category": .string(category), "description": .string(meaning),
    ]
  }
}
