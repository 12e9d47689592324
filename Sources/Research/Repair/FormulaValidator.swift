package import AlphaLanguage
import Essentials
import Markets

/// Checks formulas and the settings they come with, and reports in one form on both.
package struct FormulaValidator: Sendable {
  package let checker: FormulaChecker
  /// Nil where any settings are accepted.
  package let allowedSettings: AllowedSettings?

  package init(checker: FormulaChecker, allowedSettings: AllowedSettings? = nil) {
    self.checker = checker
    self.allowedSettings = allowedSettings
  }

  /// Reports on a candidate: its formula and its settings.
  package func report(on candidate: CandidateAlpha) -> ValidationReport {
    report(on: candidate.formula, settings: candidate.simulation.settings)
  }

  /// Reports on a text.
  package func report(
    on source: String, as type: ValidationReport.AlphaType = .regular,
    settings: CandidateSettings? = nil
  ) -> ValidationReport {
    let violations = settings.flatMap { allowedSettings?.violations(of: $0) } ?? []
    let outline = FormulaOutline(source)
    var diagnostics: [Diagnostic]
    var formula: CheckedFormula?
    switch type {
    case .regular:
      do {
        let checked = try checker.check(source)
        formula = violations.isEmpty ? checked : nil
        diagnostics = checked.warnings
      } catch {
        diagnostics = error.diagnostics
      }
    case .combo, .selection: diagnostics = superficialFindings(outline, type)
    }
    let errors = diagnostics.filter { $0.severity == .error }.map(ValidationReport.Finding.init)
    return ValidationReport(
      source: source, alphaType: type,
      errorFindings: errors + violations.map(ValidationReport.Finding.init),
      warningFindings: diagnostics.filter { $0.severity == .warning }
        .map(ValidationReport.Finding.init),
      usedOperators: usedOperators(outline), usedFields: usedFields(outline, formula),
      formula: formula)
  }

  private func usedOperators(_ outline: FormulaOutline) -> [String] {
    outline.calledNames.map { checker.catalog.entry(named: $0)?.name ?? $0 }
  }

  private func usedFields(_ outline: FormulaOutline, _ formula: CheckedFormula?) -> [String] {
    let written = outline.valueNames.filter { checker.schema.fields[$0] != nil }
    guard let formula else { return written }
    return written.filter(formula.fields.contains)
      + formula.fields.filter { !written.contains($0) }
  }

  // MARK: - Super alphas

  /// What can be said of an expression whose operators are not typed here: parentheses, names of
  /// operators, and whether they belong to the scope.
  private func superficialFindings(
    _ outline: FormulaOutline, _ type: ValidationReport.AlphaType
  ) -> [Diagnostic] {
    let whole = SourceSpan(start: 0, end: outline.bytes.count)
    guard outline.bytes.count <= FormulaLimits.sourceBytes else {
      return [
        Diagnostic(
          .error, code: "formula_too_long",
          message: "The formula has \(outline.bytes.count) bytes.", span: whole,
          remedy: "Shorten it to \(FormulaLimits.sourceBytes) bytes.")
      ]
    }
    guard !outline.tokens.isEmpty else {
      return [
        Diagnostic(
          .error, code: "empty_expression", message: "The formula is empty.", span: whole,
          remedy: "Write an expression.")
      ]
    }
    var found: [Diagnostic] = []
    var open: [FormulaOutline.Token] = []
    for token in outline.tokens {
      switch token.kind {
      case .open: open.append(token)
      case .close where open.popLast() == nil:
        found.append(
          Diagnostic(
            .error, code: "unbalanced_parentheses", message: "This `)` closes nothing.",
            span: token.span, remedy: "Remove it, or add the `(` that it should close."))
      case .foreign:
        found.append(
          Diagnostic(
            .error, code: "unsupported_characters",
            message: "`\(outline.text(token.span))` cannot stand in a formula.", span: token.span,
            remedy: "Remove it."))
      default: break
      }
    }
    for token in open.prefix(FormulaLimits.errors) {
      found.append(
        Diagnostic(
          .error, code: "unbalanced_parentheses", message: "This `(` is not closed.",
          span: token.span, remedy: "Add a `)`."))
    }
    for call in outline.calls where found.count < FormulaLimits.errors {
      let name = outline.text(call.name)
      let span = outline.tokens[call.name].span
      guard let entry = checker.catalog.entry(named: name) else {
        let near = nearestName(to: name, among: checker.catalog.entries.map(\.name))
        found.append(
          Diagnostic(
            .error, code: "unknown_operator", message: "Unknown operator: \(name).", span: span,
            remedy: near.map { "Write \($0)." }))
        continue
      }
      if !entry.scopes.contains(type.scope) {
        let scopes = entry.scopes.map(\.rawValue).joined(separator: ", ")
        found.append(
          Diagnostic(
            .error, code: "operator_scope_violation",
            message:
              "Operator \(entry.name) belongs to \(scopes) expressions, not \(type.rawValue).",
            span: span, remedy: "Use an operator of scope \(type.rawValue)."))
      }
    }
    found.append(
      Diagnostic(
        .warning, code: "superficially_checked",
        message: "Of a \(type.rawValue) expression only names, scopes and parentheses are checked.",
        span: whole))
    return found
  }
}
