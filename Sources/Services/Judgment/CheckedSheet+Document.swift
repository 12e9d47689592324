import AlphaLanguage
package import Essentials

extension CheckedSheet {
  /// Every formula of the sheet as a JSON object: those that may run, with their name and line, those
  /// that mean the same as another, and those that were refused.
  package func document(panelName: String) -> JSONValue {
    let formulas = accepted.map { accepted -> JSONValue in
      guard case .object(let members) = accepted.formula.json else {
        preconditionFailure("the document of a formula is an object")
      }
      return .object(
        [
          .init("name", .string(accepted.entry.name)),
          .init("line", .integer(accepted.entry.line)),
        ] + members)
    }
    return [
      "panel": .string(panelName), "formulas": .array(formulas),
      "duplicates": duplicatesDocument, "refused": rejectedDocument,
    ]
  }

  /// The refused formulas as a JSON array.
  package var rejectedDocument: JSONValue {
    .array(
      rejected.map { rejected in
        [
          "name": .string(rejected.entry.name), "line": .integer(rejected.entry.line),
          "error": .string(rejected.rejection.key),
          "signature": .string(rejected.rejection.signature),
          "diagnostics": .array(rejected.rejection.diagnostics.map(\.json)),
        ]
      })
  }

  /// The formulas that mean the same as an earlier one, as a JSON array.
  package var duplicatesDocument: JSONValue {
    .array(
      accepted.flatMap { accepted in
        accepted.duplicates.map { duplicate in
          [
            "name": .string(duplicate.name), "line": .integer(duplicate.line),
            "sameAs": .string(accepted.entry.name),
            "sameAsLine": .integer(accepted.entry.line),
          ]
        }
      })
  }
}

extension Diagnostic {
  /// The finding as a JSON object; `start` and `end` count bytes of the formula from 0.
  package var json: JSONValue {
    [
      "severity": .string(severity.rawValue), "code": .string(code),
      "message": .string(message), "start": .integer(span.start), "end": .integer(span.end),
      "remedy": remedy.map(JSONValue.string) ?? .null,
    ]
  }
}
