package import Essentials

/// Something in a budget configuration or a price table that cannot be used.
package struct ConfigurationDefect: Hashable, Sendable, CustomStringConvertible {
  /// The way to the value, such as `rank_files[0].path`; empty for the document as a whole.
  package let keyPath: String
  /// What is wrong, in one sentence that begins with the key.
  package let explanation: String
  package let remedy: String

  package init(keyPath: String, explanation: String, remedy: String) {
    self.keyPath = keyPath
    self.explanation = explanation
    self.remedy = remedy
  }

  package var description: String { "\(explanation) \(remedy)" }
}

/// A budget configuration or price table that cannot be used, with everything that is wrong with it.
package struct BudgetConfigurationFailure: ExplainedFailure, Hashable {
  package let path: String
  /// At least one, in the order of the file.
  package let defects: [ConfigurationDefect]

  package init(path: String, defects: [ConfigurationDefect]) {
    precondition(!defects.isEmpty, "a configuration without a defect was called defective")
    self.path = path
    self.defects = defects
  }

  package var key: String { "bad_budget_configuration" }

  package var explanation: String {
    "\(path): " + defects.map(\.explanation).joined(separator: " ")
  }

  package var remedy: String {
    var seen: Set<String> = []
    return defects.map(\.remedy).filter { seen.insert($0).inserted }.joined(separator: " ")
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
