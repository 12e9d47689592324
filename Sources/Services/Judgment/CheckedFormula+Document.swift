package import AlphaLanguage
package import Essentials
import Markets

extension CheckedFormula {
  /// What is known of the formula as a JSON object. `lookBackRows` is `null` for a formula that holds
  /// state and so depends on all of history.
  package var json: JSONValue {
    var rows: JSONValue = .null
    if case .rows(let count) = lookBack { rows = .integer(count) }
    return [
      "code": .string(source),
      "canonicalCode": .string(canonicalText),
      "formula": .string(fingerprint.hexadecimal),
      "type": .string(FieldDescription.Kind.matrix.rawValue),
      "unit": unit.map { .string($0.description) } ?? .null,
      "lookBackRows": rows,
      "latestLead": .integer(latestLead),
      "operatorCount": .integer(complexity.operators),
      "fieldCount": .integer(complexity.fields),
      "nodeCount": .integer(complexity.nodes),
      "depth": .integer(complexity.depth),
      "fields": .strings(fields),
      "warnings": .array(warnings.map(\.json)),
    ]
  }
}
