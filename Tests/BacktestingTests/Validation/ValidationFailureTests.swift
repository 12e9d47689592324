import Backtesting
import Essentials
import Testing

@Suite("ValidationFailure")
struct ValidationFailureTests {
  @Test("each failure says what happened and how to mend it")
  func sentences() {
    let cases: [(ValidationFailure, String, String)] = [
      (
        .noTrials, "no_trials",
        "There is no trial to examine. Simulate at least one formula first."
      ),
      (
        .unequalTrials(trial: 2, rows: 5, expected: 6), "unequal_trials",
        "Trial 2 has 5 rows where trial 0 has 6. Simulate all trials over the same dates."
      ),
      (
        .missingValue(trial: 1, row: 7), "missing_value",
        "Trial 1 has no finite value in row 7. "
          + "Leave out the rows in which any trial has no value."
      ),
      (
        .tooFewRows(rows: 3, needed: 9, purpose: "one walk-forward fold"), "too_few_rows",
        "3 rows are too few for one walk-forward fold, which needs 9. Use a longer sample."
      ),
      (
        .tooFewTrials(trials: 1, needed: 2, purpose: "the probability of overfitting"),
        "too_few_trials",
        "1 trial is too few for the probability of overfitting, which needs 2. "
          + "Compare more formulas."
      ),
      (
        .unusableSetting(name: "folds", value: 1, allowed: "at least 2"), "unusable_setting",
        "The setting folds is 1; it must be at least 2. Set folds to a value that is at least 2."
      ),
      (
        .unusableThreshold(2), "unusable_threshold",
        "The correlation 2.0 cannot be the threshold at which trials count as one. "
          + "Use a threshold above 0 and at most 1, such as 0.5."
      ),
    ]
    for (failure, key, sentence) in cases {
      #expect(failure.key == key && failure.description == sentence)
      #expect(failure.outcome == .badConfiguration)
    }
  }
}
