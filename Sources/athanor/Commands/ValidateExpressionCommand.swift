import AlphaLanguage
import Essentials
import Markets
import Research

/// `athanor validate-expression`: one formula as a program asks about it, the report always JSON.
enum ValidateExpressionCommand {
  private static let expression = Positional<String>.required(
    .text("expression"), help: "The formula, in quotes.")
  private static let alphaType = Option(
    "alpha-type", .word("type"), default: ValidationReport.AlphaType.regular,
    help: "What the expression is for.")
  private static let repair = Option<Bool>.flag(
    "repair", help: "Add the cheapest repair of a formula that is refused.")

  static let command: Command = Command(
    "validate-expression", summary: "Report as JSON whether a formula may be simulated",
    discussion: [
      """
      The report has is_valid, errors, warnings, used_operators and used_fields, and beside them \
      each finding with its key, place and hint. The exit code is 2 for a formula that is refused. \
      For people `athanor check` says the same in a compiler's words.
      """,
      """
      Of a super alpha's expression, COMBO or SELECTION, only names, scopes and parentheses are \
      checked.
      """,
    ],
    positionals: [expression.definition],
    options: [alphaType.definition, repair.definition] + PanelOptions.definitions,
    examples: [
      Command.Example(
        "athanor validate-expression 'rank(ts_delta(close, 5))'", "Reports on a formula"),
      Command.Example(
        "athanor validate-expression 'rank(clsoe' --repair", "Repairs one that is refused"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let checker = FormulaChecker(schema: try invocation.openPanel().schema)
    let report = FormulaValidator(checker: checker)
      .report(on: invocation[expression], as: invocation[alphaType])
    var document = report.json
    if invocation[repair], report.alphaType == .regular, case .object(let members) = document {
      let repaired = repair(of: report.source, by: checker)
      document = .object(members + [JSONValue.Member("repair", repaired)])
    }
    let answer = document
    return Answer(json: answer, failure: RefusedExpression(report)) { _ in answer.indentedText }
  }

  private static func repair(of source: String, by checker: FormulaChecker) -> JSONValue {
    switch FormulaRepair(checker: checker).repair(source) {
    case .valid: .null
    case .repaired(let repaired):
      [
        "text": .string(repaired.text), "cost": .number(repaired.cost),
        "edits": .array(repaired.edits.map(\.json)), "reason": .null,
      ]
    case .unrepairable(let reason):
      ["text": .null, "cost": .null, "edits": .array([]), "reason": .string(reason)]
    }
  }
}

/// What speaks against an expression whose report was given.
private struct RefusedExpression: ExplainedFailure {
  let key: String
  let explanation: String
  let remedy: String
  var outcome: FailureOutcome { .refused }

  /// Nil for a valid one.
  init?(_ report: ValidationReport) {
    guard let first = report.errorFindings.first else { return nil }
    key = first.key
    explanation = first.message
    remedy = first.hint ?? "Correct the formula and check it again."
  }
}
