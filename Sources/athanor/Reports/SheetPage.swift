import AlphaLanguage
import Services

/// What is known of the formulas of a sheet, one in each row.
struct SheetPage: Sendable {
  /// A longer list is for programs.
  static let shownMax = 500

  let checked: CheckedSheet

  func text(_ terminal: TerminalFacts) -> String {
    var table = Table([
      .text("name"), .number("line"), .number("operators", rank: 2), .number("fields", rank: 3),
      .number("look-back", unit: "rows", rank: 1), .number("warnings", rank: 4),
      .text("canonical", narrowest: 24),
    ])
    for accepted in checked.accepted.prefix(Self.shownMax) {
      let formula = accepted.formula
      var lookBack = Table.Cell("all")
      if case .rows(let rows) = formula.lookBack { lookBack = .count(rows) }
      table.add([
        Table.Cell(accepted.entry.name), .count(accepted.entry.line),
        .count(formula.complexity.operators), .count(formula.complexity.fields), lookBack,
        .count(formula.warnings.count), Table.Cell(formula.canonicalText),
      ])
    }
    var lines: [String] = []
    if !checked.accepted.isEmpty {
      lines.append(table.rendered(width: terminal.width, paint: terminal.paint))
    }
    if checked.accepted.count > Self.shownMax {
      lines.append("The first \(Self.shownMax) are shown; --json lists all.")
    }
    for accepted in checked.accepted.prefix(Self.shownMax) {
      for duplicate in accepted.duplicates {
        lines.append(
          "\(duplicate.name) (line \(duplicate.line)) means the same as \(accepted.entry.name).")
      }
    }
    lines.append(
      "\(checked.accepted.count) may run, \(checked.duplicateCount) mean the same as another, "
        + "\(checked.rejected.count) are refused.")
    return lines.joined(separator: "\n")
  }
}
