import Essentials

/// A failure that lies in a text and can point at the place, such as a formula that is not allowed.
protocol DiagnosedFailure: ExplainedFailure {
  var diagnosedText: String { get }
  /// What the text is, for the line that names the place: `formula`.
  var diagnosedName: String { get }
  /// What is wrong, in the order of the text.
  var diagnostics: [Diagnostic] { get }
}
