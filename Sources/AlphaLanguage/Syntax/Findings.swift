import Essentials

/// The diagnostics of one formula while they are being gathered: bounded, and each said once.
struct Findings {
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var errorCount = 0
  private var warningCount = 0

  /// Whether further errors would not be kept.
  var isFull: Bool { errorCount >= FormulaLimits.errors }

  /// Keeps an error unless the same was said before. An unknown name is said once, wherever it
  /// stands again.
  mutating func report(
    _ code: String, _ message: String, at span: SourceSpan, remedy: String? = nil
  ) {
    guard !isFull else { return }
    let isAboutName = code == "unknown_operator" || code == "unknown_data_field"
    let isKnown = diagnostics.contains {
      $0.code == code && $0.message == message && (isAboutName || $0.span == span)
    }
    guard !isKnown else { return }
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
