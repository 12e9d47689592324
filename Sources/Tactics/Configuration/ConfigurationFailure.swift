package import Essentials

/// Something that is wrong with the text of a layer.
package struct SettingFinding: Hashable, Sendable {
  /// The name of the document.
  package var document: String
  /// What is wrong; its span is one of the document's text.
  package var diagnostic: Diagnostic
  /// The finding with its line underlined.
  package var rendered: String
}

/// A configuration that is refused as a whole; whatever held before goes on holding.
package struct ConfigurationFailure: ExplainedFailure, Hashable, Sendable {
  /// All that was found, layer by layer; never empty.
  package var findings: [SettingFinding]

  package var key: String { findings.first?.diagnostic.code ?? "refused_configuration" }
  package var explanation: String {
    "The configuration is refused:\n\n"
      + findings.map(\.rendered).joined(separator: "\n\n") + "\n"
  }
  package var remedy: String { "Mend the places shown; until then the earlier settings hold." }
  package var outcome: FailureOutcome { .badConfiguration }
}
