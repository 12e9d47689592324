package import AlphaLanguage
package import Essentials

/// What was found out about a formula and its settings before anything is simulated.
package struct ValidationReport: Sendable {
  /// The kind of expression that was asked for.
  package enum AlphaType: String, Hashable, Sendable, CaseIterable {
    /// An alpha, which is checked in full.
    case regular = "REGULAR"
    /// The combination of a super alpha. Only names, scopes and parentheses are checked.
    case combo = "COMBO"
    /// The selection of a super alpha. Only names, scopes and parentheses are checked.
    case selection = "SELECTION"

    var scope: OperatorEntry.Scope {
      switch self {
      case .regular: .regular
      case .combo: .combo
      case .selection: .selection
      }
    }
  }

  /// Something that is wrong or worth knowing.
  package struct Finding: Hashable, Sendable {
    /// How much of the formula is lost by an error.
    package enum Gravity: String, Hashable, Sendable {
      /// It cannot run and its meaning is in doubt.
      case high
      /// It cannot run, but what was meant is plain.
      case medium
      /// It can run.
      case low
    }

    /// The error key that programs branch on, such as `unknown_operator`.
    package let key: String
    package let gravity: Gravity
    /// One sentence with the names and values concerned.
    package let message: String
    /// What to write instead, where that is known.
    package let hint: String?
    /// The place in UTF-8 bytes; nil for a setting, which has none in the formula.
    package let span: SourceSpan?

    init(_ diagnostic: Diagnostic) {
      key = diagnostic.code
      gravity =
        diagnostic.severity == .warning
        ? .low : Self.mild.contains(diagnostic.code) ? .medium : .high
      message = diagnostic.message
      hint = diagnostic.remedy
      span = diagnostic.span
    }

    init(_ violation: AllowedSettings.Violation) {
      key = "setting_not_allowed"
      gravity = .high
      message = violation.message
      hint = violation.remedy
      span = nil
    }

    /// The keys of mistakes that leave the meaning plain.
    private static let mild: Set<String> = [
      "operator_no_arguments", "operator_empty_argument", "unknown_argument",
      "duplicate_argument", "argument_out_of_range", "argument_not_allowed",
      "window_out_of_range", "missing_result", "invalid_number", "unterminated_text",
      "unterminated_comment",
    ]
  }

  /// The text that was checked.
  package let source: String
  package let alphaType: AlphaType
  /// In the order of the text, then the settings; empty for a formula that may run.
  package let errorFindings: [Finding]
  package let warningFindings: [Finding]
  /// The operators called by name, each once, in the order of the text, also unknown ones.
  package let usedOperators: [String]
  /// The known fields that are read, each once, in the order of the text; those that an operator
  /// reads without their being written come last.
  package let usedFields: [String]
  /// The formula, nil unless it may run.
  package let formula: CheckedFormula?

  /// Whether the formula may go on to simulation.
  package var isValid: Bool { errorFindings.isEmpty }
  /// The sentences of the errors.
  package var errors: [String] { errorFindings.map(\.message) }
  /// The sentences of the warnings.
  package var warnings: [String] { warningFindings.map(\.message) }
  /// The keys of the errors, each once, sorted.
  package var errorKeys: [String] { Set(errorFindings.map(\.key)).sorted() }
  /// The keys joined by `|`, or `VALID`: equal for texts that are wrong in the same ways.
  package var errorSignature: String {
    isValid ? "VALID" : errorKeys.joined(separator: "|")
  }
  /// What is wrong as one line for each error, with the hint: what a model is told.
  package var findingLines: [String] {
    errorFindings.map { finding in
      let place = finding.span.map { span in
        let text = String(
          decoding: Array(source.utf8)[
            min(
              span.start, source.utf8.count)..<min(
                span.end, source.utf8.count)
          ].prefix(80), as: UTF8.self)
        return text.isEmpty ? "" : " at `\(text)`"
      }
      let hint = finding.hint.map { " " + $0 } ?? ""
      return "\(finding.key)\(place ?? ""): \(finding.message)\(hint)"
    }
  }

  /// The report as a document: `is_valid`, `errors`, `warnings`, `used_operators`, `used_fields`, and
  /// beside them what programs need to mend the formula.
  package var json: JSONValue {
    [
      "is_valid": .bool(isValid), "errors": .strings(errors), "warnings": .strings(warnings),
      "used_operators": .strings(usedOperators), "used_fields": .strings(usedFields),
      "alpha_type": .string(alphaType.rawValue), "error_signature": .string(errorSignature),
      "diagnostics": .array((errorFindings + warningFindings).map { json($0) }),
      "fingerprint": formula.map { .string($0.fingerprint.hexadecimal) } ?? .null,
      "canonical": formula.map { .string($0.canonicalText) } ?? .null,
    ]
  }

  private func json(_ finding: Finding) -> JSONValue {
    [
      "key": .string(finding.key),
      "severity": .string(finding.gravity.rawValue),
      "message": .string(finding.message),
      "hint": finding.hint.map(JSONValue.string) ?? .null,
      "start": finding.span.map { .integer($0.start) } ?? .null,
      "end": finding.span.map { .integer($0.end) } ?? .null,
    ]
  }
}
