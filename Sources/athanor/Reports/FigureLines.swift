import Backtesting
import Essentials

/// Figures below each other, each with its unit, its value and a remark that may take several lines.
struct FigureLines: Sendable {
  private struct Row {
    let name: String
    let value: String
    let remark: String
  }

  private let rows: [Row]

  /// - Parameter coin: what money is counted in.
  init(_ figures: [(name: BilingualText, value: ReplayPageContent.Quantity, String)], coin: String)
  {
    rows = figures.map { name, value, remark in
      let unit = Self.unit(of: value, coin: coin).map { " [\($0)]" } ?? ""
      return Row(name: name.english + unit, value: Self.text(of: value), remark: remark)
    }
  }

  /// Sets the figures: names on the left, values on the right of their column, remarks behind.
  func text(_ terminal: TerminalFacts) -> String {
    let nameWidth = rows.reduce(0) { max($0, DisplayWidth.of($1.name)) }
    let valueWidth = rows.reduce(0) { max($0, DisplayWidth.of($1.value)) }
    let indent = 2 + nameWidth + 2 + valueWidth + 2
    let hasRoom = terminal.textWidth - indent >= 16
    return rows.flatMap { row -> [String] in
      let name = row.name + String(repeating: " ", count: nameWidth - DisplayWidth.of(row.name))
      let gap = String(repeating: " ", count: valueWidth - DisplayWidth.of(row.value))
      let lead = "  \(name)  \(gap)\(row.value)"
      guard hasRoom, !row.remark.isEmpty else { return [lead] }
      return Paragraph(row.remark).hung(behind: lead, indent: indent, width: terminal.textWidth)
    }.joined(separator: "\n")
  }

  private static func unit(of value: ReplayPageContent.Quantity, coin: String) -> String? {
    switch value {
    case .money: coin
    case .share, .shares: "%"
    case .number, .numbers, .count, .span, .instant, .text, .missing: nil
    }
  }

  private static func text(of value: ReplayPageContent.Quantity) -> String {
    switch value {
    case .money(let amount): Table.Cell.number(amount).text
    case .share(let share): Table.Cell.percent(share).text
    case .number(let number, let decimals): Table.Cell.number(number, decimals: decimals).text
    case .count(let count): Table.Cell.count(count).text
    case .span(let span): ReplayText.length(span)
    case .instant(let instant): ReplayText.minute(instant)
    case .shares(let low, let high):
      "\(Table.Cell.percent(low).text) to \(Table.Cell.percent(high).text)"
    case .numbers(let low, let high, let decimals):
      "\(Table.Cell.number(low, decimals: decimals).text) to "
        + Table.Cell.number(high, decimals: decimals).text
    case .text(let text): DisplayWidth.harmless(text.english)
    case .missing: Table.Cell.missing.text
    }
  }
}
