import Backtesting
import Essentials
import Markets
import Research
import Services
import Storage

extension Invocation {
  /// Searches for the first of the bundled ideas with the offline proposer, in the journal of the
  /// demonstration. The budget is the usual one and the journal its own, so that nothing is taken
  /// from the desk's own ceilings.
  func demonstrate(on panel: Panel, in folders: DeskFolders) throws -> CampaignReport {
    guard let examples = folders.examples else {
      throw FolderFailure.noExamples(what: "The ideas of the demonstration")
    }
    let path = "\(examples)/Ideas/ideas.json"
    let ideas = try IdeaFile.ideas(text: SourceText.read(path: path), path: path)
    let settings = DemoCommand.settings
    var plan = CampaignPlan(
      ideas: Array(ideas.prefix(self[DemoCommand.ideasMax])), settings: settings,
      limits: .standard(for: .user, delay: settings.delay))
    plan.proposals = self[DemoCommand.proposals]
    plan.children = self[DemoCommand.proposals]
    plan.threads = self[PricingChoices.threads] ?? surroundings.processors
    let budget = BudgetFiles()
    let setup = CampaignSetup(
      plan: plan, panel: panel, budget: budget.configuration, prices: budget.prices,
      estimator: budget.estimator, model: OfflineProposer(), resume: nil,
      version: VersionCommand.version)
    let journal = try Journal.open(
      path: folders.demonstration + "/journal.sqlite", access: journalWriting,
      models: [BudgetIndex()])
    let now = surroundings.now
    let pause = surroundings.pause
    return try withProgress("Searching", total: plan.ideas.count, unit: "ideas") { reporter in
      let board = CampaignBoard(reporter)
      return try surroundings.wait {
        try await setup.run(in: journal, now: now, pause: pause, progress: { board.show($0) })
      }
    }
  }
}
