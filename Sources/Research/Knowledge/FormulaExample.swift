package import Essentials

/// A formula that was checked when its pack was built, and what can be learned from it.
package struct FormulaExample: Hashable, Sendable, ReadableDocument {
  package var expression: String
  /// What the formula expresses, in one sentence.
  package var lesson: String
  /// What it is made of, such as `timeseries-window`.
  package var tags: [String]
  /// Sorted.
  package var usedFields: [String]
  /// The operators that are called by name, sorted; `a - b` calls none.
  package var usedOperators: [String]
  /// The subcategories of its fields, sorted.
  package var subcategories: [String]
  /// Where the formula comes from.
  package var source: String

  package init(
    expression: String, lesson: String, tags: [String], usedFields: [String],
    usedOperators: [String], subcategories: [String], source: String
  ) {
    (self.expression, self.lesson, self.tags) = (expression, lesson, tags)
    (self.usedFields, self.usedOperators) = (usedFields, usedOperators)
    (self.subcategories, self.source) = (subcategories, source)
  }

  package init(reading reader: inout DocumentReader) {
    expression = reader.requiredText("expression")
    lesson = reader.line("lesson") ?? ""
    tags = reader.texts("tags") ?? []
    usedFields = reader.texts("used_fields") ?? []
    usedOperators = reader.texts("used_operators") ?? []
    subcategories = reader.texts("subcategory_tags") ?? []
    source = reader.line("source") ?? ""
  }

  package var json: JSONValue {
    [
      "expression": .string(expression), "lesson": .string(lesson), "tags": .strings(tags),
      "used_fields": .strings(usedFields), "used_operators": .strings(usedOperators),
      "subcategory_tags": .strings(subcategories), "source": .string(source),
      "validation_passed": .bool(true),
    ]
  }
}
