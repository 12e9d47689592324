import Essentials
import Models
import Services
import Storage

/// `athanor models fit`: parameters by maximum likelihood, a symbol each file.
enum ModelsFitCommand {
  private static let model = Positional.required(
    ValueForm<ModelFitting.Model>.word("model"),
    help: "Volatility that clusters, hidden states, or price ticks that excite each other.")
  private static let more = Positional.repeated(
    .file("files"), help: "Further files, as a shell puts them for a pattern after --data.")
  private static let files = Option.repeated(
    "data", short: "d", .file("files"),
    help: "A CSV file of bars, .gz or not; of trades for hawkes.")
  private static let output = Option<String?>.optional(
    "out", short: "o", .file(), help: "The document to write; without it nothing is written.")
  private static let lookback = Option(
    "lookback", .whole("rows", in: 2...100_000_000), default: 4000,
    help: "The latest rows of each file that are used.")
  private static let states = Option(
    "states", .whole("count", in: 2...3), default: 3, help: "hmm: how many states there are.")
  private static let quote = Option(
    "quote", .text("currency"), default: "USDT",
    help: "What symbols are priced in; file names end in it: BTCUSDT_1m.csv.")
  private static let suffix = Option(
    "suffix", .text("text"), default: ":USDT", help: "What the names of symbols end in.")

  static let command: Command = Command(
    "fit", summary: "Estimate a model on files of bars and write its parameters",
    discussion: [
      """
      garch: the GARCH(1,1) of returns with mean zero. hmm: a hidden Markov chain of normal returns. \
      hawkes: the moves of the price up and down as processes that excite themselves and each other, \
      from closes of bars, or from trades (a table with a time and a price).
      """,
      """
      Bad rows are left out, counted and named; returns across a gap are left out. Where a garch fit \
      does not converge, alpha 0.05 and beta 0.90 about the variance of the returns stand in, and \
      the document says so; hmm and hawkes then have no record. The exit code is 2 where a file \
      could not be used or a fit did not converge, and 4 where none could be used; then nothing is \
      written.
      """,
    ],
    positionals: [model.definition, more.definition],
    options: [
      files.definition, output.definition, lookback.definition, states.definition,
      quote.definition, suffix.definition,
    ],
    examples: [
      Command.Example(
        "athanor models fit garch --data bars/*_1m.csv.gz --out state/garch_params.json",
        "Estimates the volatility of every symbol"),
      Command.Example(
        "athanor models fit hmm --data BTCUSDT_1m.csv.gz --states 2 --lookback 20000",
        "Shows two states of one symbol, and writes nothing"),
      Command.Example(
        "athanor models fit hawkes --data trades/BTCUSDT.csv.gz --out state/hawkes.json",
        "Estimates how trades excite each other"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let model = invocation[model]
    let paths = invocation[files] + invocation[more]
    guard !paths.isEmpty else { throw FitShortfall.noFile }
    let output = invocation[output]
    if let output { try WholeFile.prepare(output) }
    let settings = ModelFitting.Settings(
      names: SymbolFileName(quote: invocation[quote], suffix: invocation[suffix]),
      lookback: invocation[lookback], states: invocation[states])
    let fitting = invocation.withProgress("Fitting", total: paths.count, unit: "files") {
      reporter in
      ModelFitting(model, files: paths, settings, at: invocation.surroundings.now()) {
        reporter.advance(to: $0)
      }
    }
    if let output, let document = fitting.document {
      try WholeFile.write(Array((document.indentedText + "\n").utf8), to: output)
    }
    let page = FitPage(fitting: fitting, output: output)
    return Answer(json: page.json, failure: FitShortfall(fitting)) { page.text($0) }
  }
}

/// What keeps a fit from being whole.
private enum FitShortfall: ExplainedFailure {
  case noFile
  case nothingUsable(count: Int)
  case incomplete(unusable: Int, unsettled: Int, count: Int)

  /// Nil where every file has a fit that converged.
  init?(_ fitting: ModelFitting) {
    let unsettled = fitting.rows.count {
      if case .standIn = $0.status { true } else { false }
    }
    let converged = fitting.rows.count { $0.hasConverged }
    let unusable = fitting.rows.count - unsettled - converged
    if unusable + unsettled == 0 { return nil }
    self =
      fitting.document == nil && unsettled == 0
      ? .nothingUsable(count: fitting.rows.count)
      : .incomplete(unusable: unusable, unsettled: unsettled, count: fitting.rows.count)
  }

  var key: String {
    switch self {
    case .noFile: "no_file"
    case .nothingUsable: "nothing_usable"
    case .incomplete: "not_all_converged"
    }
  }

  var explanation: String {
    switch self {
    case .noFile: "No file is named."
    case .nothingUsable(let count):
      "None of the files could be used (\(count)), and nothing was written."
    case .incomplete(let unusable, let unsettled, let count):
      "Of \(count) \(count == 1 ? "file" : "files"), \(unusable) could not be used and "
        + "\(unsettled) did not converge."
    }
  }

  var remedy: String {
    switch self {
    case .noFile: "Name one, as in `athanor models fit garch --data BTCUSDT_1m.csv`."
    case .nothingUsable: "Mend what the report says of each file."
    case .incomplete: "See the report for each; a longer --lookback often converges."
    }
  }

  var outcome: FailureOutcome {
    if case .incomplete = self { .refused } else { .badConfiguration }
  }
}
