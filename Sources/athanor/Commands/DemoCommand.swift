import AlphaLanguage
import Backtesting
import Essentials
import Research
import Services
import Storage

/// `athanor demo`: famous formulas on bundled data, and what is left of them.
enum DemoCommand {
  /// For the 99 stocks of the bundled panel.
  ///
  /// The universe is the index as its members were dated, so a stock does not count before it was
  /// large. Sectors hold about nine stocks each, which finer groups would not; the best of a sector
  /// may have a twentieth of the book. Four days of decay halve the turnover of daily formulas.
  static let settings: SimulationSettings = {
    var settings = SimulationSettings()
    settings.universe = "sp500"
    settings.neutralization = .sector
    settings.decay = 4
    settings.truncation = 0.05
    return settings
  }()

  /// The sheet below the folder of examples.
  private static let sheetPath = "Formulas/well-known.txt"

  static let ideasMax = Option(
    "take", .whole("count", in: 1...IdeaFile.ideasMax), default: 4,
    help: "How many of the bundled ideas are searched for.")
  static let proposals = Option(
    "proposals", .whole("count", in: 1...64), default: 12,
    help: "Formulas asked for in one call for an idea, and children of them.")

  static let replayFrom = Option(
    "replay-from", .date, default: CalendarDate(daysSinceEpoch: 16_436),
    help: "The first day that the world is led through.")
  static let replayTo = Option(
    "replay-to", .date, default: CalendarDate(daysSinceEpoch: 17_166), help: "The last one.")

  static let command: Command = Command(
    "demo", summary: "Judge famous alphas on bundled market data",
    discussion: [
      """
      Prices the formulas of Examples/Formulas/well-known.txt on 99 large US stocks from 2010 to \
      2017, ranks them, judges the best by how many were tried, and writes its tear sheet. Then \
      searches for new ones with the offline proposer, and leads some of them through two years of a \
      world whose policy decides who may trade. Last it trades two weeks of six perpetual contracts, or \
      says why it does not. All is recorded in a journal of its own that `athanor serve --demo` shows. \
      Works offline and takes less than a minute.
      """
    ],
    options: [
      PanelOptions.store.definition, ideasMax.definition, proposals.definition,
      replayFrom.definition, replayTo.definition, PricingChoices.threads.definition,
      TearSheetOptions.html.definition,
    ],
    examples: [
      Command.Example("athanor demo", "Shows the whole way from formulas to a judgment"),
      Command.Example("athanor demo --json", "The same for a program"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let library = try invocation.library()
    guard let examples = library.folders.examples else {
      throw FolderFailure.noExamples(what: "The formulas of the demo")
    }
    let path = "\(examples)/\(sheetPath)"
    let sheet = try FormulaSheet(
      text: SourceText.read(path: path), title: path, entriesMax: SimulateCommand.formulasMax)
    let panel = try invocation.open(BundledData.equities)
    let simulator = try PopulationSimulator(panel: panel, settings: settings)
    let checked = invocation.check(sheet, against: panel)
    if let refused = RefusedFormulas(checked) { throw refused }
    var options = PricingOptions(limits: .standard(for: .user, delay: settings.delay))
    options.threads = invocation[PricingChoices.threads] ?? invocation.surroundings.processors
    let alphas = invocation.price(checked.formulas, with: simulator, options)

    let ranking = Ranking(alphas, by: .sharpe)
    let tearSheet = try invocation.writeTearSheet(
      of: ranking.best, by: simulator, orTo: library.folders.reports + "/demo.html")
    let page = RankingPage(
      ranking: ranking, checked: checked, top: alphas.count, tearSheet: tearSheet)
    let search = try invocation.demonstrate(on: panel, in: library.folders)
    let searchPage = CampaignPage(report: search, top: 0, tearSheet: nil, notice: nil)
    let world = try invocation.demonstrateWorld(in: library.folders)
    let engine = try invocation.demonstrateEngine(in: library.folders)
    guard case .object(let members) = ranking.document(checked, .metrics) else {
      preconditionFailure("the document of a ranking is an object")
    }
    return Answer(
      json: .object(
        members + [
          .init("research", search.document(top: 0)), .init("world", world.json),
          .init("replay", engine.json),
        ])
    ) { terminal in
      [
        introduction(count: alphas.count, path: path, terminal), page.text(terminal),
        verdict(terminal), searchPage.brief(terminal), world.text(terminal),
        engine.text(terminal), conclusion(path: path, search, world, terminal),
      ].joined(separator: "\n\n")
    }
  }

  private static func introduction(
    count: Int, path: String, _ terminal: TerminalFacts
  ) -> String {
    Paragraph(
      """
      \(count) famous formulas on 99 large US stocks, eight years of days: reversal, momentum, risk, \
      volume, value, quality, and six of the 101 Formulaic Alphas. They are those of \(path).
      """
    ).lines(width: terminal.textWidth).joined(separator: "\n")
  }

  private static func verdict(_ terminal: TerminalFacts) -> String {
    Paragraph(
      """
      Most famous formulas do not survive: on stocks that everybody watches, in years after their \
      publication, before costs. That is the honest answer, and the figure that matters is the \
      deflated one. So the desk searched for new ones, under a budget, and wrote every step down:
      """
    ).lines(width: terminal.textWidth).joined(separator: "\n")
  }

  private static func conclusion(
    path: String, _ search: CampaignReport, _ world: DemoWorld, _ terminal: TerminalFacts
  ) -> String {
    let next = [
      (
        "athanor serve --demo",
        "a live campaign to watch; then open, also for the run above,\n"
          + "      http://127.0.0.1:8765/ui/reactor?run_id=\(search.run)\n"
          + "      http://127.0.0.1:8765/ui/lab?run_id=\(search.run)\n"
          + "      http://127.0.0.1:8765/ui/worlds?world=\(world.world)"
      ),
      ("athanor simulate 'rank(-ts_delta(close, 5))' --neutralization SECTOR", "a report on one"),
      ("athanor simulate --file \(path) --cost-bp 5", "the sheet with costs"),
      ("athanor check 'rnak(close)'", "a mistake, explained"),
      ("athanor operators ts_rank", "an operator, documented"),
      ("athanor compare 'rank(-returns)' 'rank(-ts_delta(close, 5))'", "is one better?"),
      (
        "athanor world apply -f Examples/Worlds/demo.yml",
        "a world of your own; then `athanor world run demo --replay 2015-01-01 --to 2016-12-31`"
      ),
      (
        "athanor replay --data Examples/Data/crypto-perps --set signals.rules=face_value",
        "the six contracts, traded by who believes every drift; and what that costs"
      ),
      ("athanor research run", "a search for new ones, under a budget"),
      ("athanor data import --help", "your own data"),
    ].map { "  \($0.0)\n      \($0.1)" }
    return ([terminal.paint.bold("What to try next")] + next).joined(separator: "\n")
  }
}
