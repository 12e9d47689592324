import AlphaLanguage
import Backtesting
package import Essentials
package import Research

/// One idea to its end: a candidate is proposed, validated, simulated, judged and mutated.
///
/// ```
/// agent.alpha_started ─> the candidate ─> validation ⇄ repair
///   passed ─> simulation ─> evaluation.completed ─> children of what failed
///   passed, not to be simulated ─> simulation.skipped_by_option ─> evaluation.completed
///   not passed ─> simulation.blocked_validation ─> evaluation.completed
/// ─> run.summary
/// ```
package struct CandidateRun {
  package let maker: ProposalMaker
  package let validator: FormulaValidator
  /// Retrieves wider packs.
  package let packs: PackBuilder
  /// Nil where nothing is simulated.
  package let simulator: (any CandidateSimulator)?
  package var validation = ValidationMachine.Policy()
  package var judging = JudgingPolicy()
  package var seed: UInt64 = 1
  /// Where the tables of results are written, nil for nowhere.
  package var recordsets: RecordsetFolder?

  /// Children that are made of a candidate that did not pass its judgment.
  package static let childrenMax = 3

  package init(
    maker: ProposalMaker, validator: FormulaValidator, packs: PackBuilder,
    simulator: (any CandidateSimulator)?
  ) {
    self.maker = maker
    self.validator = validator
    self.packs = packs
    self.simulator = simulator
  }

  /// Runs an idea to its end.
  ///
  /// - Parameter progress: told what is being done.
  package func run(
    _ idea: IdeaSpec, pack: RetrievalPack,
    progress: @escaping @Sendable (CandidateReport.Step) -> Void = { _ in }
  ) async throws -> CandidateReport {
    progress(.proposing)
    let proposal = try await maker.candidate(
      for: idea, pack: pack, by: validator, subcategories: packs.catalogue.subcategories(of:))
    let record = maker.record
    let id = idea.ideaID
    try record.record(.validationHandoff(proposal.facts), idea: id, cause: proposal.event)
    progress(.validating)
    let outcome = try await validate(proposal, idea, pack)
    var report = CandidateReport(run: record.run, idea: id, outcome)
    var results: [AlphaResult] = []
    if let formula = outcome.formula {
      let queued = QueuedCandidate(outcome.candidate, formula, key: proposal.facts)
      if let simulator {
        progress(.simulating)
        let fate = try await SimulationDesk(
          record: record, simulator: simulator, recordsets: recordsets
        ).simulate([queued], causes: [proposal.event])[0]
        switch fate {
        case .simulated(let result): results = [result]
        case .failed(let code, let detail): report.simulationFailure = (code, detail)
        case .duplicate: preconditionFailure("one candidate was found to be two")
        }
      } else {
        try record.record(.simulationSkipped(queued.ticket()), idea: id, cause: proposal.event)
      }
    } else {
      try record.record(
        .simulationBlocked(
          proposal.ticket(outcome), errorCodes: outcome.verdict.errorKeys), idea: id,
        cause: proposal.event)
    }
    report.results = results
    try judge(&report, outcome, proposal.facts, pack)
    return try conclude(report)
  }

  // MARK: - Steps

  private func validate(
    _ proposal: ProposalMaker.Proposal, _ idea: IdeaSpec, _ pack: RetrievalPack
  ) async throws -> ValidationLoop.Outcome {
    try await ValidationLoop(validator: validator, policy: validation).run(
      proposal.candidate, key: proposal.facts.key, pack: pack,
      ValidationLoop.Errands(
        record: { event in
          try maker.record.record(
            event, of: proposal.facts, idea: idea.ideaID, cause: proposal.event)
        },
        widen: {
          var wider = packs
          wider.budget = packs.budget.expanded()
          return try wider.pack(for: idea)
        },
        ask: { question in
          switch maker.source {
          case .text: return .failed(NobodyAsked())
          case .model(let desk):
            return try await desk.askAgain(
              "repair/\(proposal.facts.key)/\(question.number)", idea: idea.ideaID,
              question.subject, expansion: question.expansion)
          }
        }))
  }

  /// Judges what was simulated, and makes children of what failed.
  private func judge(
    _ report: inout CandidateReport, _ outcome: ValidationLoop.Outcome, _ facts: CandidateFacts,
    _ pack: RetrievalPack
  ) throws {
    let record = maker.record
    let cards = try AlphaJudgment(policy: judging).cards(of: report.results)
    report.cards = cards
    let judged = try record.record(
      .evaluationCompleted(EvaluationFacts(cards.map { ScoreLine($0) })), idea: report.idea,
      cause: nil)
    guard let card = cards.first, !card.passed, let formula = outcome.formula else { return }
    let search = MutationSearch(space: MutationSpace(checker: validator.checker, pack: pack))
    var known: Set<String> = []
    let parent = MutationParent(
      key: CandidateKey.of(formula, outcome.candidate.simulation.settings),
      candidate: outcome.candidate, formula: formula, card: card)
    let children = search.children(
      of: parent, count: Self.childrenMax, lane: outcome.candidate.notes.lane ?? .exploit,
      known: &known,
      seed: ProposalDesk.seed(seed, place: 0, id: "children/\(facts.key)"))
    report.children = children.map(\.candidate)
    try record.record(
      children.map { child in
        var childFacts = CandidateFacts(child.candidate, formula: child.formula)
        childFacts.usedSubcategories = packs.catalogue.subcategories(of: childFacts.usedFields)
        childFacts.lineage = CandidateFacts.Lineage(
          parent: facts.key, root: facts.key, generation: 1)
        return (
          .childCreated(
            MutationFacts(
              child: childFacts, parentAlphaID: card.alphaID, index: child.index,
              source: child.operation.source.rawValue, failureLabel: child.reason.label.rawValue,
              failureActions: child.reason.actions, reasons: card.reasons)), report.idea, judged
        )
      })
  }

  private func conclude(_ report: CandidateReport) throws -> CandidateReport {
    var report = report
    let order = try maker.record.order()
    if order.isViolated {
      try maker.record.record(
        .orderViolated(order.violations.map(\.explanation)), idea: report.idea, cause: nil)
    }
    report.eventOrderViolation = order.isViolated
    if case .model(let desk) = maker.source {
      let account = desk.desk.book.snapshot.state.account(.run(report.run))
      report.tokens = account.used.tokens
      report.cost = account.counts.unpriced == 0 ? account.used.cost : nil
    }
    try maker.record.record(.runSummary(report.outcome), idea: report.idea, cause: nil)
    return report
  }
}

/// A repair that no model is asked for, because a given text stands in for all answers.
package struct NobodyAsked: ExplainedFailure, Hashable {
  package init() {}

  package var key: String { "nobody_asked" }
  package var explanation: String {
    "No edit of the formula mends it, and the given text stands in for every answer of a model."
  }
  package var remedy: String { "Correct the formula in the text, or let a model answer." }
  package var outcome: FailureOutcome { .refused }
}

extension ProposalMaker.Proposal {
  /// The place in the queue that a candidate without a valid formula does not get.
  fileprivate func ticket(_ outcome: ValidationLoop.Outcome) -> SimulationTicket {
    SimulationTicket(
      candidate: facts, validationPassed: false, validationAttempts: outcome.verdict.attempts,
      fingerprint: CandidateFingerprints(outcome.candidate).fingerprint.hexadecimal)
  }
}
