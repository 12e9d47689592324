import Essentials
import Foundation
import Research

/// `athanor budget check`: whether a budget can be used, and what its ceilings are.
enum BudgetCheckCommand {
  static let command: Command = Command(
    "check", summary: "Explain the ceilings of a budget, or what is wrong with it",
    discussion: [
      """
      Unknown keys, values of the wrong type and impossible values are errors; all of them are \
      named at once, and the exit code is then 4. Without --budget the file is \
      \(BudgetFiles.usualPath).
      """
    ],
    options: [BudgetFiles.budget.definition],
    examples: [
      Command.Example("athanor budget check", "Explains the usual budget"),
      Command.Example("athanor budget check --budget mine.json --json", "Checks another"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let path = invocation[BudgetFiles.budget] ?? BudgetFiles.usualPath
    let files = try BudgetFiles(path: path)
    let document: JSONValue = [
      "path": .string(path), "configuration": files.configuration.document,
      "prices": [
        "date": .string(files.prices.date), "source": .string(files.prices.source),
        "names": .integer(files.prices.count),
      ],
      "exact_counts": .strings(files.estimator.models),
      "remarks": .strings(files.configuration.remarks),
    ]
    return Answer(json: document) { text(path, files, $0) }
  }

  private static func text(
    _ path: String, _ files: BudgetFiles, _ terminal: TerminalFacts
  ) -> String {
    var table = Table([.text("key"), .text("value")])
    if case .object(let members) = files.configuration.document {
      for member in members {
        table.add([
          Table.Cell(member.name),
          member.value == .null ? .missing : Table.Cell(member.value.compactText),
        ])
      }
    }
    let prices =
      files.prices.count == 0
      ? "No prices are known; calls are allowed unless a cost ceiling holds."
      : "Prices of \(files.prices.count) names, of \(files.prices.date): \(files.prices.source)."
    let exact = files.estimator.models
    let counts =
      exact.isEmpty
      ? "No prompt is counted exactly; bounds are learned from what providers count."
      : "Prompts are counted exactly for models that begin with \(exact.joined(separator: ", "))."
    let remarks = files.configuration.remarks.map { terminal.paint.yellow("remark: ") + $0 }
    return
      ([terminal.paint.bold(path), table.rendered(width: terminal.width, paint: terminal.paint)]
      + [prices, counts] + remarks).joined(separator: "\n")
  }
}
