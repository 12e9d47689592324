/// A way to make a candidate of another.
package enum MutationOperator: String, Hashable, Sendable, CaseIterable {
  /// One window to the next length of the grid, or a few of them.
  case windowStep = "window_step"
  /// A constant or a numeric option to half, twice or nearly its value.
  case constantStep = "constant_step"
  /// An operator for one of its family.
  case operatorSwap = "operator_swap"
  /// A field for another of its kind and unit.
  case fieldSwap = "field_swap"
  /// A cross-sectional scale around the signal.
  case normalize
  /// A cross-sectional scale taken away.
  case unwrap = "unwrap_normalization"
  /// A slower signal.
  case smooth
  /// A signal against its group.
  case groupNeutralize = "group_neutralize"
  /// The opposite bet.
  case signFlip = "sign_flip"
  /// A signal that is taken up only under a condition.
  case gate = "trade_when"
  /// A part of one formula in the place of a part of another, or both together.
  case crossover
  /// A part of the formula alone.
  case simplify
  /// The settings of the simulation.
  case settings = "settings_grid"

  /// Where a child comes from, in the words of an event.
  package enum Source: String, Hashable, Sendable, CaseIterable {
    case proposal
    /// The formula is the parent's, or differs in numbers alone.
    case parameterSearch = "parameter_search"
    case expressionMutation = "expression_mutation"
    case crossover
  }

  /// The source that a child of this operator names.
  package var source: Source {
    switch self {
    case .windowStep, .constantStep, .settings: .parameterSearch
    case .crossover: .crossover
    default: .expressionMutation
    }
  }
}
