import Essentials
import Foundation
import Services
import Storage

/// What came of estimating a model on files.
struct FitPage: Sendable {
  let fitting: ModelFitting
  /// The file of the document, nil where none was asked for.
  let output: String?

  /// The file that was written, nil where there was nothing to write.
  private var written: String? { fitting.document == nil ? nil : output }

  var json: JSONValue {
    [
      "model": .string(fitting.model.rawValue),
      "written": written.map(JSONValue.string) ?? .null,
      "files": .array(fitting.rows.map(\.json)), "document": fitting.document ?? .null,
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    func sentence(_ text: String) -> String {
      Paragraph(text).lines(width: terminal.textWidth).joined(separator: "\n")
    }
    var blocks = [table.rendered(width: terminal.width, paint: terminal.paint)]
    let notes = fitting.rows.flatMap(Self.notes)
    if !notes.isEmpty { blocks.append(notes.map { sentence($0) }.joined(separator: "\n")) }
    blocks.append(sentence(unit))
    if let written {
      blocks.append("Wrote \(DisplayWidth.harmless(written)).")
    } else {
      blocks.append(
        fitting.document == nil
          ? "Nothing was written." : "Nothing was written; --out names a file.")
    }
    return blocks.joined(separator: "\n\n")
  }

  private var unit: String {
    switch fitting.model {
    case .garch:
      """
      Variances are of one bar, the volatility is that of the mean variance for a year; +/- is the \
      standard error. Persistence is alpha + beta: the nearer to 1, the longer a storm lasts.
      """
    case .hmm:
      """
      Returns of one bar; +/- is the standard error of a mean if the states were known, and the true \
      one is larger. Stay is the probability to remain in a state for another bar.
      """
    case .hawkes:
      """
      Events and excitations per second; +/- is the standard error. The branching ratio is how many \
      further events one brings about, directly and on average. Closes of bars lie on a grid, and \
      what happens within a bar is not seen.
      """
    }
  }

  /// The columns follow the parameters of the first row that has any.
  private var table: Table {
    let names = fitting.rows.first { !$0.parameters.isEmpty }?.parameters.map(\.name) ?? []
    var table = Table(
      [.text("symbol", narrowest: 8), .number("n")]
        + names.enumerated().map {
          .number($0.element.replacing("_", with: " "), rank: 2 + $0.offset)
        }
        + [.text("state", narrowest: 10)])
    for row in fitting.rows {
      let byName = Dictionary(row.parameters.map { ($0.name, $0) }) { first, _ in first }
      table.add(
        [Table.Cell(row.symbol ?? row.path), .count(row.count)]
          + names.map { byName[$0].map(Self.cell) ?? .missing } + [Table.Cell(Self.state(row))])
    }
    return table
  }

  static func state(_ row: FitRow) -> String {
    switch row.status {
    case .converged: "converged"
    case .used: "used"
    case .standIn(let reason, _): reason.replacing("_", with: " ")
    case .unusable(let key, _): key.replacing("_", with: " ")
    }
  }

  /// Such as `0.0812 +/- 0.0104`, with as many digits as the standard error lets count.
  private static func cell(_ parameter: FitRow.Parameter) -> Table.Cell {
    guard parameter.value.isFinite else { return .missing }
    let value = String(format: "%.4g", parameter.value)
    guard let error = parameter.standardError, error.isFinite else { return Table.Cell(value) }
    return Table.Cell("\(value) +/- \(String(format: "%.2g", error))")
  }

  /// What is to be said of a file beside its row.
  static func notes(_ row: FitRow) -> [String] {
    let name = row.symbol ?? row.path
    var notes: [String] = []
    switch row.status {
    case .converged, .used: break
    case .standIn(let reason, let instead):
      notes.append("\(name) did not converge (\(reason)); in its place: \(instead).")
    case .unusable(_, let explanation): notes.append(explanation)
    }
    notes += row.defects.map {
      "\(name): \($0.count) \($0.count == 1 ? "row" : "rows") left out (\($0.key)), the first: "
        + $0.first
    }
    if row.gapCount > 0 {
      notes.append("\(name): \(row.gapCount) gaps, whose returns are left out.")
    }
    return notes
  }
}
