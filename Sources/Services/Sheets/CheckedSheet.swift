package import AlphaLanguage
import Essentials

/// A sheet whose formulas were checked: what may be simulated, what means the same as an earlier
/// formula, and what was refused.
package struct CheckedSheet: Sendable {
  /// A formula that may be simulated, with those of the sheet that mean the same.
  package struct Accepted: Sendable {
    package let entry: FormulaSheet.Entry
    package let formula: CheckedFormula
    /// Later entries with the same fingerprint.
    package internal(set) var duplicates: [FormulaSheet.Entry] = []
  }

  /// A formula that was refused.
  package struct Rejected: Sendable {
    package let entry: FormulaSheet.Entry
    package let rejection: FormulaRejection
  }

  package let sheet: FormulaSheet
  /// Formulas of distinct meaning in the order of the sheet.
  package private(set) var accepted: [Accepted] = []
  package private(set) var rejected: [Rejected] = []

  /// Checks every formula of a sheet.
  ///
  /// Cost: tens of microseconds for a usual formula.
  /// - Parameter progress: called with the number of formulas that were read.
  package init(
    _ sheet: FormulaSheet, by checker: FormulaChecker, progress: ((Int) -> Void)? = nil
  ) {
    self.sheet = sheet
    var places: [Fingerprint: Int] = [:]
    for (index, entry) in sheet.entries.enumerated() {
      do throws(FormulaRejection) {
        let formula = try checker.check(entry.formula)
        if let place = places[formula.fingerprint] {
          accepted[place].duplicates.append(entry)
        } else {
          places[formula.fingerprint] = accepted.count
          accepted.append(Accepted(entry: entry, formula: formula))
        }
      } catch {
        rejected.append(Rejected(entry: entry, rejection: error))
      }
      progress?(index + 1)
    }
  }

  /// How many entries mean the same as an earlier one.
  package var duplicateCount: Int { accepted.reduce(0) { $0 + $1.duplicates.count } }

  /// The formulas to simulate with their names.
  package var formulas: [(name: String, formula: CheckedFormula)] {
    accepted.map { ($0.entry.name, $0.formula) }
  }
}
