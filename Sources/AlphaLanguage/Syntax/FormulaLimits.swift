/// The largest formula that is read. Beyond a limit a formula is refused with a diagnostic, so that
/// no text, however hostile, costs more than a bounded amount of work and memory.
package enum FormulaLimits {
  /// Bytes of UTF-8.
  package static let sourceBytes = 65_536
  /// Parentheses inside parentheses.
  package static let nesting = 200
  /// Names, numbers, texts and operators together.
  package static let nodes = 10_000
  /// Errors that are reported for one formula.
  package static let errors = 20
  /// Operator calls that BRAIN accepts in one formula; more give a warning.
  package static let operatorsOnBRAIN = 64
}
