import Backtesting
package import Essentials

/// The judgment of one alpha: whether it may be submitted, how good it is, and why.
package struct ScoreCard: Hashable, Sendable {
  /// A part of the score.
  package struct Term: Hashable, Sendable {
    package var name: String
    /// What it adds to the score.
    package var contribution: Double
  }

  package let alphaID: String
  package let passed: Bool
  package let score: Double
  /// What is not reached: first the platform's failed checks by name, then the policy's
  /// requirements, such as `sharpe<1.25`. Empty exactly where the alpha passed.
  package let reasons: [String]
  package let metrics: SummaryMetrics
  /// The parts that add up to the score, those that are not known left out.
  package let terms: [Term]
  /// What the judgment rests on.
  package let evidence: ScoreEvidence

  /// Judges an alpha.
  package init(_ evidence: ScoreEvidence, policy: JudgingPolicy = JudgingPolicy()) {
    let metrics = evidence.metrics
    self.evidence = evidence
    alphaID = evidence.alphaID
    self.metrics = metrics
    reasons = Self.reasons(evidence, policy)
    passed = reasons.isEmpty
    var terms = [
      Term(name: "sharpe", contribution: policy.sharpeWeight * (metrics.sharpe ?? 0)),
      Term(name: "fitness", contribution: policy.fitnessWeight * (metrics.fitness ?? 0)),
      Term(
        name: "turnover",
        contribution: -policy.turnoverWeight
          * ((metrics.turnover ?? policy.turnoverMax) - policy.turnoverTarget).magnitude
          / policy.turnoverUnit.whole),
    ]
    func add(_ name: String, _ weight: Double, _ value: Double?) {
      guard let value, weight != 0 else { return }
      terms.append(Term(name: name, contribution: weight * value))
    }
    add(
      "correlation", -policy.correlationWeight, evidence.poolCorrelation?.largest?.magnitude)
    add("instability", -policy.instabilityWeight, evidence.yearly?.sharpeDeviation)
    add("drawdown", -policy.drawdownWeight, metrics.drawdown)
    add("coverage", -policy.coverageWeight, metrics.coverage.map { 1 - $0 })
    add("trust", policy.trustWeight, evidence.trust?.deflatedSharpe.map { $0 - 0.5 })
    if !passed { terms.append(Term(name: "failure", contribution: -policy.failurePenalty)) }
    self.terms = terms
    score = terms.reduce(0) { $0 + $1.contribution }
  }

  private static func reasons(_ evidence: ScoreEvidence, _ policy: JudgingPolicy) -> [String] {
    var reasons = evidence.checks.filter { $0.verdict == .fail }.map(\.name)
    if evidence.trust?.seesTheFuture == true { reasons.append("look_ahead") }
    let metrics = evidence.metrics
    // A figure that is not known does not reach what is asked of it.
    if !((metrics.sharpe ?? -.infinity) >= policy.sharpeMin) {
      reasons.append("sharpe<\(policy.sharpeMin)")
    }
    if !((metrics.fitness ?? -.infinity) >= policy.fitnessMin) {
      reasons.append("fitness<\(policy.fitnessMin)")
    }
    switch metrics.turnover {
    case nil: reasons.append("turnover_missing")
    case let turnover? where turnover <= policy.turnoverMin:
      reasons.append("turnover<=\(policy.turnoverMin)")
    case let turnover? where turnover >= policy.turnoverMax:
      reasons.append("turnover>=\(policy.turnoverMax)")
    default: break
    }
    // Platforms often leave coverage out, and a pool may be empty: unknown is no failure there.
    if let least = policy.coverageMin, let coverage = metrics.coverage, coverage < least {
      reasons.append("coverage<\(least)")
    }
    if let largest = evidence.poolCorrelation?.largest,
      largest.magnitude > policy.correlationMax
    {
      reasons.append("abs_corr>\(policy.correlationMax)")
    }
    if let least = policy.deflatedSharpeMin, !((evidence.trust?.deflatedSharpe ?? -1) >= least) {
      reasons.append("deflated_sharpe<\(least)")
    }
    return reasons
  }

  /// Cards in the order of their scores, the best first; equals by the alphas' names.
  package static func ranked(_ cards: [ScoreCard]) -> [ScoreCard] {
    cards.sorted { ($1.score, $0.alphaID) < ($0.score, $1.alphaID) }
  }

  /// The object that events and reports show.
  package var json: JSONValue {
    [
      "alpha_id": .string(alphaID), "passed": .bool(passed), "score": .number(score),
      "reasons": .strings(reasons), "metrics": metrics.json,
      "label": .string(FailureReason(self).label.rawValue),
      "terms": .object(terms.map { JSONValue.Member($0.name, .number($0.contribution)) }),
      "checks": .array(evidence.checks.map(\.json)),
      "yearly": evidence.yearly?.json ?? .null,
      "pool_correlation": evidence.poolCorrelation?.json ?? .null,
      "sub_universe_sharpe": .optional(evidence.smallerUniverseSharpe),
      "trust": evidence.trust?.json ?? .null,
    ]
  }
}
