import Essentials
import Research
import Services
import Storage

/// `athanor research status`: how a run stands, as consoles and the reactor show it.
enum ResearchStatusCommand {
  /// The views of a run that consoles draw.
  private enum View: String, Hashable, Sendable, CaseIterable {
    case budget, kpi, reactor, validation
  }

  private static let run = Positional<String?>.optional(
    .text("run"), help: "The run; otherwise the research run that recorded something last.")
  private static let view = Option<View>(
    "view", .word("view"), default: .reactor,
    help: "What --json prints: the budget, the search, the reactor or the validation.")

  static let command: Command = Command(
    "status", summary: "Show how a run stands: pressure, budget, search and validation",
    discussion: [
      """
      Reads the journal, also while the run is under way. Pressure is the fullest of all ceilings, 1 \
      where one is reached; rates fall to zero when nothing happens.
      """
    ],
    positionals: [run.definition],
    options: [
      view.definition, JournalOptions.journal.definition, BudgetFiles.budget.definition,
    ],
    examples: [
      Command.Example("athanor research status", "Shows the latest run"),
      Command.Example("athanor research status --json --view kpi", "How widely a run searches"),
    ], run: show)

  private static func show(_ invocation: Invocation) throws -> Answer {
    let journal = try invocation.openJournal()
    let run = try invocation[run] ?? latest(in: journal)
    guard try !journal.events(limit: 1, filter: JournalFilter(run: run)).isEmpty else {
      throw ResumeFailure.unknownRun(run)
    }
    let now = invocation.surroundings.now()
    var board = GaugeBoard(configuration: try invocation.budgetFiles().configuration)
    let gauges = try board.gauges(of: run, in: journal)
    let desk = try GaugeBoard.desk(in: journal, at: now)
    let shown: JSONValue =
      switch invocation[view] {
      case .budget: gauges.budget(at: now, desk: desk)
      case .kpi: gauges.kpi
      case .reactor: gauges.reactorStatus(at: now, desk: desk)
      case .validation: gauges.validationKPI
      }
    let page = ResearchStatusPage(
      run: run, standing: gauges.standing(at: now, desk: desk),
      budget: gauges.budget(at: now, desk: desk), search: gauges.kpi,
      validation: gauges.validationKPI)
    return Answer(json: shown) { page.text($0) }
  }

  private static func latest(in journal: Journal) throws -> String {
    let runs = try journal.read { tables throws(JournalFailure) in
      try RunIndex().latest(100, in: tables)
    }
    guard
      let run = runs.first(where: { run in
        run.kinds.contains { $0.kind == ResearchEventKind.alphaStarted.rawValue }
      })
    else { throw ResumeFailure.noRun }
    return run.run
  }
}
