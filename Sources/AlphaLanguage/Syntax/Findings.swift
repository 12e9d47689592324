import Essentials

/// The diagnostics of one formula while they are being gathered: bounded, and each said once.
struct Findings {
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var errorCount = 0
  private var warningCount = 0

  /// Whether further errors would not be kept.
  var isFull: Bool { errorCount >= FormulaLimits.errors }

  /// Whether the same error was said before; an unknown name is said once, wherever it stands again.
  func hasSaid(_ code: String, _ message: String, at span: SourceSpan) -> Bool {
    let isAboutName = code == "unknown_operator" || code == "unknown_data_field"
    return diagnostics.contains {
      $0.code == code && $0.message == message && (isAboutName || $0.span == span)
    }
  }

  /// Keeps an error unless the same was said before.
  mutating func report(
    _ code: String, _ message: String, at span: SourceSpan, remedy: String? = nil
  ) {
    guard !isFull, !hasSaid(code, message, at: span) else { return }
    errorCount += 1
    diagnostics.append(Diagnostic(.error, code: code, message: message, span: span, remedy: remedy))
  }

  mutating func warn(
    _ code: String, _ message: String, at span: SourceSpan, remedy: String? = nil
  ) {
    guard warningCount < FormulaLimits.errors else { return }
    let warning = Diagnostic(.warning, code: code, message: message, span: span, remedy: remedy)
    guard !diagnostics.contains(warning) else { return }
    warningCount += 1
    diagnostics.append(warning)
  }
}
