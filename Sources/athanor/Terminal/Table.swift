import Foundation

/// Rows and columns of text for a person, fitted to the width of the screen.
///
/// Two spaces part the columns; numbers stand on the right; a missing value is `--`. Where the table
/// is too wide, first columns that may shrink do, then columns leave, the least important first; a
/// line at the end names those that left.
struct Table: Sendable {
  enum Alignment: Hashable, Sendable {
    case left, right
  }

  struct Column: Hashable, Sendable {
    let title: String
    /// The unit of the column's numbers, shown in brackets: `Return [%]`.
    let unit: String?
    let alignment: Alignment
    /// How dear the column is: `nil` for one that never leaves, else lower leaves later.
    let rank: Int?
    /// Cells that remain at least when the column shrinks, nil where it does not shrink.
    let narrowest: Int?

    /// A column of words.
    static func text(
      _ title: String, rank: Int? = nil, narrowest: Int? = nil
    ) -> Column {
      Column(title: title, unit: nil, alignment: .left, rank: rank, narrowest: narrowest)
    }

    /// A column of numbers.
    static func number(_ title: String, unit: String? = nil, rank: Int? = nil) -> Column {
      Column(title: title, unit: unit, alignment: .right, rank: rank, narrowest: nil)
    }

    var heading: String { unit.map { "\(title) [\($0)]" } ?? title }
  }

  /// What stands in one place of a table.
  struct Cell: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: String

    static let missing = Cell("--")

    init(stringLiteral text: String) { self.init(text) }

    init(_ text: String) { self.text = DisplayWidth.harmless(text) }

    /// A number with a fixed count of decimals; one that is not finite is missing.
    static func number(_ value: Double?, decimals: Int = 2) -> Cell {
      guard let value, value.isFinite else { return missing }
      let digits = String(format: "%.*f", decimals, value)
      let isZero = digits.allSatisfy { "-0.".contains($0) }
      return Cell(isZero && digits.hasPrefix("-") ? String(digits.dropFirst()) : digits)
    }

    /// A share, such as 0.0123, as a percentage without its sign: `1.23`. The column's unit is `%`.
    static func percent(_ share: Double?, decimals: Int = 2) -> Cell {
      number(share.map { $0 * 100 }, decimals: decimals)
    }

    /// A whole number with its thousands parted by commas.
    static func count(_ value: Int?) -> Cell {
      guard let value else { return missing }
      let digits = Array(String(value.magnitude))
      var grouped = value < 0 ? "-" : ""
      for (index, digit) in digits.enumerated() {
        if index > 0 && (digits.count - index) % 3 == 0 { grouped.append(",") }
        grouped.append(digit)
      }
      return Cell(grouped)
    }
  }

  let columns: [Column]
  private(set) var rows: [[Cell]] = []

  init(_ columns: [Column], rows: [[Cell]] = []) {
    self.columns = columns
    for row in rows { add(row) }
  }

  /// - Precondition: `row` has one cell for each column.
  mutating func add(_ row: [Cell]) {
    precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
    rows.append(row)
  }

  /// Sets the table in lines of at most `width` cells; nil sets it as wide as it is.
  ///
  /// Columns that never leave keep their place even where they alone are wider than `width`.
  func rendered(width: Int?, paint: Paint = .none) -> String {
    let layout = fitted(to: width)
    func line(_ cell: (Int) -> String) -> String {
      let parts = layout.shown.map { column in
        let text = DisplayWidth.truncated(cell(column), to: layout.widths[column])
        let padding = String(
          repeating: " ", count: layout.widths[column] - DisplayWidth.of(text))
        return columns[column].alignment == .left ? text + padding : padding + text
      }
      let line = parts.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    var lines = [paint.bold(line { columns[$0].heading })]
    lines += rows.map { row in line { row[$0].text } }
    if !layout.hidden.isEmpty {
      let names = layout.hidden.map { columns[$0].heading }.joined(separator: ", ")
      lines.append(
        paint.faint("not shown for lack of width: \(names); --json has everything"))
    }
    return lines.joined(separator: "\n")
  }

  private struct Layout {
    var shown: [Int]
    var hidden: [Int]
    var widths: [Int]

    var width: Int { shown.reduce(0) { $0 + widths[$1] } + 2 * max(0, shown.count - 1) }
  }

  private func fitted(to width: Int?) -> Layout {
    let natural = columns.indices.map { column in
      rows.reduce(DisplayWidth.of(columns[column].heading)) {
        max($0, DisplayWidth.of($1[column].text))
      }
    }
    var layout = Layout(shown: Array(columns.indices), hidden: [], widths: natural)
    guard let width else { return layout }
    for column in columns.indices.reversed() where layout.width > width {
      guard let narrowest = columns[column].narrowest else { continue }
      let excess = layout.width - width
      layout.widths[column] = max(
        min(narrowest, layout.widths[column]), layout.widths[column] - excess)
    }
    while layout.width > width {
      let candidates = layout.shown.filter { columns[$0].rank != nil }
      guard
        let leaving = candidates.max(by: {
          (columns[$0].rank ?? 0, $0) < (columns[$1].rank ?? 0, $1)
        })
      else { break }
      layout.shown.removeAll { $0 == leaving }
      layout.hidden.append(leaving)
    }
    layout.hidden.sort()
    // What the columns that left have freed goes to those that were narrowed.
    for column in layout.shown where layout.width < width {
      layout.widths[column] = min(
        natural[column], layout.widths[column] + width - layout.width)
    }
    return layout
  }
}
