import Backtesting
package import Essentials
package import Research

/// What a campaign found, and what it cost.
package struct CampaignReport: Sendable {
  package let run: String
  package let plan: CampaignPlan
  package let model: ModelIdentity
  /// Every candidate that was simulated, the best score first.
  package let entries: [CampaignEntry]
  /// Keys of those that passed, are not refuted by their trust, and of which no two go together, the
  /// best first.
  package let accepted: [String]
  /// Those that passed and resemble a better one.
  package let resembling: [LowCorrelationSelection.Drop]
  /// One for each idea, in the order of the plan.
  package let outcomes: [IdeaOutcome]
  package let tally: CampaignTally
  package let outcome: RunOutcome
  /// How many different ideas the results hold; nil where that cannot be said.
  package let effectiveTrials: Int?
  package let bandit: LaneBandit
  package let lineage: Lineage
  package let panelName: String
  package let panelFingerprint: Fingerprint

  /// Candidates that met every limit and whose profits are more likely luck than not.
  package var refutedCount: Int {
    entries.count { $0.card?.passed == true && $0.trust?.verdict == .refuted }
  }

  /// The candidate of the best score, nil where nothing was simulated.
  package var best: CampaignEntry? { entries.first }

  /// Why the budget let no idea be asked for, nil where it let one.
  package var blockage: BudgetBlocked? {
    let refusals = outcomes.compactMap(\.refusal)
    guard let first = refusals.first, refusals.count == outcomes.count else { return nil }
    return BudgetBlocked(first)
  }

  /// Why there is nothing to report, nil where something was simulated.
  package var failure: (any ExplainedFailure)? {
    if let blockage { return blockage }
    guard entries.isEmpty else { return nil }
    return NothingProposed(reason: outcomes.compactMap(\.reason).first)
  }

  /// One fingerprint for all results in their order.
  package var fingerprint: Fingerprint {
    var digest = FingerprintDigest()
    digest.absorb("simulation results 1\n")
    for entry in entries {
      if let result = entry.result { digest.absorb("\(result.fingerprint)\n") }
    }
    return digest.finish()
  }

  /// The candidates of one idea that were simulated, and how many of them were accepted.
  package func share(of idea: Int) -> (simulated: Int, accepted: Int, best: CampaignEntry?) {
    let own = entries.filter { $0.idea == idea }
    let chosen = Set(accepted)
    return (own.count, own.count { chosen.contains($0.key) }, own.first)
  }
}

/// That no idea of a campaign led to a formula that could be simulated.
package struct NothingProposed: ExplainedFailure, Hashable {
  /// What went wrong with the first idea that failed, nil where every answer held only formulas that
  /// do not check.
  package let reason: String?

  package var key: String { "nothing_proposed" }
  package var explanation: String {
    "No idea led to a formula that could be simulated. "
      + (reason ?? "Every formula that was proposed does not check.")
  }
  package var remedy: String {
    "Look at the run with `athanor journal tail`, mend what stopped it, and go on with --resume."
  }
  package var outcome: FailureOutcome { .failed }
}
