import AlphaLanguage
import Backtesting
import Essentials
import Services

/// `athanor simulate`: what formulas would have earned, and whether that can be believed.
enum SimulateCommand {
  /// The series of more alphas would not fit the memory of a small machine.
  static let formulasMax = 5000

  private static let sort = Option<Ranking.Order>(
    "sort", .word("figure"), default: .sharpe, help: "What several formulas are ordered by.")
  private static let top = Option(
    "top", .whole("count", in: 1...formulasMax), default: 50,
    help: "How many of several formulas the table shows.")
  private static let strict = Option.flag(
    "strict", help: "Simulate nothing where one formula of a sheet is refused.")
  private static let series = Option.flag(
    "series", help: "Under --json, add the numbers of every row.")

  static let command: Command = Command(
    "simulate", summary: "Run alphas over a panel and judge them",
    discussion: [
      """
      One formula gives a full report: performance, years, checks, and whether the figures can be \
      trusted. A sheet of formulas gives a ranked table and judges the best of them by how many \
      were tried.
      """,
      FormulaOptions.explanation,
      """
      Settings have the names and values of WorldQuant BRAIN. Only the neutralization differs \
      where it is not given: MARKET in place of SUBINDUSTRY, which needs thousands of stocks.
      """,
      """
      Refused formulas are reported with their line, the others are simulated, and the exit code \
      is 2. Formulas that mean the same are simulated once.
      """,
      """
      What was simulated is recorded in the journal, and luck is judged against every formula that \
      was ever simulated on the panel. See `athanor journal --help`.
      """,
    ],
    positionals: [FormulaOptions.formula.definition],
    options: [FormulaOptions.file.definition] + PanelOptions.definitions
      + SettingOptions.definitions + PricingChoices.definitions
      + [
        sort.definition, top.definition, strict.definition, series.definition,
        TearSheetOptions.html.definition,
      ],
    examples: [
      Command.Example(
        "athanor simulate 'rank(-ts_delta(close, 5))' --neutralization SECTOR --decay 4",
        "Runs a five-day reversal within sectors"),
      Command.Example(
        "athanor simulate --file ideas.txt --sort deflated --top 10",
        "Ranks the formulas of a sheet by what is left of them after luck"),
      Command.Example(
        "athanor simulate 'rank(-returns)' --html sheet.html",
        "Adds a page with charts that can be mailed"),
      Command.Example(
        "athanor simulate 'rank(volume)' --json --series > accepted.json",
        "Keeps a result that later ones can be compared with by --pool"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let sheet = try invocation.sheet(entriesMax: formulasMax)
    let settings = invocation.settings()
    var options = try invocation.pricing(settings)
    let recording = Recording("simulate", invocation)
    let panel = try invocation.openPanel()
    let simulator = try PopulationSimulator(panel: panel, settings: settings)
    let checked = invocation.check(sheet, against: panel)
    let refused = RefusedFormulas(checked)
    if let refused, invocation[strict] || checked.accepted.isEmpty { throw refused }

    options.earlierTrials = try recording.earlierTrials(
      on: panel, besides: checked.accepted.map(\.formula))
    let alphas = invocation.price(checked.formulas, with: simulator, options)
    let detail: SimulationResult.Detail = invocation[series] ? .series : .metrics
    let ranking = Ranking(alphas, by: invocation[sort])
    let unrecorded = recording.record(
      alphas, best: ranking.best, earlierTrials: options.earlierTrials,
      refused: checked.rejected.count, duplicates: checked.duplicateCount)
    let tearSheet = try invocation.writeTearSheet(of: ranking.best, by: simulator)
    if invocation[FormulaOptions.formula] != nil {
      return Answer(json: alphas[0].document(detail), failure: unrecorded) {
        SimulationPage(alpha: alphas[0], tearSheet: tearSheet).text($0)
      }
    }
    let page = RankingPage(
      ranking: ranking, checked: checked, top: invocation[top], tearSheet: tearSheet)
    return Answer(json: ranking.document(checked, detail), failure: unrecorded ?? refused) {
      terminal in
      sheet.entries.count == 1
        ? SimulationPage(alpha: alphas[0], tearSheet: tearSheet).text(terminal)
        : page.text(terminal)
    }
  }
}
