import AlphaLanguage
import Markets

/// The fields of the desk that repair is tested on: matrices, groupings, events, and one field that
/// looks ahead.
enum DeskFields {
  static let schema = PanelSchema(fields: [
    FieldDescription(name: "close", kind: .matrix, unit: .price),
    FieldDescription(name: "open", kind: .matrix, unit: .price),
    FieldDescription(name: "vwap", kind: .matrix, unit: .price),
    FieldDescription(name: "volume", kind: .matrix, unit: .share),
    FieldDescription(name: "returns", kind: .matrix),
    FieldDescription(name: "cap", kind: .matrix, unit: .money),
    FieldDescription(name: "sector", kind: .group),
    FieldDescription(name: "industry", kind: .group),
    FieldDescription(name: "nws", kind: .vector),
    FieldDescription(name: "next_return", kind: .matrix, leadRows: 1),
  ])

  static let checker = FormulaChecker(schema: schema)
}
