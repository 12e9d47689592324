package import Essentials

/// A budget configuration or price table that cannot be used, with everything that is wrong with it.
package struct BudgetConfigurationFailure: ExplainedFailure, Hashable {
  package let path: String
  /// At least one, in the order of the file.
  package let defects: [DocumentDefect]

  package init(path: String, defects: [DocumentDefect]) {
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
