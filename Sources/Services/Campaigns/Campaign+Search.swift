import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Mathematics
import Research

/// The queue and the search: simulation, judgment, and children of what was judged.
extension Campaign {
  // MARK: - Simulation

  /// Simulates every candidate that has no result yet, and judges it.
  func simulateQueue(_ work: String) throws {
    let queue = entries.indices.filter { entries[$0].result == nil }
    guard !queue.isEmpty else { return }
    let size = queue.count
    func ticket(_ place: Int) -> SimulationTicket {
      var ticket = entries[place].ticket
      ticket.mode = size > 1 ? "multi" : "single"
      ticket.candidateCount = size
      return ticket
    }
    for place in queue {
      let idea = plan.ideas[entries[place].idea].ideaID
      let enqueued = try record(
        .simulationEnqueued(entries[place].ticket), idea: idea, cause: entries[place].cause)
      entries[place].cause = try record(
        .simulationStarted(ticket(place)), idea: idea, cause: enqueued)
    }
    tell(work, 0, size, "formulas")
    let report = self.report
    let results = try tools.bench.simulate(
      queue.map { (entries[$0].formula, entries[$0].settings) }
    ) { done in
      report(Progress(work: work, done: done, total: size, unit: "formulas"))
    }
    for (place, result) in zip(queue, results) {
      let entry = entries[place]
      entries[place].result = result
      entries[place].facts.alphaID = result.identifier
      known.finish(
        KnownFormulas.Identity(entry.formula, entry.candidate.simulation.settings), by: entry.key)
      var facts = SimulationResultFacts(
        ticket: ticket(place), metrics: RecordedMetrics(result.inSample.json))
      facts.panel = [
        "name": .string(result.panelName),
        "fingerprint": .string(result.panelFingerprint.hexadecimal),
      ]
      facts.settings = result.settings.json
      entries[place].cause = try record(
        .simulationCompleted(facts), idea: plan.ideas[entry.idea].ideaID, cause: entry.cause)
    }
    try judge(queue)
  }

  // MARK: - Judgment

  /// Scores new results against the pool of those that passed, and lets the search learn from them.
  private func judge(_ places: [Int]) throws {
    let pool = PnLPool(entries.compactMap { $0.card?.passed == true ? $0.result?.poolEntry : nil })
    for place in places {
      guard let result = entries[place].result else { continue }
      let card = ScoreCard(ScoreEvidence(result, pool: pool), policy: plan.policy)
      entries[place].card = card
      try lineage.judge(entries[place].key, card)
      let before = entries[place].parent.flatMap { parent in
        entries.first { $0.key == parent }?.card
      }
      bandit.record(
        LaneBandit.Outcome(
          arm: entries[place].arm,
          reward: before.map { LaneBandit.reward(of: card, over: $0) }
            ?? LaneBandit.reward(score: card.score, before: 0)))
    }
    for (number, idea) in plan.ideas.enumerated() {
      let cards = places.filter { entries[$0].idea == number }.compactMap { entries[$0].card }
      guard !cards.isEmpty else { continue }
      try record(
        .evaluationCompleted(EvaluationFacts(ScoreCard.ranked(cards).map { ScoreLine($0) })),
        idea: idea.ideaID, cause: nil)
    }
  }

  // MARK: - Mutation

  /// Makes children of the best of every idea, as the search has learned.
  func mutate(_ generation: Int) throws {
    tell("Mutating", 0, plan.ideas.count, "ideas")
    for (number, idea) in plan.ideas.enumerated() {
      let parents = best(of: number, CampaignPlan.parentsMax)
      guard !parents.isEmpty, retrieved.indices.contains(number) else { continue }
      var generator = SplitMix64(
        seed: ProposalDesk.seed(plan.seed, place: number, id: "generation/\(generation)"))
      let search = MutationSearch(
        space: MutationSpace(checker: checker, pack: retrieved[number]),
        grid: SettingsGrid(groupFields: groupFields))
      let partners = parents + foreign(to: number)
      for (rank, parent) in parents.enumerated() {
        // What is left after an even split goes to the best.
        let count =
          plan.children / parents.count + (rank < plan.children % parents.count ? 1 : 0)
        let lane = bandit.choose(using: &generator).lane
        let children = search.children(
          of: parent, partners: partners, count: count, lane: lane, known: &keys, bandit: bandit,
          seed: generator.next())
        for child in children {
          try admit(child, number, idea.ideaID)
        }
      }
      tell("Mutating", number + 1, plan.ideas.count, "ideas")
    }
  }

  private func best(of idea: Int, _ count: Int) -> [MutationParent] {
    ranked(entries.filter { $0.idea == idea }, count)
  }

  /// The best of the other ideas, for crossovers between ideas.
  private func foreign(to idea: Int) -> [MutationParent] {
    ranked(entries.filter { $0.idea != idea }, CampaignPlan.parentsMax)
  }

  private func ranked(_ entries: [CampaignEntry], _ count: Int) -> [MutationParent] {
    entries.compactMap { entry in entry.card.map { (entry, $0) } }
      .sorted { ($1.1.score, $0.0.key) < ($0.1.score, $1.0.key) }
      .prefix(count)
      .map { MutationParent(key: $0.key, candidate: $0.candidate, formula: $0.formula, card: $1) }
  }

  private var groupFields: [String] {
    checker.schema.fields.values.filter { $0.kind == .group }.map(\.name).sorted()
  }

  private func admit(_ child: MutatedCandidate, _ place: Int, _ idea: String) throws {
    tally.children += 1
    let parent = entries.first { $0.key == child.parentKey }
    var facts = CandidateFacts(
      key: child.key, lane: child.lane, formula: CandidateFacts.Formula(child.formula))
    facts.usedFields = child.candidate.notes.usedFields
    facts.usedOperators = child.candidate.notes.usedOperators
    facts.usedSubcategories = subcategories(of: facts.usedFields)
    facts.lineage = CandidateFacts.Lineage(
      parent: child.parentKey, root: parent?.facts.lineage.root ?? child.parentKey,
      generation: (parent?.facts.lineage.generation ?? 0) + 1)
    let created = try record(
      .childCreated(
        MutationFacts(
          child: facts, parentAlphaID: parent?.facts.alphaID, index: child.index,
          source: child.operation.source.rawValue, failureLabel: child.reason.label.rawValue,
          failureActions: child.reason.actions, reasons: parent?.card?.reasons ?? [])),
      idea: idea, cause: parent?.cause)
    let terms = ValidationTerms(
      maxRepairAttempts: plan.validation.repairsMax,
      stopsOnRepeatedError: plan.validation.stopsOnRepeats)
    let started = try record(.validationStarted(facts, terms), idea: idea, cause: created)
    let passed = try record(.validationPassed(facts, attempt: 0), idea: idea, cause: started)
    let entry = CampaignEntry(
      facts: facts, candidate: child.candidate, formula: child.formula,
      settings: try plan.settings.varied(by: child.candidate.simulation.settings), idea: place,
      lane: child.lane, arm: LaneBandit.Arm(lane: child.lane, operation: child.operation),
      parent: child.parentKey, attempts: 1, cause: passed)
    if try enqueue(entry) { try lineage.record(child) }
  }
}

extension ScoreLine {
  /// What an event says of a card.
  init(_ card: ScoreCard) {
    self.init(
      alphaID: card.alphaID, passed: card.passed, score: card.score, reasons: card.reasons,
      metrics: RecordedMetrics(card.metrics.json))
  }
}
