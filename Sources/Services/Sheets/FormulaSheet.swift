package import Essentials

/// Formulas in one text, each with its name and its place.
///
/// One formula stands on each line; empty lines and lines that begin with `#` or `//` are skipped.
/// Where a line of three dashes occurs, formulas may take several lines and `---` parts them. Before
/// a formula may stand its name and a colon:
///
/// ```
/// # Lines that begin like this are skipped.
/// reversal: rank(-ts_delta(close, 5))
/// rank(volume)
/// ```
package struct FormulaSheet: Hashable, Sendable {
  /// A formula of the sheet.
  package struct Entry: Hashable, Sendable {
    /// The name that stands before the formula, else `#` and its number from 1.
    package let name: String
    /// The line on which the formula begins, counted from 1.
    package let line: Int
    /// Where the formula begins in the sheet, in bytes.
    package let offset: Int
    package let formula: String
  }

  /// What the sheet is called in messages, such as the path of its file.
  package let title: String
  package let text: String
  package let entries: [Entry]

  /// Takes one formula as a sheet, without a name.
  package init(formula: String) {
    title = "formula"
    text = formula
    entries = [Entry(name: "#1", line: 1, offset: 0, formula: formula)]
  }

  /// Reads a text; its formulas are not looked at yet.
  package init(text: String, title: String, entriesMax: Int) throws(SheetFailure) {
    self.title = title
    self.text = text
    var reader = SheetReader(Array(text.utf8))
    reader.read(entriesMax: entriesMax)
    guard !reader.entries.isEmpty else { throw .noFormula(title: title) }
    guard reader.entries.count <= entriesMax else {
      throw .tooManyFormulas(title: title, entriesMax: entriesMax)
    }
    entries = reader.entries
  }
}

/// A sheet that has nothing to work on, or too much.
package enum SheetFailure: ExplainedFailure, Hashable {
  case noFormula(title: String)
  case tooManyFormulas(title: String, entriesMax: Int)

  package var key: String {
    switch self {
    case .noFormula: "no_formula"
    case .tooManyFormulas: "too_many_formulas"
    }
  }

  package var explanation: String {
    switch self {
    case .noFormula(let title): "There is no formula in \(title)."
    case .tooManyFormulas(let title, let entriesMax):
      "\(title) has more than \(entriesMax) formulas."
    }
  }

  package var remedy: String {
    switch self {
    case .noFormula: "Write one formula on each line, such as rank(-returns)."
    case .tooManyFormulas:
      "Split the sheet, and tell later runs of earlier ones with --trials."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}

/// Walks the lines of a sheet.
private struct SheetReader {
  private let bytes: [UInt8]
  private(set) var entries: [FormulaSheet.Entry] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Stops one entry beyond the limit.
  mutating func read(entriesMax: Int) {
    let lines = self.lines
    let isInBlocks = lines.contains { isSeparator($0) }
    var block: (first: Int, range: Range<Int>)?
    for (index, line) in lines.enumerated() where entries.count <= entriesMax {
      if isSeparator(line) {
        if let block { add(block.range, line: block.first) }
        block = nil
      } else if isInBlocks, let begun = block {
        block = (begun.first, begun.range.lowerBound..<line.upperBound)
      } else if !isSkipped(line) {
        if isInBlocks { block = (index + 1, line) } else { add(line, line: index + 1) }
      }
    }
    if let block { add(block.range, line: block.first) }
  }

  private var lines: [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
      lines.append(start..<index)
      start = index + 1
    }
    lines.append(start..<bytes.count)
    return lines
  }

  private func isSeparator(_ line: Range<Int>) -> Bool {
    trimmed(line).count == 3 && trimmed(line).allSatisfy { bytes[$0] == UInt8(ascii: "-") }
  }

  private func isSkipped(_ line: Range<Int>) -> Bool {
    let line = trimmed(line)
    guard let first = line.first else { return true }
    let slash = UInt8(ascii: "/")
    return bytes[first] == UInt8(ascii: "#")
      || (line.count > 1 && bytes[first] == slash && bytes[first + 1] == slash)
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
    let start = range.first { !isSpace(bytes[$0]) } ?? range.upperBound
    let end = range.last { !isSpace(bytes[$0]) }.map { $0 + 1 } ?? start
    return start..<max(start, end)
  }

  private mutating func add(_ range: Range<Int>, line: Int) {
    var range = trimmed(range)
    var name = "#\(entries.count + 1)"
    if let colon = nameEnd(in: range) {
      name = text(trimmed(range.lowerBound..<colon))
      range = trimmed(colon + 1..<range.upperBound)
    }
    entries.append(
      FormulaSheet.Entry(
        name: name, line: line, offset: range.lowerBound, formula: text(range)))
  }

  /// The colon behind a name, nil where the formula has none. Names have at most 64 letters, digits,
  /// dots, hyphens and underscores; no formula begins with such a word and a colon.
  private func nameEnd(in range: Range<Int>) -> Int? {
    func isOfName(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    let end = range.first { !isOfName(bytes[$0]) } ?? range.upperBound
    let colon = (end..<range.upperBound).first { bytes[$0] != 32 && bytes[$0] != 9 }
    guard let colon, bytes[colon] == UInt8(ascii: ":"),
      (1...64).contains(end - range.lowerBound)
    else { return nil }
    return colon
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}
