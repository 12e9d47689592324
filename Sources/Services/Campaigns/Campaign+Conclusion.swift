import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Research
import Storage

/// The end of a campaign: every result judged by all that was tried, and the summary.
extension Campaign {
  /// Judges all results with their trust, chooses among them and records the summary.
  ///
  /// - Parameter cause: the event with which the run began; earlier trials are those before it.
  func conclude(cause: Int64) throws -> CampaignReport {
    let simulated = entries.indices.filter { entries[$0].result != nil }
    let tried = Set(simulated.map { entries[$0].formula.fingerprint })
    let panel = tools.bench.panel.fingerprint
    var options = PricingOptions(limits: plan.limits)
    options.threads = plan.threads
    options.trust = plan.trust
    options.earlierTrials = try tools.journal.read { tables throws(JournalFailure) in
      try TrialIndex().trials(on: panel, before: cause, besides: tried, in: tables)
    }
    let report = self.report
    let priced = try tools.bench.simulator(plan.settings).judge(
      simulated.compactMap { place in
        entries[place].result.map { (entries[place].key, entries[place].formula, $0) }
      }, options: options
    ) { done in
      report(
        Progress(work: "Judging", done: done, total: simulated.count, unit: "formulas"))
    }
    let effective = EffectiveTrials.count(of: priced)
    for (place, alpha) in zip(simulated, priced) {
      entries[place].trust = alpha.trust
      entries[place].card = ScoreCard(
        ScoreEvidence(alpha.result, trust: alpha.trust, effectiveTrials: effective),
        policy: plan.policy)
    }
    let ranked = simulated.sorted { left, right in
      guard let a = entries[left].card, let b = entries[right].card else { return left < right }
      return (b.score, entries[left].key) < (a.score, entries[right].key)
    }.map { entries[$0] }
    let passed = ranked.filter { $0.card?.passed == true }
    // What luck explains better than skill is not accepted, however good its figures are.
    let believable = passed.filter { $0.trust?.verdict != .refuted }
    let selection = LowCorrelationSelection(
      believable.compactMap { $0.result?.poolEntry },
      correlationMax: plan.policy.correlationMax)
    let accepted = believable.filter { selection.kept.contains($0.facts.alphaID ?? "") }
    let evaluated = try record(
      .evaluationCompleted(
        EvaluationFacts(ranked.compactMap { $0.card.map { ScoreLine($0) } })), idea: "",
      cause: cause)
    let chosen = Set(accepted.map(\.key))
    try events.record(
      ranked.compactMap { entry in
        entry.trust.map { trust in
          (
            .trustAssessed(entry.facts, trust: trust.json, isAccepted: chosen.contains(entry.key)),
            plan.ideas[entry.idea].ideaID, evaluated
          )
        }
      })
    let outcome = try outcome(ranked, accepted)
    try record(.runSummary(outcome), idea: "", cause: evaluated)
    return CampaignReport(
      run: run, plan: plan, model: tools.desk.model.identity, entries: ranked,
      accepted: accepted.map(\.key), resembling: selection.dropped, outcomes: outcomes,
      tally: tally, outcome: outcome, effectiveTrials: effective, bandit: bandit,
      lineage: lineage, panelName: tools.bench.panel.name, panelFingerprint: panel)
  }

  private func outcome(
    _ ranked: [CampaignEntry], _ accepted: [CampaignEntry]
  ) throws -> RunOutcome {
    let order = try events.order()
    let account = tools.desk.book.snapshot.state.account(.run(run))
    var outcome = RunOutcome()
    outcome.validationPassed = !entries.isEmpty
    outcome.validationAttempts = entries.reduce(0) { $0 + $1.attempts }
    outcome.simulated = ranked.count
    outcome.evaluated = ranked.count
    outcome.mutationCount = tally.children
    outcome.eventOrderViolation = order.isViolated
    outcome.alphaIDs = accepted.compactMap(\.facts.alphaID)
    outcome.accepted = accepted.count
    outcome.tokens = account.used.tokens
    outcome.cost = account.counts.unpriced == 0 ? account.used.cost : nil
    return outcome
  }
}
