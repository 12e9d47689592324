import Backtesting
package import Essentials

/// What is foremost to be improved in an alpha.
package enum FailureLabel: String, Hashable, Sendable, CaseIterable {
  /// The Sharpe ratio is below zero by so much that the opposite bet may be right.
  case wrongSign = "WRONG_SIGN"
  case lowSharpe = "LOW_SHARPE"
  case highTurnover = "HIGH_TURNOVER"
  case lowTurnover = "LOW_TURNOVER"
  /// Nobody knows how much it trades.
  case unknownTurnover = "UNKNOWN_TURNOVER"
  case lowCoverage = "LOW_COVERAGE"
  /// The weight lies on few instruments.
  case concentrated = "CONCENTRATED_WEIGHT"
  /// It does not work among the most traded instruments.
  case narrowUniverse = "LOW_SUB_UNIVERSE_SHARPE"
  case highCorrelation = "HIGH_CORRELATION"
  /// Nothing failed: it can only become better.
  case generalImprovement = "GENERAL_IMPROVEMENT"

  /// The coarser label of the program that this desk replaces.
  package var compatible: String {
    switch self {
    case .wrongSign, .lowSharpe, .narrowUniverse: "LOW_SHARPE"
    case .highTurnover, .lowTurnover, .unknownTurnover: "HIGH_OR_LOW_TURNOVER"
    case .lowCoverage, .concentrated: "LOW_COVERAGE"
    case .highCorrelation, .generalImprovement: "GENERAL_IMPROVEMENT"
    }
  }

  /// What may help, most promising first.
  package var actions: [String] {
    switch self {
    case .wrongSign: ["flip_sign", "operator_swap", "add_smoothing"]
    case .lowSharpe:
      ["operator_swap", "field_swap", "crossover", "add_rank_or_zscore", "winsorize"]
    case .highTurnover: ["add_smoothing", "increase_decay", "longer_windows", "trade_when"]
    case .lowTurnover: ["shorter_windows", "decrease_decay", "unwrap_smoothing"]
    case .unknownTurnover: ["simplify", "swap_dataset"]
    case .lowCoverage: ["swap_dataset", "relax_nan_handling", "add_backfill"]
    case .concentrated: ["strengthen_truncation", "add_rank_or_zscore", "swap_dataset"]
    case .narrowUniverse: ["group_neutralize", "add_rank_or_zscore", "field_swap"]
    case .highCorrelation: ["crossover", "field_swap", "group_neutralize"]
    case .generalImprovement: ["parameter_grid", "operator_swap"]
    }
  }
}

/// Why an alpha is mutated: the foremost label of its card, all labels, and what may help.
package struct FailureReason: Hashable, Sendable {
  /// The foremost.
  package let label: FailureLabel
  /// Every label that the card's reasons give, the foremost first; never empty.
  package let labels: [FailureLabel]
  /// One sentence that names the figures.
  package let rationale: String

  package var actions: [String] { label.actions }

  /// A Sharpe ratio below this is further from zero than noise usually brings it.
  package static let wrongSignBelow = -0.3

  /// Finds the labels of a card.
  package init(_ card: ScoreCard) {
    var found: Set<FailureLabel> = []
    let hasSharpe = !card.reasons.contains { $0.lowercased().contains("sharpe") }
    for reason in card.reasons {
      if let label = Self.label(of: reason, card.metrics, hasSharpe) { found.insert(label) }
    }
    // A signal that is wrong comes before one that trades too much.
    let order = FailureLabel.allCases
    labels = found.isEmpty ? [.generalImprovement] : order.filter(found.contains)
    label = labels[0]
    rationale =
      card.reasons.isEmpty
      ? "Every requirement is met; the score is \(Self.shown(card.score))."
      : "Not reached: \(card.reasons.joined(separator: ", ")). Sharpe "
        + "\(Self.shown(card.metrics.sharpe)), fitness \(Self.shown(card.metrics.fitness)), "
        + "turnover \(Self.shown(card.metrics.turnover))."
  }

  private static func label(
    of reason: String, _ metrics: SummaryMetrics, _ hasSharpe: Bool
  ) -> FailureLabel? {
    switch reason {
    case "LOW_SUB_UNIVERSE_SHARPE": .narrowUniverse
    case "CONCENTRATED_WEIGHT": .concentrated
    case "SELF_CORRELATION", "PROD_CORRELATION": .highCorrelation
    case "LOW_TURNOVER": .lowTurnover
    case "HIGH_TURNOVER": .highTurnover
    case _ where reason.hasPrefix("turnover>="): .highTurnover
    case _ where reason.hasPrefix("turnover<="): .lowTurnover
    case "turnover_missing": .unknownTurnover
    case _ where reason.hasPrefix("coverage"): .lowCoverage
    case _ where reason.hasPrefix("abs_corr"): .highCorrelation
    // Of an alpha whose Sharpe ratio is high enough, turnover beyond the floor eats the fitness.
    case _
    where reason.lowercased().contains("fitness") && hasSharpe
      && (metrics.turnover ?? 0) > AlphaMetrics.turnoverFloor:
      .highTurnover
    case _ where reason.lowercased().contains("sharpe") || reason.lowercased().contains("fitness"):
      (metrics.sharpe ?? 0) < wrongSignBelow ? .wrongSign : .lowSharpe
    default: nil
    }
  }

  private static func shown(_ value: Double?) -> String {
    value.map { "\(($0 * 1000).rounded() / 1000)" } ?? "unknown"
  }

  /// The object that events show.
  package var json: JSONValue {
    [
      "label": .string(label.rawValue), "rationale": .string(rationale),
      "actions": .strings(actions), "labels": .strings(labels.map(\.rawValue)),
      "compatible_label": .string(label.compatible),
    ]
  }
}
