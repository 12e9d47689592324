import Essentials
import Services

/// The arguments of commands that read formulas: one on the command line, or a sheet.
enum FormulaOptions {
  static let formula = Positional<String?>.optional(
    .text("formula"),
    help: "A formula in quotes. Without one, and without --file, standard input is read as a sheet."
  )
  static let file = Option<String?>.optional(
    "file", short: "f", .file(), help: "A sheet of formulas; - is standard input.")

  /// What a sheet is, for the help page.
  static let explanation = """
    A sheet has one formula on each line, with a name and a colon before it where you like: \
    `reversal: rank(-ts_delta(close, 5))`. Empty lines and lines that begin with # or // are \
    skipped. In a sheet with lines of three dashes (---), these part the formulas, which may then \
    take several lines.
    """
}

extension Invocation {
  /// The formulas that the command line asks for.
  func sheet(entriesMax: Int) throws -> FormulaSheet {
    let file = self[FormulaOptions.file]
    if let formula = self[FormulaOptions.formula] {
      guard file == nil else { throw FormulaSourceFailure.twoSources }
      return FormulaSheet(formula: formula)
    }
    if let file, file != "-" {
      return try FormulaSheet(
        text: SourceText.read(path: file), title: file, entriesMax: entriesMax)
    }
    if file == nil, surroundings.input.isTerminal { throw FormulaSourceFailure.none }
    let bytes: [UInt8]
    do throws(InletFailure) {
      bytes = try surroundings.input.read(SourceText.bytesMax + 1)
    } catch {
      throw TextFailure.unreadable(name: "standard input", reason: error.reason)
    }
    return try FormulaSheet(
      text: SourceText.decode(bytes, named: "standard input"), title: "standard input",
      entriesMax: entriesMax)
  }
}

/// A command line that names too many sources of formulas, or none.
enum FormulaSourceFailure: ExplainedFailure, Hashable {
  case twoSources
  case none

  var key: String {
    switch self {
    case .twoSources: "two_sources"
    case .none: "no_formula"
    }
  }

  var explanation: String {
    switch self {
    case .twoSources: "Both a formula and --file are given."
    case .none: "There is no formula."
    }
  }

  var remedy: String {
    switch self {
    case .twoSources: "Keep one of the two."
    case .none: "Give a formula in quotes, such as 'rank(-returns)', or a sheet with --file."
    }
  }

  var outcome: FailureOutcome { .badConfiguration }
}
