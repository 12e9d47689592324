package import AlphaLanguage
package import Essentials

extension OperatorEntry {
  /// What the catalogue knows of the operator as a JSON object.
  package var json: JSONValue {
    [
      "name": .string(name),
      "signature": .string(signature),
      "category": .string(category.rawValue),
      "tier": .string(tier.rawValue),
      "scope": .strings(scopes.map(\.rawValue)),
      "result": .string(result.rawValue),
      "meaning": .string(meaning),
      "formula": .string(formula),
      "missing": .string(missing.text),
      "ties": ties.map(JSONValue.string) ?? .null,
      "reach": .string(reach.text),
      "unit": .string(units.text),
      "cost": .string(cost.rawValue),
      "parameters": .array(
        parameters.map {
          [
            "name": .string($0.name), "takes": .string($0.kind.text),
            "required": .bool($0.standard == nil), "repeats": .bool($0.isVariadic),
            "byNameOnly": .bool($0.isNamedOnly),
          ]
        }),
    ]
  }
}

extension ReachRule {
  /// Which rows a result depends on, as a phrase.
  package var text: String {
    switch self {
    case .row: "the same row"
    case .previous: "the same row and the one before"
    case .delayed: "the one row that lies d rows back"
    case .rowAndDelayed: "the same row and the one that lies d rows back"
    case .window: "a window of d rows: the same row and the d - 1 before it"
    case .windowOfChanges: "a window of d rows and one more before it, for changes within it"
    case .windowAndPrevious: "a window of d rows, and at least the row before"
    case .windowAndLag: "a window of d rows and lag further ones"
    case .daysAndLag: "days and lag further rows"
    case .period: "a window of period rows and one more"
    case .history: "all earlier rows: the operator holds state"
    }
  }
}

extension UnitRule {
  /// How the unit of the result follows from those of the inputs, as a phrase.
  package var text: String {
    switch self {
    case .kept: "that of the first input"
    case .ofSecond: "that of the second input"
    case .agreeing: "that of the inputs, which should agree"
    case .comparing: "none; the inputs should agree"
    case .choice: "that of the last two inputs, which should agree"
    case .product: "the product of the inputs' units"
    case .quotient: "the quotient of the inputs' units"
    case .inverse: "the inverse of the input's unit"
    case .root: "the root of the input's unit"
    case .power: "the input's unit raised to the exponent, where that is a whole constant"
    case .dimensionless: "none"
    case .dimensionlessInput: "none; the input should have none"
    case .dimensionlessIfInputIs: "none where the input has none, otherwise not known"
    case .regression: "by what rettype returns"
    case .unknown: "not known"
    }
  }
}

extension OperatorParameter.Kind {
  /// What may be written in the parameter's place, as a phrase.
  package var text: String {
    switch self {
    case .matrix: "a number for each row and instrument"
    case .group: "a grouping, such as sector"
    case .groupOrMatrix: "a grouping, or numbers whose distinct values are classes"
    case .vector: "a field of events"
    case .window(let minimum): "a whole number of rows, at least \(minimum)"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let domain): domain.requirement
    case .flag: "true or false"
    case .word(let words): "one of \(words.joined(separator: ", "))"
    case .wordOrNumber(let words): "one of \(words.joined(separator: ", ")), or a number"
    case .numbers: "numbers in one string"
    }
  }
}
