/// Which mutations a card calls for, and how strongly.
package struct MutationPlan: Hashable, Sendable {
  /// An operator with its weight above zero.
  package struct Share: Hashable, Sendable {
    package var operation: MutationOperator
    package var weight: Double
  }

  /// The heaviest first; the weights add up to 1.
  package let shares: [Share]
  package let reason: FailureReason

  /// Plans by what failed: the foremost label counts half, the others share the rest.
  ///
  /// Every plan keeps a little of every operator, so that the search never depends on this table
  /// being right.
  package init(for card: ScoreCard) {
    let reason = FailureReason(card)
    self.reason = reason
    var weights: [MutationOperator: Double] = [:]
    for operation in MutationOperator.allCases { weights[operation] = Self.floor }
    // The opposite of what earns loses.
    if (card.metrics.sharpe ?? 0) > 0 { weights[.signFlip] = Self.floor / 10 }
    for (index, label) in reason.labels.enumerated() {
      let share =
        index == 0 ? 1 : 1 / Double(reason.labels.count - 1)
      for (operation, weight) in Self.remedies(for: label) {
        weights[operation, default: 0] += weight * share
      }
    }
    let total = MutationOperator.allCases.reduce(0) { $0 + (weights[$1] ?? 0) }
    let order = MutationOperator.allCases
    shares = order.indices.map { Share(operation: order[$0], weight: (weights[order[$0]] ?? 0)) }
      .enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
      .map { Share(operation: $0.element.operation, weight: $0.element.weight / total) }
  }

  /// The weight that every operator has in every plan, of about 1.
  private static let floor = 0.02

  private static func remedies(for label: FailureLabel) -> [(MutationOperator, Double)] {
    switch label {
    case .wrongSign: [(.signFlip, 0.6), (.operatorSwap, 0.1), (.smooth, 0.1), (.fieldSwap, 0.1)]
    case .lowSharpe:
      [
        (.operatorSwap, 0.2), (.fieldSwap, 0.18), (.crossover, 0.18), (.groupNeutralize, 0.14),
        (.windowStep, 0.12), (.normalize, 0.1), (.gate, 0.08), (.simplify, 0.05),
      ]
    case .highTurnover:
      [(.smooth, 0.45), (.settings, 0.3), (.windowStep, 0.15), (.gate, 0.1)]
    case .lowTurnover:
      [(.windowStep, 0.35), (.simplify, 0.25), (.settings, 0.25), (.operatorSwap, 0.1)]
    case .unknownTurnover: [(.simplify, 0.5), (.fieldSwap, 0.4)]
    case .lowCoverage: [(.fieldSwap, 0.5), (.simplify, 0.3), (.operatorSwap, 0.1)]
    case .concentrated: [(.normalize, 0.4), (.settings, 0.3), (.fieldSwap, 0.15)]
    case .narrowUniverse:
      [(.groupNeutralize, 0.35), (.normalize, 0.2), (.fieldSwap, 0.2), (.settings, 0.15)]
    case .highCorrelation: [(.crossover, 0.35), (.fieldSwap, 0.3), (.groupNeutralize, 0.15)]
    case .generalImprovement:
      [
        (.windowStep, 0.2), (.settings, 0.2), (.operatorSwap, 0.15), (.crossover, 0.15),
        (.constantStep, 0.1), (.smooth, 0.1), (.groupNeutralize, 0.1),
      ]
    }
  }
}
