import Essentials

/// A command line that cannot be understood, reported like a compiler's finding.
struct UsageFailure: DiagnosedFailure, Hashable {
  let line: CommandLineText
  let finding: Diagnostic

  var key: String { finding.code }
  var explanation: String { finding.message + "." }
  var remedy: String { finding.remedy ?? "See `athanor --help`." }
  var outcome: FailureOutcome { .badConfiguration }

  var diagnosedText: String { line.text }
  var diagnosedName: String { "command line" }
  var diagnostics: [Diagnostic] { [finding] }
}
