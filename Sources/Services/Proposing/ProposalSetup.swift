package import Essentials
package import Research
package import Storage

/// Everything that an answer is asked for with, before the journal is opened.
package struct ProposalSetup: Sendable {
  package let run: String
  package let budget: BudgetConfiguration
  package let prices: PriceTable
  package let estimator: PromptEstimator
  /// What the model is told of the formula language.
  package let knowledge: PromptKnowledge
  /// Who answers.
  package let answers: Answers
  /// Where all chance begins.
  package var seed: UInt64 = 1
  package var maxOutputTokens = 2_200
  /// How often a model is asked anew where its answer cannot be read.
  package var regenerationsMax = 2

  /// Who answers.
  package enum Answers: Sendable {
    case model(any LanguageModel)
    /// A text in place of every answer.
    case text(String)
  }

  package init(
    run: String, budget: BudgetConfiguration, prices: PriceTable, estimator: PromptEstimator,
    knowledge: PromptKnowledge, answers: Answers
  ) {
    self.run = run
    self.budget = budget
    self.prices = prices
    self.estimator = estimator
    self.knowledge = knowledge
    self.answers = answers
  }

  /// The model's name; nil where a text stands in for it.
  package var identity: ModelIdentity? {
    if case .model(let model) = answers { model.identity } else { nil }
  }

  /// Opens what answers in a journal that was opened for writing with ``BudgetIndex``.
  ///
  /// - Parameters:
  ///   - expectsSimulation: whether the run simulates.
  ///   - subcategoriesAvailable: how many the catalogue has, nil where nobody knows.
  ///   - pause: returns after about so long.
  package func maker(
    in journal: Journal, expectsSimulation: Bool = true, subcategoriesAvailable: Int? = nil,
    now: @escaping @Sendable () -> Timestamp, pause: @escaping @Sendable (Duration) -> Void
  ) throws -> ProposalMaker {
    let record = ResearchRecord(
      run: run, recorder: try RunRecorder(addingTo: run, journal: journal),
      expectsSimulation: expectsSimulation, now: now)
    switch answers {
    case .text(let text):
      return ProposalMaker(record: record, source: .text(text), regenerationsMax: 0)
    case .model(let model):
      let book = try BudgetBook.open(
        journal: journal, configuration: budget, prices: prices, at: now())
      let desk = try ModelDesk(
        run: run, model: model, book: book, journal: journal, owner: run, now: now, pause: pause)
      return ProposalMaker(
        record: record,
        source: .model(
          ProposalDesk(
            desk: desk,
            prompts: PromptCompiler(knowledge: knowledge, estimator: estimator),
            seed: seed, maxOutputTokens: maxOutputTokens,
            subcategoriesAvailable: subcategoriesAvailable)), regenerationsMax: regenerationsMax)
    }
  }
}
