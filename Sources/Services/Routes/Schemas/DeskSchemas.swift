package import Essentials

/// The JSON Schemas of what the routes of the desk answer, by name.
package enum DeskSchemas {
  /// A schema, or a member of one, with its name.
  package typealias Named = (name: String, schema: JSONValue)

  /// All of them, in the order of the description.
  package static var all: [Named] { server + runs + gauges + candidates + formulas }

  private static var server: [Named] {
    [
      (
        "Health", WireSchema.object("That the server is there.", [("ok", WireSchema.flag("True."))])
      ),
      (
        "Readiness",
        WireSchema.object(
          "Whether the desk can do its work.",
          [
            ("ready", WireSchema.flag("Whether all checks are well.")),
            (
              "checks",
              WireSchema.list(
                "What was looked at.",
                of: WireSchema.object(
                  "One check.",
                  [
                    ("name", WireSchema.text("What was looked at, such as journal.")),
                    ("ok", WireSchema.flag("Whether it is well.")),
                    ("detail", WireSchema.text("What was found.")),
                  ]))
            ),
          ])
      ),
    ]
  }

  private static var formulas: [Named] {
    [
      (
        "FormulaWord",
        WireSchema.object(
          "A word of a formula. Offsets count UTF-16 code units, as JavaScript does.",
          [
            ("start", WireSchema.whole("Where it begins.")),
            ("end", WireSchema.whole("Behind its last unit.")),
            (
              "class",
              WireSchema.word(
                "What it is.",
                [
                  "operator", "field", "number", "string", "name", "punctuation", "comment",
                  "keyword", "error",
                ])
            ),
          ])
      ),
      (
        "FormulaFinding",
        WireSchema.object(
          "Something that was found in a formula. Offsets count UTF-16 code units.",
          [
            ("severity", WireSchema.word("Whether it must be mended.", ["error", "warning"])),
            ("code", WireSchema.text("A stable name, such as unknown_operator.")),
            ("message", WireSchema.text("What is wrong, in one sentence.")),
            ("remedy", WireSchema.textOrNull("What to write instead, where that is known.")),
            ("start", WireSchema.whole("Where it begins.")),
            ("end", WireSchema.whole("Behind its last unit.")),
          ])
      ),
      (
        "FormulaReading",
        WireSchema.object(
          "A formula as an editor shows it.",
          [("panel", WireSchema.text("The panel whose fields the formula may read."))] + reading)
      ),
    ]
  }

  /// The members that a formula's reading has wherever it is shown.
  static var reading: [Named] {
    [
      ("valid", WireSchema.flagOrNull("Whether the formula may run; null without its panel.")),
      (
        "tokens",
        WireSchema.list(
          "The words in order, without overlaps.", of: WireSchema.reference("FormulaWord"))
      ),
      (
        "diagnostics",
        WireSchema.list(
          "Everything that was found, in the order of the text.",
          of: WireSchema.reference("FormulaFinding"))
      ),
    ]
  }

  /// The body of `POST /api/formulas/check`.
  static let formulaQuestion: JSONValue = [
    "type": "object", "required": .strings(["expression"]), "additionalProperties": .bool(false),
    "properties": [
      "expression": WireSchema.text("The formula; at most 65,536 bytes of UTF-8 are read."),
      "panel": WireSchema.textOrNull(
        "The panel whose fields it may read; us-equities where none is named and it is there."),
    ],
  ]
}
