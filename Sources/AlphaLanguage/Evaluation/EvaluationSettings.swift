/// The settings of a simulation that change what a formula's operators do.
package struct EvaluationSettings: Hashable, Sendable {
  /// The setting pasteurization: every field is missing outside the universe, groupings included.
  package var pasteurizes: Bool
  /// The setting nanHandling: a time-series operator over a window in which no row has all its
  /// inputs gives 0; a group statistic is handed to members without a value too, and
  /// `group_neutralize` and `group_zscore` give them 0.
  package var fillsMissing: Bool

  package init(pasteurizes: Bool = true, fillsMissing: Bool = false) {
    self.pasteurizes = pasteurizes
    self.fillsMissing = fillsMissing
  }
}
