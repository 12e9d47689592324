package import Essentials

/// A text that is no policy.
package struct PolicyFailure: ExplainedFailure, Hashable {
  /// Everything that was found, errors and warnings, in the order of the texts.
  package var findings: [PolicyFinding]

  package init(findings: [PolicyFinding]) {
    self.findings = findings
  }

  private var errors: [PolicyFinding] { findings.filter { $0.diagnostic.severity == .error } }

  package var key: String { "invalid_policy" }
  package var explanation: String {
    let count = errors.count
    return "The policy has \(count == 1 ? "1 error" : "\(count) errors"):\n\n"
      + findings.map(\.rendered).joined(separator: "\n\n") + "\n"
  }
  /// The first error with its place, on one line.
  package var message: String {
    errors.first.map { first in
      "\(first.source):\(first.line):\(first.column): \(first.diagnostic.message)"
    } ?? "The policy has errors."
  }
  package var remedy: String { "Mend the places shown." }
  package var outcome: FailureOutcome { .badConfiguration }
}
