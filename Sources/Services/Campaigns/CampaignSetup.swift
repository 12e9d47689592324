package import Backtesting
package import Essentials
package import Markets
package import Research
package import Storage

/// Everything that a campaign is made from before the journal is opened.
package struct CampaignSetup: Sendable {
  package let plan: CampaignPlan
  package let panel: Panel
  package let budget: BudgetConfiguration
  package let prices: PriceTable
  package let estimator: PromptEstimator
  package let model: any LanguageModel
  /// The run to go on with, nil to begin one.
  package let resume: String?
  /// The version of the program.
  package let version: String
  /// The least time between two steps that are recorded, so that people can follow; changes nothing
  /// of what is recorded.
  package var pace = Duration.zero
  /// What a run that is begun is called, nil for a name that follows from what it is.
  package var wantedName: String?

  package init(
    plan: CampaignPlan, panel: Panel, budget: BudgetConfiguration, prices: PriceTable,
    estimator: PromptEstimator, model: any LanguageModel, resume: String?, version: String
  ) {
    self.plan = plan
    self.panel = panel
    self.budget = budget
    self.prices = prices
    self.estimator = estimator
    self.model = model
    self.resume = resume
    self.version = version
  }

  /// What the run is, as `run.started` says it: equal plans on equal panels begin equal runs.
  package var start: JSONValue {
    .object(
      [
        .init("command", "research"), .init("version", .string(version)),
        .init(
          "panel",
          [
            "name": .string(panel.name), "fingerprint": .string(panel.fingerprint.hexadecimal),
          ]),
        .init(
          "model",
          [
            "provider": .string(model.identity.provider), "model": .string(model.identity.model),
          ]),
      ] + plan.members + [.init("budget", budget.document)])
  }

  /// Runs the campaign in a journal that was opened for writing with ``BudgetIndex``.
  ///
  /// - Parameter pause: returns after about so long.
  package func run(
    in journal: Journal, now: @escaping @Sendable () -> Timestamp,
    pause: @escaping @Sendable (Duration) -> Void,
    progress: @escaping @Sendable (Campaign.Progress) -> Void
  ) async throws -> CampaignReport {
    let book = try BudgetBook.open(
      journal: journal, configuration: budget, prices: prices, at: now())
    let recorder = try RunRecorder(run: try name(in: journal), journal: journal) { kind in
      ModelDesk.kinds.contains(kind) || kind.hasPrefix("budget.") || kind.hasPrefix("control.")
    }
    if pace > .zero { recorder.afterWriting = { [pace] in pause(pace) } }
    let desk = try ModelDesk(
      run: recorder.run, model: model, book: book, journal: journal, owner: recorder.run, now: now,
      pause: pause)
    let catalogue = MetadataCatalogue(panel: panel)
    let tools = Campaign.Tools(
      desk: desk, recorder: recorder, journal: journal,
      bench: SimulatorBench(panel: panel, limits: plan.limits, threads: plan.threads),
      packs: PackBuilder(
        catalogue: catalogue, index: CatalogueIndex(catalogue), seed: plan.seed),
      prompts: PromptCompiler(
        knowledge: try knowledge(of: catalogue, at: now()), estimator: estimator), now: now)
    return try await Campaign(plan: plan, tools: tools, progress: progress).run(start: start)
  }

  /// What the model is told of the language: the operators, with examples and counterexamples that
  /// were checked on the panel's fields.
  private func knowledge(
    of catalogue: MetadataCatalogue, at now: Timestamp
  ) throws -> PromptKnowledge {
    let build = KnowledgeBuilder(catalogue: catalogue, settings: .success(.local), at: now).build()
    return PromptKnowledge(try build.pack(), target: SimulationTarget())
  }

  /// The simulator of a candidate, for what its report shows beside the figures.
  package func simulator(for entry: CampaignEntry) throws(SimulationRefusal) -> PopulationSimulator
  {
    try PopulationSimulator(panel: panel, settings: entry.settings)
  }

  /// The run's name: that of `--resume`, the one that is wanted, or one that follows from what it is,
  /// counted up where the journal has it already.
  private func name(in journal: Journal) throws -> String {
    if let resume {
      guard try beginning(of: resume, in: journal)?.payload?["command"] == .string("research")
      else { throw ResumeFailure.unknownRun(resume) }
      return resume
    }
    if let wantedName {
      // Whoever let the run begin may have written of it before.
      guard try beginning(of: wantedName, in: journal) == nil else {
        throw ResumeFailure.isBegun(wantedName)
      }
      return wantedName
    }
    let stem = "research-" + Fingerprint(of: start.compactText).hexadecimal.prefix(12)
    var name = stem
    var number = 1
    while try !journal.events(limit: 1, filter: JournalFilter(run: name)).isEmpty {
      number += 1
      name = "\(stem)-\(number)"
    }
    return name
  }

  /// The event that begins a run, nil where the journal has none.
  private func beginning(
    of run: String, in journal: Journal
  ) throws(JournalFailure) -> JournalEvent? {
    try journal.events(limit: 1, filter: JournalFilter(run: run, kind: "run.started")).first
  }
}
