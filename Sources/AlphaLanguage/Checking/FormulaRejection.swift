package import Essentials

/// Why a formula was refused: everything that was found, not only the first.
package struct FormulaRejection: ExplainedFailure, Hashable {
  package let source: String
  /// Errors and warnings in the order of the source; at least one is an error.
  package let diagnostics: [Diagnostic]

  package init(source: String, diagnostics: [Diagnostic]) {
    self.source = source
    self.diagnostics = diagnostics
  }

  package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

  /// The codes of the errors, each once, sorted and joined by `|`: equal for formulas that are wrong
  /// in the same ways.
  package var signature: String { Set(errors.map(\.code)).sorted().joined(separator: "|") }

  /// The code of the first error.
  package var key: String { errors.first?.code ?? "invalid_formula" }

  package var explanation: String {
    guard let first = errors.first else { return "The formula is not valid." }
    return errors.count == 1
      ? first.message : "\(first.message) There are \(errors.count - 1) more errors."
  }

  package var remedy: String {
    errors.first?.remedy ?? "Correct the formula and check it again."
  }

  package var outcome: FailureOutcome { .refused }

  /// Renders every finding with its line underlined, as a compiler does.
  package func rendered(named name: String = "formula") -> String {
    diagnostics.map { $0.rendered(in: source, named: name) }.joined(separator: "\n")
  }
}
