package import AlphaLanguage
import Essentials

/// The name of a candidate in lineages and events.
package enum CandidateKey {
  /// Sixteen hexadecimal digits of formula and settings by their meaning: formulas that are written
  /// differently and mean the same, and settings that are equal, have one key.
  package static func of(_ formula: CheckedFormula, _ settings: CandidateSettings) -> String {
    let digest = Fingerprint(
      of: "candidate 1\n\(formula.fingerprint)\n\(settings.json.compactText)")
    return String(digest.hexadecimal.prefix(16))
  }
}
