import AlphaLanguage
import Essentials
import Markets

/// What is known of one formula that may run.
struct CheckPage: Sendable {
  let formula: CheckedFormula
  let panelName: String

  func text(_ terminal: TerminalFacts) -> String {
    let complexity = formula.complexity
    let entries: [(String, String)] = [
      ("formula", formula.source),
      ("canonical", formula.canonicalText),
      ("fingerprint", formula.fingerprint.hexadecimal),
      ("type", "MATRIX, \(formula.unit.map(\.description) ?? "unit not known")"),
      ("look-back", lookBack),
      ("reach", reach),
      (
        "complexity",
        "\(complexity.operators) operators, \(complexity.fields) fields, "
          + "\(complexity.nodes) nodes, depth \(complexity.depth)"
      ),
      ("fields", formula.fields.isEmpty ? "none" : formula.fields.joined(separator: ", ")),
      ("panel", panelName),
    ]
    var text =
      terminal.paint.green("ok") + "\n"
      + entries.flatMap { name, value in
        Paragraph(DisplayWidth.harmless(value)).hung(
          behind: name, indent: 13, width: terminal.textWidth)
      }.joined(separator: "\n")
    for warning in formula.warnings {
      text += "\n\n" + warning.rendered(in: formula.source)
    }
    return text
  }

  private var lookBack: String {
    switch formula.lookBack {
    case .rows(0): "none: each row depends on itself alone"
    case .rows(1): "1 earlier row"
    case .rows(let count): "\(Table.Cell.count(count).text) earlier rows"
    case .unbounded: "all of history: the formula holds state"
    }
  }

  private var reach: String {
    formula.latestLead < 0
      ? "its last data is \(-formula.latestLead) rows old"
      : "up to its own row; nothing from the future"
  }
}
