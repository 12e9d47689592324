/// What a measure means, for checking, explaining and showing it.
package struct MetricMeaning: Hashable, Sendable {
  /// The base name, such as `sharpe`; of measures against something, the name up to it: `beta_`.
  package var base: String
  package var unit: Unit
  package var direction: Direction
  package var windowing: Windowing
  /// One sentence in English.
  package var english: String
  /// The same in Korean.
  package var korean: String

  /// What a value counts.
  package enum Unit: String, Hashable, Sendable, CaseIterable {
    /// A ratio or a statistic without a unit.
    case ratio
    /// A fraction, shown as percent.
    case fraction
    /// Whole numbers of something.
    case count
    case duration
  }

  /// Which values speak for a strategy.
  package enum Direction: String, Hashable, Sendable, CaseIterable {
    case higherIsBetter = "higher_is_better"
    case lowerIsBetter = "lower_is_better"
    case neither
  }

  /// Whether the measure is taken over a window.
  package enum Windowing: String, Hashable, Sendable, CaseIterable {
    case required, optional, none
  }

  package init(
    _ base: String, _ unit: Unit, _ direction: Direction, _ windowing: Windowing,
    _ english: String, _ korean: String
  ) {
    self.base = base
    self.unit = unit
    self.direction = direction
    self.windowing = windowing
    self.english = english
    self.korean = korean
  }

  /// What it is in an expression.
  package var type: PolicyType { unit == .duration ? .duration : .number }
}
