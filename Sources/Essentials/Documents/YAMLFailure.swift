/// A text that is not one sound YAML document.
package struct YAMLFailure: ExplainedFailure, Hashable, Sendable {
  /// What the text is called, usually the name of its file.
  package var name: String
  /// What is wrong, at least one error.
  package var diagnostics: [Diagnostic]
  /// Every finding with its line underlined.
  package var report: String

  package init(name: String, diagnostics: [Diagnostic], text: String) {
    self.name = name
    self.diagnostics = diagnostics
    report = diagnostics.map { $0.rendered(in: text, named: name) }.joined(separator: "\n\n")
  }

  package var key: String { diagnostics.first?.code ?? "unreadable_yaml" }
  package var explanation: String { "\(name) cannot be read:\n\n\(report)\n" }
  package var remedy: String { "Mend the places shown." }
  package var outcome: FailureOutcome { .badConfiguration }
}
