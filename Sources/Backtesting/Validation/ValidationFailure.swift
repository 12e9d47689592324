package import Essentials

/// Why a series cannot be examined.
package enum ValidationFailure: ExplainedFailure, Hashable {
  case noTrials
  /// The trials do not cover the same rows.
  case unequalTrials(trial: Int, rows: Int, expected: Int)
  case missingValue(trial: Int, row: Int)
  case tooFewRows(rows: Int, needed: Int, purpose: String)
  case tooFewTrials(trials: Int, needed: Int, purpose: String)
  /// A number of blocks, folds or rows that the method does not allow.
  case unusableSetting(name: String, value: Int, allowed: String)
  /// A correlation at which trials count as one that is not in (0, 1].
  case unusableThreshold(Double)

  /// The fact's stable name.
  package var key: String {
    switch self {
    case .noTrials: "no_trials"
    case .unequalTrials: "unequal_trials"
    case .missingValue: "missing_value"
    case .tooFewRows: "too_few_rows"
    case .tooFewTrials: "too_few_trials"
    case .unusableSetting: "unusable_setting"
    case .unusableThreshold: "unusable_threshold"
    }
  }

  /// The fact as a sentence.
  package var explanation: String {
    switch self {
    case .noTrials: "There is no trial to examine."
    case .unequalTrials(let trial, let rows, let expected):
      "Trial \(trial) has \(rows) rows where trial 0 has \(expected)."
    case .missingValue(let trial, let row): "Trial \(trial) has no finite value in row \(row)."
    case .tooFewRows(let rows, let needed, let purpose):
      "\(rows == 1 ? "1 row is" : "\(rows) rows are") too few for \(purpose), which needs \(needed)."
    case .tooFewTrials(let trials, let needed, let purpose):
      "\(trials == 1 ? "1 trial is" : "\(trials) trials are") too few for \(purpose), which needs \(needed)."
    case .unusableSetting(let name, let value, let allowed):
      "The setting \(name) is \(value); it must be \(allowed)."
    case .unusableThreshold(let threshold):
      "The correlation \(threshold) cannot be the threshold at which trials count as one."
    }
  }

  /// What to change.
  package var remedy: String {
    switch self {
    case .noTrials: "Simulate at least one formula first."
    case .unequalTrials: "Simulate all trials over the same dates."
    case .missingValue: "Leave out the rows in which any trial has no value."
    case .tooFewRows: "Use a longer sample."
    case .tooFewTrials: "Compare more formulas."
    case .unusableSetting(let name, _, let allowed): "Set \(name) to a value that is \(allowed)."
    case .unusableThreshold: "Use a threshold above 0 and at most 1, such as 0.5."
    }
  }

  /// The input cannot be used as it is.
  package var outcome: FailureOutcome { .badConfiguration }
}
