package import Essentials

/// Writes prompts and brings them within a budget.
///
/// 1. The weight of every part is measured once (``PromptText``), so what any choice of candidates
///    costs is known without writing it.
/// 2. The ceilings that hold for a request even when nothing was used (the prompt's own, its cost, and
///    a period's where that is less than one request) say how long the prompt may be. Only they make
///    it shorter (``FallbackPlan``).
/// 3. What a run, a day or a week has left is asked once, with the prompt as it would be sent. A
///    shorter prompt would only starve the idea for a period that ends, so it is carried over.
///
/// The same task, knowledge and ledger always give the same bytes.
package struct PromptCompiler: Sendable {
  package let knowledge: PromptKnowledge
  package let estimator: PromptEstimator

  package init(knowledge: PromptKnowledge, estimator: PromptEstimator) {
    self.knowledge = knowledge
    self.estimator = estimator
  }

  /// Signatures are told once in the instructions, which providers cache, while they take at most
  /// this part of what a prompt may have; above it each operator tells its own in the prompt.
  private static let signatureShareMax = 0.25

  /// Instructions and prompt are sent as a message each.
  private static let messages = 2

  /// Compiles a prompt for the budget as it stands.
  ///
  /// - Parameter ledger: a snapshot (``BudgetBook/snapshot``); it is not changed.
  package func compile(
    _ task: PromptTask, within ledger: TokenLedger, at now: Timestamp
  ) -> CompiledPrompt {
    var task = task
    var ledger = ledger
    let configuration = ledger.configuration
    let completion = configuration.completionCeiling(wanting: task.outputTokensWanted)
    task.expansion = usableExpansion(task, completion, ledger: &ledger, at: now)
    let allowance = PromptAllowance(task, completion: completion, ledger: ledger, at: now)
    let measure = estimator.measure(
      model: task.identity.model, messages: Self.messages, calibration: ledger.state.calibration)
    let pack = task.pack?.usable
    let text = PromptText(
      task, pack: pack, knowledge: knowledge,
      tellsSignatures: tellsSignatures(measure, promptTokensMax: configuration.maxPromptTokens),
      exploreShare: configuration.exploreRatio,
      exploreFloor: configuration.minExploreCandidatesPerBatch)
    let whole = pack ?? RetrievalPack(ideaID: task.idea, query: "")
    let plan = FallbackPlan(
      text.outline(whole, by: measure), limit: measure.weightMax(tokens: allowance.tokens),
      policy: FallbackPolicy(configuration))

    let left = whole.keeping(plan.selection)
    let prompt = text.prompt(plan.selection)
    let estimate = estimator.estimate(
      text.billed(prompt), model: task.identity.model, messages: Self.messages,
      calibration: ledger.state.calibration)
    var request = task.request(
      promptTokens: max(estimate.tokensMax, measure.tokens(weight: plan.selection.weight)),
      completion: completion)
    request.promptTokensBasis = estimate.basis
    let verdict = verdict(plan, allowance, request, ledger: &ledger, at: now)
    let report = Report(task: task, whole: whole, plan: plan, measure: measure)
    let steps = verdict == .fits ? report.steps : []
    if pack != nil {
      request.prompt = report.facts(
        left, plan.selection, fallbackCount: steps.count, comboSample: left.comboSample)
    }
    return CompiledPrompt(
      call: ModelCall(
        stage: task.stage, instructions: text.instructions, prompt: prompt,
        schemaName: text.schemaName, schema: text.schema, maxOutputTokens: completion,
        seed: task.seed, subject: task.subject.carrying(left)),
      request: request, steps: steps, verdict: verdict,
      sections: text.sections(plan.selection, by: measure),
      uncutTokens: measure.tokens(weight: plan.start.weight),
      leastTokens: measure.tokens(weight: plan.leastWeight),
      fixedTokens: measure.tokens(weight: plan.start.outline.fixed),
      promptTokensAllowed: allowance.tokens,
      unusableCandidates: (task.pack?.candidateCount ?? 0) - whole.candidateCount)
  }

  /// Whether the signatures of the knowledge stand in the instructions; the same for every call of a
  /// run, because neither the knowledge nor the ceiling of a prompt changes in it.
  private func tellsSignatures(_ measure: PromptMeasure, promptTokensMax: Int) -> Bool {
    let weight = knowledge.usableSignatures.reduce(0) {
      $0 + measure.weight(of: PromptText.signature($1) + "\n")
    }
    return Double(measure.tokens(weight: weight)) <= Double(promptTokensMax)
      * Self.signatureShareMax
  }

  /// The claim on the expansion reserve, nil where it would be refused: the prompt is then shortened
  /// to the ordinary ceiling instead.
  private func usableExpansion(
    _ task: PromptTask, _ completion: Int, ledger: inout TokenLedger, at now: Timestamp
  ) -> ExpansionClaim? {
    guard task.expansion != nil, ledger.configuration.expansionReserveTokens > 0 else { return nil }
    let request = task.request(
      promptTokens: ledger.configuration.maxPromptTokens + 1, completion: completion)
    let isRefused = ledger.check(request, at: now).breaches.contains {
      [.expansionNotEarned, .expansionSpent].contains($0.ceiling)
    }
    return isRefused ? nil : task.expansion
  }

  private func verdict(
    _ plan: FallbackPlan, _ allowance: PromptAllowance, _ request: CallRequest,
    ledger: inout TokenLedger, at now: Timestamp
  ) -> PromptVerdict {
    if let refusal = allowance.refusal { return .dropped(refusal) }
    guard plan.fits else {
      // Only what the least prompt would exceed even when nothing was used: a period that is used
      // up is no reason to drop an idea.
      return .dropped(BudgetRefusal(breaches: allowance.breaches(of: request)))
    }
    let breaches = ledger.check(request, at: now).breaches
    guard !breaches.isEmpty else { return .fits }
    guard breaches.allSatisfy({ $0.ceiling.period != nil }) else {
      return .dropped(BudgetRefusal(breaches: breaches))
    }
    return .carriedOver(BudgetRefusal(breaches: breaches), CarryOver(breaches, at: now))
  }
}

/// How long a prompt may be when nothing was used yet.
private struct PromptAllowance {
  /// 0 where no prompt at all is allowed.
  let tokens: Int
  /// Why no prompt at all is allowed, nil where one is.
  let refusal: BudgetRefusal?
  private let unused: TokenLedger
  private let now: Timestamp

  /// Asks a ledger without history, whose refusals only grow with the prompt.
  init(_ task: PromptTask, completion: Int, ledger: TokenLedger, at now: Timestamp) {
    var unused = TokenLedger(configuration: ledger.configuration, prices: ledger.prices)
    func breaches(_ tokens: Int) -> [CeilingBreach] {
      unused.check(task.request(promptTokens: tokens, completion: completion), at: now).breaches
    }
    let none = breaches(0)
    refusal = none.isEmpty ? nil : BudgetRefusal(breaches: none)
    var fits = 0
    // A longer prompt is none that a ledger could enter.
    var tooLong =
      1
      + min(
        TokenUsage.tokensMax,
        ledger.configuration.maxPromptTokens + ledger.configuration.expansionReserveTokens)
    while none.isEmpty, tooLong - fits > 1 {
      let middle = (fits + tooLong) / 2
      if breaches(middle).isEmpty { fits = middle } else { tooLong = middle }
    }
    tokens = fits
    self.unused = unused
    self.now = now
  }

  /// What a request exceeds although nothing was used.
  func breaches(of request: CallRequest) -> [CeilingBreach] {
    var ledger = unused
    return ledger.check(request, at: now).breaches
  }
}

extension CarryOver {
  /// Waits for every period that is used up.
  fileprivate init(_ breaches: [CeilingBreach], at now: Timestamp) {
    let periods = breaches.compactMap(\.ceiling.period)
    let tomorrow = now.date.advanced(byDays: 1)
    let monday = ISOWeek(containing: now.date).monday.advanced(byDays: 7)
    needsAnotherRun = periods.contains(.batch)
    notBefore =
      periods.contains(.week)
      ? Timestamp(startOf: monday) : periods.contains(.day) ? Timestamp(startOf: tomorrow) : nil
  }
}

/// The figures of a plan for events.
private struct Report {
  let task: PromptTask
  let whole: RetrievalPack
  let plan: FallbackPlan
  let measure: PromptMeasure

  var steps: [AppliedFallback] {
    var before = plan.start.weight
    return plan.cuts.enumerated().map { index, cut in
      let weight = cut.selection.weight
      let saved = measure.tokens(weight: before) - measure.tokens(weight: weight)
      before = weight
      return AppliedFallback(
        cut: FallbackCut(
          phase: cut.phase, factor: (cut.factor * 1e4).rounded() / 1e4, tokensSaved: saved,
          dropped: cut.fields.map { whole.fields[$0].id }
            + cut.operators.map { whole.operators[$0].name }),
        promptTokensMax: measure.tokens(weight: weight),
        prompt: facts(
          whole.keeping(cut.selection), cut.selection, fallbackCount: index + 1, comboSample: []))
    }
  }

  func facts(
    _ pack: RetrievalPack, _ selection: PackSelection, fallbackCount: Int, comboSample: [String]
  ) -> PromptFacts {
    let available = max(1, task.subcategoriesAvailable ?? plan.start.subcategoryCount)
    let coverage = min(1, Double(selection.subcategoryCount) / Double(available))
    return PromptFacts(
      selectedTopK: pack.topK, laneRatio: pack.laneRatio,
      coverageKPI: (coverage * 1e4).rounded() / 1e4, noveltyKPI: task.novelty,
      comboSample: comboSample, fallbackCount: fallbackCount,
      exploreFloorPreserved: selection.keepsFloor)
  }
}

extension RetrievalPack {
  fileprivate var candidateCount: Int { fields.count + operators.count }

  /// The pack without what no formula can name and without repetitions.
  fileprivate var usable: RetrievalPack {
    var pack = self
    var seen: Set<String> = []
    pack.fields.removeAll { !OutsideText.isName($0.id) || !seen.insert($0.id).inserted }
    seen = []
    pack.operators.removeAll { !OutsideText.isName($0.name) || !seen.insert($0.name).inserted }
    return pack
  }
}

extension ProposalSubject {
  /// The subject with another pack where it has one.
  fileprivate func carrying(_ pack: RetrievalPack) -> ProposalSubject {
    switch self {
    case .idea: self
    case .alphas(let idea, _, let wanted, let earlier):
      .alphas(idea: idea, pack: pack, wanted: wanted, earlier: earlier)
    case .repair(let candidate, _, let findings):
      .repair(candidate: candidate, pack: pack, findings: findings)
    }
  }
}
