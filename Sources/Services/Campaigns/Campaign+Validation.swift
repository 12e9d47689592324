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

    let verdict = try await validate(candidate, place, pack, facts, first: report, generated)
    candidate = verdict.applied(to: candidate)
    guard verdict.passed, let formula = validator.report(on: candidate).formula else {
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
    let catalogue = tools.packs.catalogue
    let datasets = Set(fields.compactMap { catalogue.field(named: $0)?.datasetID })
    return Set(catalogue.datasets.filter { datasets.contains($0.id) }.map(\.subcategoryID)).sorted()
  }

  // MARK: - The loop

  /// Obeys the validation machine until it has a verdict.
  private func validate(
    _ candidate: CandidateAlpha, _ place: Int, _ pack: RetrievalPack, _ facts: CandidateFacts,
    first: ValidationReport, _ cause: Int64
  ) async throws -> ValidationVerdict {
    let idea = plan.ideas[place].ideaID
    if !first.isValid { tally.broken += 1 }
    var pack = pack
    var claim: ExpansionClaim?
    var question = 0
    var latest = first
    var machine = ValidationMachine(
      text: candidate.formula, lane: candidate.notes.lane, policy: plan.validation)
    var queue = machine.start()
    while !queue.isEmpty {
      switch queue.removeFirst() {
      case .record(let event):
        try record(event, facts, idea, cause)
      case .check(let text):
        var tried = candidate
        tried.simulation.regular = text
        latest = validator.report(on: tried)
        queue += machine.checked(latest)
      case .repairTree(let text):
        if case .repaired(let repaired) = FormulaRepair(checker: checker).repair(text) {
          queue += machine.treeRepaired(repaired)
        } else {
          queue += machine.treeRepaired(nil)
        }
      case .expand:
        var wider = tools.packs
        wider.budget = tools.packs.budget.expanded()
        let before = pack
        pack = try wider.pack(for: plan.ideas[place])
        claim = ExpansionClaim(
          error: "\(latest.errorSignature) \(facts.key)", repeats: plan.validation.repeatsMax)
        queue += machine.expanded(before: before.counts, after: pack.counts)
      case .askModel(let findings, let counterexamples):
        question += 1
        var broken = candidate
        broken.simulation.regular = latest.source
        let lessons = counterexamples.flatMap { example in
          example.findings.map { "\(example.formula): \($0)" }
        }
        let reply = try await ask(
          "repair/\(facts.key)/\(question)", idea,
          .repair(candidate: broken, pack: pack, findings: findings + lessons), place: place,
          expansion: claim)
        queue += machine.told(of: reply)
      case .finish(let verdict):
        return verdict
      }
    }
    preconditionFailure("a validation ended without a verdict")
  }

  private func record(
    _ event: ValidationEvent, _ facts: CandidateFacts, _ idea: String, _ cause: Int64
  ) throws {
    if let fact = ResearchFact(event, facts) {
      try record(fact, idea: idea, cause: cause)
      return
    }
    guard case .object(let members) = event.payload else { return }
    try tools.recorder.record(
      JournalDraft(
        event.name, at: tools.now(), run: run, subject: facts.key, cause: .event(cause),
        payload: .object(
          [.init("idea_id", .string(idea)), .init("candidate_key", .string(facts.key))] + members)))
  }
}

extension ValidationMachine {
  /// Takes in what a model answered to a call for a repair.
  fileprivate mutating func told(of reply: ModelDesk.Reply) -> [Directive] {
    switch reply {
    case .blocked(let blocked):
      return modelGaveNothing(BudgetBlocked(blocked.refusal).explanation)
    case .failed(let failure): return modelGaveNothing(failure.explanation)
    case .text(let text, _):
      do {
        return modelAnswered(try AnswerReader.candidate(in: text, stage: .repair).value.formula)
      } catch {
        return modelGaveNothing(error.explanation)
      }
    }
  }
}

extension ResearchFact {
  /// The fact of an event of validation; nil for those that only this desk knows.
  fileprivate init?(_ event: ValidationEvent, _ candidate: CandidateFacts) {
    switch event {
    case .started(let repairsMax, let stopsOnRepeats, _):
      self = .validationStarted(
        candidate,
        ValidationTerms(maxRepairAttempts: repairsMax, stopsOnRepeatedError: stopsOnRepeats))
    case .passed: self = .validationPassed(candidate, attempt: 0)
    case .retryPassed(let attempt): self = .validationPassed(candidate, attempt: attempt)
    case .failed(let failure), .retryFailed(let failure):
      self = .validationFailed(
        candidate,
        ValidationDefeat(
          attempt: failure.attempt, errorCodes: failure.errorKeys, errors: failure.errors,
          repeatCount: failure.repeatCount))
    case .retryStarted(let attempt, let instruction):
      self = .retryStarted(
        candidate,
        RepairOrder(
          attempt: attempt, instruction: instruction.text, instructionJSON: instruction.json))
    case .retrievalExpanded(let attempt, let repeats, let threshold, let before, let after):
      self = .retrievalExpanded(
        candidate,
        RetrievalExpansion(
          attempt: attempt, repeatCount: repeats, threshold: threshold,
          before: CandidateCounts(before), after: CandidateCounts(after)))
    case .abortedOnRepeats(let attempt, let repeats, let threshold, let keys):
      self = .retryAborted(
        candidate,
        RepairSurrender(
          attempt: attempt, repeatCount: repeats, threshold: threshold, errorCodes: keys))
    case .repairedByTree, .answeredByModel, .expansionRefused, .retryAbandoned: return nil
    }
  }
}

extension CandidateCounts {
  fileprivate init(_ counts: [String: Int]) {
    self.init()
    subcategories = counts["subcategories"] ?? 0
    datasets = counts["datasets"] ?? 0
    fields = counts["fields"] ?? 0
    operators = counts["operators"] ?? 0
  }
}

extension RetrievalPack {
  fileprivate var counts: [String: Int] {
    [
      "subcategories": selectedSubcategories.count, "datasets": datasets.count,
      "fields": fields.count, "operators": operators.count,
    ]
  }
}

extension CandidateFacts.Formula {
  /// Says of a formula what pages and the count of trials need.
  init(_ formula: CheckedFormula) {
    self.init(
      text: formula.source, canonical: formula.canonicalText,
      fingerprint: formula.fingerprint.hexadecimal)
  }
}
