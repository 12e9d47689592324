import AlphaLanguage
import Essentials
import Services

/// The formulas of a sheet that were refused, each shown at its place in the sheet.
struct RefusedFormulas: DiagnosedFailure {
  /// More are counted, not shown.
  static let shownMax = 25

  let diagnosedText: String
  let diagnosedName: String
  let diagnostics: [Diagnostic]
  let key: String
  let explanation: String
  let remedy: String

  var outcome: FailureOutcome { .refused }

  /// Nil where nothing was refused.
  init?(_ checked: CheckedSheet) {
    guard let first = checked.rejected.first else { return nil }
    let shown = checked.rejected.prefix(Self.shownMax)
    var diagnostics: [Diagnostic] = []
    var end = 0
    for rejected in shown {
      diagnostics += rejected.rejection.diagnostics.map { $0.moved(by: rejected.entry.offset) }
      // A formula that is too long to be read is too long to be shown.
      end =
        rejected.entry.offset + min(rejected.entry.formula.utf8.count, FormulaLimits.sourceBytes)
    }
    let more = checked.rejected.count - shown.count
    if more > 0 {
      diagnostics.append(
        Diagnostic(
          .error, code: "more_formulas",
          message: "\(more) more formulas are refused; --json lists them all",
          span: SourceSpan(start: end, end: end)))
    }
    self.diagnostics = diagnostics
    diagnosedText = String(decoding: checked.sheet.text.utf8.prefix(end), as: UTF8.self)
    diagnosedName = checked.sheet.title
    if checked.sheet.entries.count == 1 {
      key = first.rejection.key
      explanation = first.rejection.explanation
      remedy = first.rejection.remedy
    } else {
      key = "formulas_refused"
      explanation =
        "\(checked.rejected.count) of \(checked.sheet.entries.count) formulas are refused."
      remedy = "Correct them, or leave them out."
    }
  }
}

extension Diagnostic {
  fileprivate func moved(by offset: Int) -> Diagnostic {
    var moved = self
    moved.span = SourceSpan(start: span.start + offset, end: span.end + offset)
    return moved
  }
}
