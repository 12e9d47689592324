/// A table for a terminal: columns as wide as their widest cell, two spaces between them. The first
/// column stands at the left, all others at the right.
package struct TextTable: Sendable {
  private var rows: [[String]]

  package init(header: [String]) {
    rows = [header]
  }

  /// - Precondition: as many cells as the header has.
  package mutating func append(_ cells: [String]) {
    precondition(cells.count == rows[0].count, "\(cells.count) cells for \(rows[0].count) columns")
    rows.append(cells)
  }

  /// The lines without spaces at their ends, each closed by a newline.
  package var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? cell + padding : "  " + padding + cell
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }

  /// Writes a number with so many digits after the point, `--` where it is missing or infinite.
  ///
  /// The number is rounded half away from zero; one beyond 10^15 is written in full instead.
  package static func decimal(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "--" }
    var power = 1
    for _ in 0..<digits { power *= 10 }
    guard value.magnitude * Double(power) < 1e15 else { return value.description }
    let scaled = Int((value.magnitude * Double(power)).rounded())
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % power)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(scaled / power).\(zeros)\(fraction)"
  }
}
