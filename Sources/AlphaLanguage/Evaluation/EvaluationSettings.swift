/// The settings of a simulation that change what a formula's operators do.
package struct EvaluationSettings: Hashable, Sendable {
  /// The setting pasteurization: every input is missing outside the universe.
  package var pasteurizes: Bool
  /// The setting nanHandling: a time-series operator over a window without any value gives 0, and a
  /// group operator hands the group's value to members that have none.
  package var fillsMissing: Bool

  package init(pasteurizes: Bool = true, fillsMissing: Bool = false) {
    self.pasteurizes = pasteurizes
    self.fillsMissing = fillsMissing
  }
}
