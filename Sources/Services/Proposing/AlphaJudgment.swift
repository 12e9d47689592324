package import Backtesting
package import Essentials
package import Research

/// Judges results of simulations, the best first.
package struct AlphaJudgment: Sendable {
  package let policy: JudgingPolicy

  package init(policy: JudgingPolicy = JudgingPolicy()) {
    self.policy = policy
  }

  /// Twice the book: nothing more can be traded in a day, from all of it long to all of it short.
  private static let turnoverMax = 2.0

  /// Returns a card for each result, the best first, and among equals by name.
  ///
  /// - Parameter profits: series by which results are compared, by the names of alphas. The best is
  ///   taken first, and each other one is held against those that passed before it; a result without
  ///   a series is not compared.
  /// - Throws: ``TurnoverUnitMistake`` where a turnover is more than can be traded.
  package func cards(
    of results: [AlphaResult], profits: [PnLPool.Entry] = []
  ) throws(TurnoverUnitMistake) -> [ScoreCard] {
    let most = Self.turnoverMax * policy.turnoverUnit.whole
    if let result = results.first(where: { ($0.metrics.turnover ?? 0) > most }) {
      throw TurnoverUnitMistake(
        alphaID: result.alphaID, turnover: result.metrics.turnover ?? 0, unit: policy.turnoverUnit)
    }
    let series = Dictionary(profits.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var accepted: [PnLPool.Entry] = []
    var cards: [ScoreCard] = []
    for card in ScoreCard.ranked(results.map { ScoreCard($0.evidence, policy: policy) }) {
      guard let own = series[card.alphaID] else {
        cards.append(card)
        continue
      }
      var evidence = card.evidence
      if !accepted.isEmpty {
        let likeness = PoolCorrelation(of: own, with: PnLPool(accepted))
        // What a platform found among more alphas than these is not forgotten for them.
        let known = evidence.poolCorrelation?.largest?.magnitude ?? -1
        if let found = likeness.largest, found.magnitude > known {
          evidence.poolCorrelation = likeness
        }
      }
      let compared = ScoreCard(evidence, policy: policy)
      if compared.passed { accepted.append(own) }
      cards.append(compared)
    }
    return ScoreCard.ranked(cards)
  }

  /// Judges results and records the cards of each idea.
  package func record(
    _ results: [AlphaResult], _ cards: [ScoreCard], in record: ResearchRecord, cause: Int64? = nil
  ) throws {
    var ideas: [String] = []
    var ideaOf: [String: String] = [:]
    for result in results {
      if !ideas.contains(result.ideaID) { ideas.append(result.ideaID) }
      ideaOf[result.alphaID] = result.ideaID
    }
    try record.record(
      ideas.map { idea in
        let lines = cards.filter { ideaOf[$0.alphaID] == idea }.map { ScoreLine($0) }
        return (.evaluationCompleted(EvaluationFacts(lines)), idea, cause)
      })
  }
}

/// A turnover that is more than can be traded in a day in its unit.
package struct TurnoverUnitMistake: ExplainedFailure, Hashable {
  package let alphaID: String
  package let turnover: Double
  package let unit: JudgingPolicy.TurnoverUnit

  package var key: String { "turnover_unit" }
  package var explanation: String {
    let most = unit == .fraction ? "2" : "200 %"
    return "The turnover of \(alphaID) is \(turnover), and no book trades more than \(most) a day."
  }
  package var remedy: String {
    switch unit {
    case .fraction:
      "Write turnovers as fractions, 0.25 for 25 %, or name a file with --judging whose "
        + "turnover_unit is percent."
    case .percent: "Write turnovers in percent, or judge by fractions."
    }
  }
  package var outcome: FailureOutcome { .badConfiguration }
}
