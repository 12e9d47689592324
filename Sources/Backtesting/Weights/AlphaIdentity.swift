package import AlphaLanguage
package import Essentials

/// Which formula a result belongs to.
package struct AlphaIdentity: Hashable, Sendable {
  /// The text as it was written.
  package var text: String
  package var canonicalText: String
  /// The fingerprint of `canonicalText`.
  package var fingerprint: Fingerprint
  package var operatorCount: Int
  /// What the checker found about units, one sentence each; they make the check `UNITS` a warning.
  package var unitFindings: [String]

  package init(
    text: String, canonicalText: String, fingerprint: Fingerprint, operatorCount: Int,
    unitFindings: [String] = []
  ) {
    self.text = text
    self.canonicalText = canonicalText
    self.fingerprint = fingerprint
    self.operatorCount = operatorCount
    self.unitFindings = unitFindings
  }

  /// Takes the identity of a checked formula; findings are its warnings whose code names units.
  package init(_ formula: CheckedFormula) {
    self.init(
      text: formula.source, canonicalText: formula.canonicalText,
      fingerprint: formula.fingerprint, operatorCount: formula.complexity.operators,
      unitFindings: formula.warnings.filter { $0.code.contains("unit") }.map(\.message))
  }
}
