import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Research
import Services
import Storage

/// `athanor research run`: a campaign over ideas.
enum ResearchRunCommand {
  private static let ideas = Option<String?>.optional(
    "ideas", .file(),
    help: "A JSON array of ideas; otherwise those that come with the program.")
  private static let ideasMax = Option<Int?>.optional(
    "take", .whole("count", in: 1...IdeaFile.ideasMax), help: "Only the first of the ideas.")
  private static let seed = Option(
    "seed", .whole("seed", in: 0...1_000_000_000), default: 1,
    help: "Where all chance begins; with the same answers, a run is the same to the last bit.")
  private static let proposals = Option(
    "proposals", .whole("count", in: 1...64), default: 12,
    help: "Formulas asked for in one call for an idea.")
  private static let generations = Option(
    "generations", .whole("count", in: 0...20), default: 1,
    help: "How many times the best are mutated.")
  private static let children = Option(
    "children", .whole("count", in: 1...500), default: 12,
    help: "Children of an idea in a generation.")
  private static let policy = Option<String?>.optional(
    "judging", .file(), help: "What an alpha must reach, as JSON; otherwise the defaults.")
  private static let resume = Option<String?>.optional(
    "resume", .text("run"),
    help: "Go on with an interrupted run; the other options must be those it was begun with.")
  private static let pace = Option(
    "pace", .whole("milliseconds", in: 0...60_000), default: 0,
    help: "Rest so long after each recorded step, so that people can follow on the pages.")
  private static let top = Option(
    "top", .whole("count", in: 1...5_000), default: 20, help: "How many candidates are shown.")

  static let command: Command = Command(
    "run", summary: "Run a campaign over ideas",
    discussion: [
      """
      For every idea a model is asked for formulas, within the ceilings of the budget. What checks \
      is simulated and judged, the best are mutated, and all are judged by how many were tried. The \
      journal keeps every step, and a run that was interrupted goes on with --resume.
      """,
      """
      Without a key the offline proposer answers: it composes formulas from the pack of an idea by \
      itself, costs nothing, and needs no network.
      """,
      """
      An idea whose prompt does not fit is carried over to the next day, week or run, or dropped, \
      and the report says why. Where no idea could be asked for, the exit code is 2.
      """,
    ],
    options: [
      ideas.definition, ideasMax.definition, BudgetFiles.budget.definition, seed.definition,
      proposals.definition, generations.definition, children.definition, policy.definition,
      resume.definition, ProposalOptions.run.definition, pace.definition, top.definition,
    ] + PanelOptions.definitions + SettingOptions.definitions + ModelOptions.definitions
      + [
        PricingChoices.limits.definition, PricingChoices.threads.definition,
        JournalOptions.journal.definition, TearSheetOptions.html.definition,
      ],
    examples: [
      Command.Example("athanor research run", "Searches for the bundled ideas, offline"),
      Command.Example(
        "athanor research run --ideas ideas.json --budget configs/llm_budget.json",
        "Searches for your ideas under your budget"),
      Command.Example(
        "athanor research run --llm-provider ollama --llm-model qwen3",
        "Asks a model on this machine"),
      Command.Example(
        "athanor research run --resume research-1f2e3d4c5b6a", "Goes on where a run stopped"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    var plan = try plan(invocation)
    let files = try invocation.budgetFiles()
    let provider = try invocation.provider()
    plan.maxOutputTokens = provider.maxOutputTokens
    let model = try invocation.model(of: provider)
    let panel = try invocation.openPanel()
    var setup = CampaignSetup(
      plan: plan, panel: panel, budget: files.configuration, prices: files.prices,
      estimator: files.estimator, model: model, resume: invocation[resume],
      version: VersionCommand.version)
    setup.pace = .milliseconds(invocation[pace])
    setup.wantedName = invocation[ProposalOptions.run]
    let journal = try Journal.open(
      path: try invocation.journalPath(), access: invocation.journalWriting,
      models: [BudgetIndex()])
    let now = invocation.surroundings.now
    let pause = invocation.surroundings.pause
    let report = try invocation.withProgress(
      "Preparing", total: plan.ideas.count, unit: "ideas"
    ) { reporter in
      let board = CampaignBoard(reporter)
      return try invocation.surroundings.wait { [setup] in
        try await setup.run(
          in: journal, now: now, pause: pause, progress: { board.show($0) })
      }
    }
    let sheet = try report.best.flatMap { best in
      try invocation.writeTearSheet(of: best.priced, by: setup.simulator(for: best))
    }
    let page = CampaignPage(
      report: report, top: invocation[top], tearSheet: sheet, notice: provider.notice)
    return Answer(
      json: report.document(top: invocation[top]), failure: report.failure
    ) { page.text($0) }
  }

  private static func plan(_ invocation: Invocation) throws -> CampaignPlan {
    let settings = invocation.settings()
    var plan = CampaignPlan(
      ideas: try invocation.ideas(ideas), settings: settings,
      limits: .standard(for: invocation[PricingChoices.limits], delay: settings.delay))
    if let count = invocation[ideasMax] { plan.ideas = Array(plan.ideas.prefix(count)) }
    plan.seed = UInt64(invocation[seed])
    plan.proposals = invocation[proposals]
    plan.generations = invocation[generations]
    plan.children = invocation[children]
    plan.threads = invocation[PricingChoices.threads] ?? invocation.surroundings.processors
    if let path = invocation[policy] {
      plan.policy = try JudgingPolicy(text: SourceText.read(path: path), path: path)
    }
    return plan
  }
}

extension Invocation {
  /// The ideas of a file, or those that come with the program.
  fileprivate func ideas(_ option: Option<String?>) throws -> [IdeaSpec] {
    let path: String
    if let named = self[option] {
      path = named
    } else {
      guard let examples = try library().folders.examples else {
        throw FolderFailure.noExamples(what: "The bundled ideas")
      }
      path = "\(examples)/Ideas/ideas.json"
    }
    return try IdeaFile.ideas(text: SourceText.read(path: path), path: path)
  }
}
