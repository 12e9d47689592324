import AlphaLanguage
import Backtesting
import Essentials
import Foundation
import Markets
import Research
import Storage
import Synchronization
import TestKit

@testable import Services

/// A journal, a panel and a model that answers what it is told to, for tests of proposals.
final class ProposalStage {
  static let panel = RandomPanels.make(RandomPanels.Shape(rows: 130, columns: 11), seed: 5)

  let folder: ScratchFolder
  let journal: Journal
  let catalogue = MetadataCatalogue(panel: ProposalStage.panel)
  var idea = IdeaSpec(ideaID: "idea-1", hypothesis: "What fell fast comes back.")

  init() throws {
    folder = try ScratchFolder()
    journal = try Journal.open(
      path: folder.url.path + "/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(id: "stage", at: Self.now()), patienceMilliseconds: 5_000),
      models: [BudgetIndex()])
  }

  @Sendable static func now() -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_763_000_000_000)
  }

  var packs: PackBuilder { PackBuilder(catalogue: catalogue, index: CatalogueIndex(catalogue)) }

  var validator: FormulaValidator {
    FormulaValidator(checker: FormulaChecker(schema: Self.panel.schema))
  }

  var simulator: PanelSimulator {
    PanelSimulator(panel: Self.panel, limits: .user, threads: 1, now: Self.now)
  }

  func setup(
    _ answers: ProposalSetup.Answers, run: String = "r",
    budget: BudgetConfiguration = BudgetConfiguration()
  ) -> ProposalSetup {
    ProposalSetup(
      run: run, budget: budget, prices: .empty,
      estimator: PromptEstimator(bound: budget.promptBound), knowledge: PromptKnowledge(),
      answers: answers)
  }

  func maker(
    _ answers: ProposalSetup.Answers, run: String = "r",
    budget: BudgetConfiguration = BudgetConfiguration(), simulates: Bool = true
  ) throws -> ProposalMaker {
    try setup(answers, run: run, budget: budget).maker(
      in: journal, expectsSimulation: simulates, now: Self.now, pause: { _ in })
  }

  func candidateRun(
    _ answers: ProposalSetup.Answers, run: String = "r", simulates: Bool = true,
    validator: FormulaValidator? = nil
  ) throws -> CandidateRun {
    CandidateRun(
      maker: try maker(answers, run: run, simulates: simulates),
      validator: validator ?? self.validator, packs: packs, simulator: simulates ? simulator : nil)
  }

  /// The kinds of the events of a run, in order.
  func kinds(of run: String = "r") throws -> [String] {
    try journal.events(limit: 1_000, filter: JournalFilter(run: run)).map(\.kind)
  }

  /// A candidate as a model writes it, whose settings a short panel can serve.
  static func answer(_ formula: String, idea: String = "idea-1") -> String {
    candidate(formula, idea: idea).json.compactText
  }

  static func candidate(_ formula: String, idea: String = "idea-1") -> CandidateAlpha {
    var candidate = CandidateAlpha(ideaID: idea, formula: formula)
    candidate.simulation.settings.universe = "ALL"
    candidate.simulation.settings.neutralization = "MARKET"
    candidate.simulation.settings.testPeriod = "P0Y"
    return candidate
  }
}

/// A model that gives one answer after the other, the last again and again.
final class RecitingModel: LanguageModel {
  let identity = ModelIdentity(provider: "mock", model: "scripted")
  private let texts: [String]
  private let calls = Mutex<[ModelCall]>([])

  init(_ texts: String...) { self.texts = texts }

  var asked: [ModelCall] { calls.withLock { $0 } }

  func answer(_ call: ModelCall) async -> ModelOutcome {
    let number = calls.withLock { calls in
      calls.append(call)
      return calls.count
    }
    let usage: JSONValue = [
      "input_tokens": 1000, "output_tokens": 500, "total_tokens": 1500,
    ]
    return .answered(ModelAnswer(text: texts[min(number, texts.count) - 1], usage: usage))
  }
}
