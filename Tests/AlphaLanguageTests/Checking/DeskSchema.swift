import AlphaLanguage
import Essentials
import Markets

/// The fields that the tests of formulas use: prices and volumes, groups, events, and one field
/// that looks into the future.
enum DeskSchema {
  static let schema = PanelSchema(fields: [
    FieldDescription(name: "open", kind: .matrix, unit: .price),
    FieldDescription(name: "high", kind: .matrix, unit: .price),
    FieldDescription(name: "low", kind: .matrix, unit: .price),
    FieldDescription(name: "close", kind: .matrix, unit: .price),
    FieldDescription(name: "volume", kind: .matrix, unit: .share),
    FieldDescription(name: "adv20", kind: .matrix, unit: .share),
    FieldDescription(name: "cap", kind: .matrix, unit: .money),
    FieldDescription(name: "returns", kind: .matrix),
    FieldDescription(name: "next_return", kind: .matrix, leadRows: 1),
    FieldDescription(name: "sector", kind: .group),
    FieldDescription(name: "industry", kind: .group),
    FieldDescription(name: "nws", kind: .vector),
  ])

  static let checker = FormulaChecker(schema: schema)

  static func check(_ source: String) throws(FormulaRejection) -> CheckedFormula {
    try checker.check(source)
  }

  /// The codes of the errors, in the order of the source; empty for a valid formula.
  static func errors(_ source: String) -> [Diagnostic] {
    do {
      _ = try check(source)
      return []
    } catch {
      return error.errors
    }
  }

  static func text(of span: SourceSpan, in source: String) -> String {
    String(decoding: Array(source.utf8)[span.start..<span.end], as: UTF8.self)
  }
}
