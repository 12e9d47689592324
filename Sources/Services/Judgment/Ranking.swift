package import Backtesting
package import Essentials

/// Priced alphas in an order, and what choosing the first of them is worth.
package struct Ranking: Sendable {
  /// What alphas are ordered by; the best stands first.
  package enum Order: String, Hashable, Sendable, CaseIterable {
    case sharpe, fitness, returns, turnover, drawdown, margin, coverage
    /// The probability that the true Sharpe ratio is above what luck would reach.
    case deflated
    /// As they stand in the sheet.
    case sheet
  }

  /// In order. Equals, and those whose figure is not defined, keep the order of the sheet; the latter
  /// stand last.
  package let alphas: [PricedAlpha]
  package let order: Order
  /// One fingerprint for all results in the order of the sheet.
  package let fingerprint: Fingerprint
  /// How many different ideas the alphas hold, by how their profits move together; nil where there
  /// are too few or too many alphas to say.
  package let ideas: Int?

  package init(_ alphas: [PricedAlpha], by order: Order) {
    self.order = order
    var digest = FingerprintDigest()
    digest.absorb("simulation results 1\n")
    for alpha in alphas { digest.absorb("\(alpha.result.fingerprint)\n") }
    fingerprint = digest.finish()
    ideas = EffectiveTrials.count(of: alphas)
    let keys = alphas.map { Self.key(of: $0, order) }
    self.alphas = alphas.indices.sorted {
      (keys[$0], $0) < (keys[$1], $1)
    }.map { alphas[$0] }
  }

  package var best: PricedAlpha? { alphas.first }

  /// Smaller is better; what is not defined is worst.
  private static func key(of alpha: PricedAlpha, _ order: Order) -> Double {
    let metrics = alpha.result.inSample
    let key: Double =
      switch order {
      case .sharpe: -metrics.sharpe
      case .fitness: -metrics.fitness
      case .returns: -metrics.returns
      case .turnover: metrics.turnover
      case .drawdown: metrics.drawdown
      case .margin: -metrics.margin
      case .coverage: -metrics.coverage
      case .deflated: alpha.trust.deflatedSharpe.value.map { -$0 } ?? .infinity
      case .sheet: 0
      }
    return key.isNaN ? .infinity : key
  }

  /// What the best of so many tries is worth, as a JSON object; nil without alphas.
  var selection: JSONValue? {
    guard let best else { return nil }
    let overfitting = best.trust.overfitting
    return [
      "best": .string(best.name),
      "orderedBy": .string(order.rawValue),
      "trials": .integer(best.trust.trials),
      "ideas": ideas.map { .integer($0) } ?? .null,
      "luckySharpe": .optional(best.trust.luckySharpe.value),
      "bestSharpe": .optional(best.trust.sharpe.value),
      "bestDeflatedSharpe": .optional(best.trust.deflatedSharpe.value),
      "overfittingProbability": .optional(overfitting.value?.probability),
      "overfittingSplits": overfitting.value.map { .integer($0.splits) } ?? .null,
      "supported": .integer(alphas.count { $0.trust.verdict == .supported }),
    ]
  }

  /// The ranking as a JSON object: every alpha in order, what was refused or came twice, and what the
  /// choice of the best is worth.
  package func document(
    _ checked: CheckedSheet, _ detail: SimulationResult.Detail
  ) -> JSONValue {
    [
      "alphas": .array(alphas.map { $0.document(detail) }),
      "refused": checked.rejectedDocument,
      "duplicates": checked.duplicatesDocument,
      "selection": selection ?? .null,
      "result": .string(fingerprint.hexadecimal),
    ]
  }
}
