import AlphaLanguage
import Essentials
import Research
import Storage

/// Validation: only a formula that checks, and that means something new, reaches the queue.
extension Campaign {
  /// Takes a proposed candidate through validation and into the queue, or records why not.
  func admit(
    _ proposal: CandidateAlpha, _ place: Int, _ pack: RetrievalPack, cause: Int64
  ) async throws {
    let idea = plan.ideas[place].ideaID
    tally.proposed += 1
    var candidate = proposal
    candidate.ideaID = idea
    candidate.simulation.settings = base
    let lane = candidate.notes.lane ?? .exploit
    candidate.notes.lane = lane
    let report = validator.report(on: candidate)
    var facts = facts(of: candidate, report, lane)
    facts.key = freshKey(facts.key)
    let fresh = report.formula.map { novelty.measure($0) }
    let generated = try record(
      .alphaGenerated(facts, novelty: fresh), idea: idea, cause: cause)
    try record(.validationHandoff(facts), idea: idea, cause: generated)

    if !report.isValid { tally.broken += 1 }
    let outcome = try await validate(candidate, place, pack, facts, generated)
    candidate = outcome.candidate
    let verdict = outcome.verdict
    guard let formula = outcome.formula else {
      try drop(facts, candidate, verdict, idea, generated)
      return
    }
    if verdict.attempts > 1 { tally.repaired += 1 }
    facts.formula = CandidateFacts.Formula(formula)
    facts.usedFields = verdict.usedFields
    facts.usedOperators = verdict.usedOperators
    let entry = CampaignEntry(
      facts: facts, candidate: candidate, formula: formula, settings: plan.settings, idea: place,
      lane: lane, arm: LaneBandit.Arm(lane: lane, operation: nil), parent: nil,
      attempts: verdict.attempts, cause: generated)
    guard try enqueue(entry) else { return }
    try lineage.record(
      proposal: entry.key, ideaID: idea, lane: lane, expression: formula.canonicalText)
  }

  /// A key that no candidate of the run has: one that is proposed again is a candidate of its own, and
  /// what becomes of it must not be told of the first.
  private func freshKey(_ key: String) -> String {
    var fresh = key
    var number = 1
    while !keys.insert(fresh).inserted {
      number += 1
      fresh = "\(key)-\(number)"
    }
    return fresh
  }

  /// Puts a candidate into the queue unless its meaning is known; says whether it did.
  func enqueue(_ entry: CampaignEntry) throws -> Bool {
    let identity = KnownFormulas.Identity(entry.formula, entry.candidate.simulation.settings)
    let idea = plan.ideas[entry.idea].ideaID
    guard known.claim(identity, by: entry.key) == .granted else {
      tally.duplicates += 1
      try record(.simulationDuplicate(entry.ticket), idea: idea, cause: entry.cause)
      return false
    }
    novelty.learn(entry.formula)
    entries.append(entry)
    return true
  }

  private func drop(
    _ facts: CandidateFacts, _ candidate: CandidateAlpha, _ verdict: ValidationVerdict,
    _ idea: String, _ cause: Int64
  ) throws {
    let ticket = SimulationTicket(
      candidate: facts, validationPassed: false, validationAttempts: verdict.attempts,
      fingerprint: CandidateFingerprints(candidate).fingerprint.hexadecimal)
    let blocked = try record(
      .simulationBlocked(ticket, errorCodes: verdict.errorKeys), idea: idea, cause: cause)
    try record(
      .candidateDropped(facts, reason: verdict.stopReason?.key ?? "unchecked"), idea: idea,
      cause: blocked)
  }

  private func facts(
    of candidate: CandidateAlpha, _ report: ValidationReport, _ lane: Lane
  ) -> CandidateFacts {
    let key =
      report.formula.map { CandidateKey.of($0, base) }
      ?? CandidateFingerprints(candidate).candidateKey
    var facts = CandidateFacts(
      key: key, lane: lane,
      formula: report.formula.map { CandidateFacts.Formula($0) }
        ?? CandidateFacts.Formula(text: candidate.formula))
    facts.usedFields = report.usedFields
    facts.usedOperators = report.usedOperators
    facts.usedSubcategories = subcategories(of: report.usedFields)
    return facts
  }

  /// The subcategories that fields belong to, each once, by name.
  func subcategories(of fields: [String]) -> [String] {
    tools.packs.catalogue.subcategories(of: fields)
  }

  // MARK: - The loop

  /// Obeys the validation machine until it has a verdict.
  private func validate(
    _ candidate: CandidateAlpha, _ place: Int, _ pack: RetrievalPack, _ facts: CandidateFacts,
    _ cause: Int64
  ) async throws -> ValidationLoop.Outcome {
    let idea = plan.ideas[place]
    return try await ValidationLoop(validator: validator, policy: plan.validation).run(
      candidate, key: facts.key, pack: pack,
      ValidationLoop.Errands(
        record: { event in
          try self.events.record(event, of: facts, idea: idea.ideaID, cause: cause)
        },
        widen: {
          var wider = self.tools.packs
          wider.budget = self.tools.packs.budget.expanded()
          return try wider.pack(for: idea)
        },
        ask: { question in
          try await self.questions.ask(
            "repair/\(facts.key)/\(question.number)", idea: idea.ideaID, question.subject,
            place: place, expansion: question.expansion)
        }))
  }
}
