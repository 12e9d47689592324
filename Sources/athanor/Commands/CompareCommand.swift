import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Services

/// `athanor compare`: which of two formulas is better, and how sure that is.
enum CompareCommand {
  private static let first = Positional.required(.text("first"), help: "A formula in quotes.")
  private static let second = Positional.required(
    .text("second"), help: "The formula to compare it with.")

  static let command: Command = Command(
    "compare", summary: "Say which of two alphas is better, and how sure that is",
    discussion: [
      """
      Both formulas are simulated with the same settings. The difference of their Sharpe ratios \
      comes with an interval from resampling both with the same blocks of days, so what moves both \
      cancels. Both are recorded in the journal.
      """
    ],
    positionals: [first.definition, second.definition],
    options: PanelOptions.definitions + SettingOptions.definitions + PricingChoices.definitions,
    examples: [
      Command.Example(
        "athanor compare 'rank(-returns)' 'rank(-ts_delta(close, 5))'",
        "Compares a reversal of one day with one of five"),
      Command.Example(
        "athanor compare 'a = close - open; a' 'subtract(close, open)'",
        "Finds that both mean the same"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let settings = invocation.settings()
    var options = try invocation.pricing(settings)
    let recording = Recording("compare", invocation)
    let panel = try invocation.openPanel()
    let checker = FormulaChecker(schema: panel.schema)
    let formulas = try [invocation[first], invocation[second]].map { text in
      let checked = CheckedSheet(FormulaSheet(formula: text), by: checker)
      if let refused = RefusedFormulas(checked) { throw refused }
      return checked.accepted[0].formula
    }
    let simulator = try PopulationSimulator(panel: panel, settings: settings)
    options.earlierTrials = try recording.earlierTrials(on: panel, besides: formulas)
    let comparison = invocation.withProgress("Simulating", total: 2, unit: "formulas") { reporter in
      AlphaComparison(
        of: formulas[0], and: formulas[1], by: simulator, options: options,
        progress: { reporter.advance(to: $0) })
    }
    let alphas =
      comparison.verdict == .same ? [comparison.first] : [comparison.first, comparison.second]
    let unrecorded = recording.record(
      alphas, best: comparison.verdict == .secondIsBetter ? comparison.second : comparison.first,
      earlierTrials: options.earlierTrials, duplicates: 2 - alphas.count)
    return Answer(json: comparison.json, failure: unrecorded) {
      ComparisonPage(comparison: comparison).text($0)
    }
  }
}
