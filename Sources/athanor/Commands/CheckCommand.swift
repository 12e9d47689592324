import AlphaLanguage
import Essentials
import Markets
import Services

/// `athanor check`: what formulas mean, or what is wrong with them.
enum CheckCommand {
  /// Beyond this a sheet is no longer written by anybody.
  private static let formulasMax = 200_000

  static let command: Command = Command(
    "check", summary: "Explain what formulas mean, or what is wrong with them",
    discussion: [
      """
      A formula that may run is shown with its canonical form, fingerprint, unit, look-back, \
      complexity, fields and warnings. A mistake is underlined as a compiler would, with the \
      nearest known name; the exit code is then 2.
      """,
      FormulaOptions.explanation,
    ],
    positionals: [FormulaOptions.formula.definition],
    options: [FormulaOptions.file.definition] + PanelOptions.definitions,
    examples: [
      Command.Example("athanor check 'rank(-returns) * volume'", "Explains a formula"),
      Command.Example("athanor check 'rnak(close)'", "Explains a mistake"),
      Command.Example("athanor check --file ideas.txt --json", "Checks a sheet for a program"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let sheet = try invocation.sheet(entriesMax: formulasMax)
    let panel = try invocation.openPanel()
    let checked = invocation.check(sheet, against: panel)
    let refused = RefusedFormulas(checked)
    if invocation[FormulaOptions.formula] != nil || sheet.entries.count == 1 {
      if let refused { throw refused }
      let accepted = checked.accepted[0]
      return Answer(
        json: invocation[FormulaOptions.formula] != nil
          ? accepted.formula.json : checked.document(panelName: panel.name)
      ) { CheckPage(formula: accepted.formula, panelName: panel.name).text($0) }
    }
    return Answer(json: checked.document(panelName: panel.name), failure: refused) {
      SheetPage(checked: checked).text($0)
    }
  }
}
