import AlphaLanguage
import Markets
import Services

extension Invocation {
  /// Checks the formulas of a sheet against the fields of a panel.
  func check(_ sheet: FormulaSheet, against panel: Panel) -> CheckedSheet {
    withProgress("Checking", total: sheet.entries.count, unit: "formulas") { reporter in
      CheckedSheet(sheet, by: FormulaChecker(schema: panel.schema)) {
        reporter.advance(to: $0)
      }
    }
  }
}
