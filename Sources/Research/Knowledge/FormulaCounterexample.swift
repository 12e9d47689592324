package import Essentials

/// A formula that was found to fail when its pack was built, with what is wrong and how to mend it.
package struct FormulaCounterexample: Hashable, Sendable, ReadableDocument {
  package var expression: String
  /// The code of the error, such as `unknown_operator`.
  package var errorKey: String
  package var message: String
  package var fixHint: String

  package init(expression: String, errorKey: String, message: String, fixHint: String) {
    (self.expression, self.errorKey) = (expression, errorKey)
    (self.message, self.fixHint) = (message, fixHint)
  }

  package init(reading reader: inout DocumentReader) {
    expression = reader.line("expression") ?? ""
    errorKey = reader.requiredText("error_type")
    message = reader.requiredText("error_message")
    fixHint = reader.requiredText("fix_hint")
  }

  package var json: JSONValue {
    [
      "expression": .string(expression), "error_type": .string(errorKey),
      "error_message": .string(message), "fix_hint": .string(fixHint),
    ]
  }
}
