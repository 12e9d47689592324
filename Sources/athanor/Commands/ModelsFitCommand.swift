import Essentials
import Markets
import Models
import Services
import Storage

/// `athanor models fit`: parameters of the models of single symbols, and of those that are learned from
/// many.
enum ModelsFitCommand {
  /// What can be fitted.
  private enum Model: String, CaseIterable, Sendable {
    case garch, hmm, hawkes, direction, causal, drift, mlofi

    /// The model of single symbols, nil for one that is learned from all of them together.
    var ofSymbols: ModelFitting.Model? { ModelFitting.Model(rawValue: rawValue) }
    /// The model that is learned from all files together.
    var ofSignals: SignalFitting.Model? { SignalFitting.Model(rawValue: rawValue) }
  }

  /// The label that a direction is learned by.
  private enum Label: String, CaseIterable, Sendable {
    case automatic = "auto"
    case move = "y"
    case net = "y_net"
    case feeAdjusted = "y_fee_adj"
    case hindsight = "y_hstar"
    case hindsightNet = "y_hstar_net"

    var choice: LabelChoice {
      LabelSource(rawValue: rawValue).map(LabelChoice.named)
        ?? .automatic(allowsHindsight: false)
    }
  }

  private static let model = Positional.required(
    ValueForm<Model>.word("model"),
    help: "What is fitted; see above.")
  private static let more = Positional.repeated(
    .file("files"), help: "Further files, as a shell puts them for a pattern after --data.")
  private static let files = Option.repeated(
    "data", short: "d", .file("path"),
    help: "A folder, or a CSV file of bars, .gz or not; of trades for hawkes; a .feed for mlofi.")
  private static let bar = Option<String?>.optional(
    "bar", .text("length"), help: "Which bars of a folder that has several lengths: 1m, 5m.")
  private static let output = Option<String?>.optional(
    "out", short: "o", .file(), help: "The document to write; without it nothing is written.")
  private static let lookback = Option(
    "lookback", .whole("rows", in: 2...100_000_000), default: 4000,
    help: "The latest rows of each file that are used.")
  private static let end = Option<Timestamp?>.optional(
    "to", .instant, help: "Nothing later is fitted on; with the data if not given.")
  private static let states = Option(
    "states", .whole("count", in: 2...3), default: 3, help: "hmm: how many states there are.")
  private static let quote = Option(
    "quote", .text("currency"), default: "USDT",
    help: "What symbols are priced in; file names end in it: BTCUSDT_1m.csv.")
  private static let suffix = Option(
    "suffix", .text("text"), default: ":USDT", help: "What the names of symbols end in.")

  private static let label = Option<Label>(
    "label", .word("name"), default: .automatic,
    help: "direction: what decides whether a sample rose.")
  private static let cost = Option(
    "cost", .number("bp", in: 0...1000), default: 1e4 * LabelSettings.usualCost,
    help: "direction, causal, drift: what a trade costs both ways, in basis points.")
  private static let embargo = Option<Int?>.optional(
    "embargo", .whole("bars", in: 0...1_000_000),
    help: "direction, drift: the bars behind each fold that teach nothing; 60 otherwise.")
  private static let learner = Option<DirectionStudy.Learning?>.optional(
    "learner", .word("name"),
    help: """
      direction: by what it is learned; grid lets both take part, and goes on without lightgbm \
      where that is not installed. logistic otherwise.
      """)
  private static let python = Option<String?>.optional(
    "python", .file("program"),
    help: "lightgbm, drift: a Python that has it; that of `Scripts/setup --lightgbm` otherwise.")
  private static let timeLimit = Option<TimeSpan?>.optional(
    "time-limit", .span, help: "lightgbm, drift: after so long it is given up; 15m otherwise.")
  private static let holdout = Option(
    "hold-out", .fraction("share", in: 0.05...0.5), default: 0.2,
    help: "direction, causal, drift, mlofi: the last share of the time, which judges.")

  private static let interval = Option<TimeSpan?>.optional(
    "interval", .span,
    help: "mlofi: the length of the intervals that books are cut into; 1m otherwise.")

  static let command: Command = Command(
    "fit", summary: "Estimate a model on files of bars and write its parameters",
    discussion: [
      """
      garch: the GARCH(1,1) of returns with mean zero. hmm: a hidden Markov chain of normal returns. \
      hawkes: the moves of the price up and down as processes that excite themselves and each other, \
      from closes of bars, or from trades (a table with a time and a price).
      """,
      """
      direction: the chance that the next bar rises, from what all models say at a close. causal: the \
      expected return of the next bar as a weighted sum of the same; drift: the same by boosted trees. \
      They are learned from all files together and judged first on the last part of the time, which they did not see. mlofi: the \
      weights of the levels of a book by the returns that followed their flows, from recorded feeds \
      in the form that `athanor data convert` writes.
      """,
      """
      A direction is learned by a logistic regression or by boosted trees, which also see what no \
      weighted sum says. Trees are grown by LightGBM, an optional part that runs as a Python program \
      of its own, with one thread, a seed and at most 4 GB of memory; what comes back is text. \
      Whatever was tried, what had the best expectancy on folds that it did not see is taken.
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
      files.definition, bar.definition, output.definition, lookback.definition, end.definition,
      states.definition,
      quote.definition, suffix.definition, learner.definition, label.definition, cost.definition,
      embargo.definition, holdout.definition, interval.definition, python.definition,
      timeLimit.definition,
    ],
    examples: [
      Command.Example(
        "athanor models fit garch --data bars --out state/garch_params.json",
        "Estimates the volatility of every symbol in a folder"),
      Command.Example(
        "athanor models fit hmm --data BTCUSDT_1m.csv.gz --states 2 --lookback 20000",
        "Shows two states of one symbol, and writes nothing"),
      Command.Example(
        "athanor models fit hawkes --data trades/BTCUSDT.csv.gz --out state/hawkes.json",
        "Estimates how trades excite each other"),
      Command.Example(
        "athanor models fit direction --data bars --lookback 20000 --learner grid",
        "Judges what features say of the next bar, by sums and by trees"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let model = invocation[model]
    let named = invocation[files] + invocation[more]
    guard !named.isEmpty else { throw FitShortfall.noFile }
    try refuseIdleOptions(of: model, invocation)
    let paths =
      model == .mlofi
      ? try FitFiles.feeds(named) : try FitFiles.tables(named, bar: invocation[bar])
    let output = invocation[output]
    if let output { try WholeFile.prepare(output) }
    if let model = model.ofSignals {
      return try signals(model, paths, output, invocation)
    }
    var settings = ModelFitting.Settings(
      names: names(invocation), lookback: invocation[lookback], states: invocation[states])
    settings.end = invocation[end]
    let fitting = invocation.withProgress("Fitting", total: paths.count, unit: "files") {
      reporter in
      ModelFitting(
        model.ofSymbols ?? .garch, files: paths, settings, at: invocation.surroundings.now()
      ) {
        reporter.advance(to: $0)
      }
    }
    try write(fitting.document, to: output)
    let page = FitPage(fitting: fitting, output: output)
    return Answer(json: page.json, failure: FitShortfall(fitting)) { page.text($0) }
  }

  /// What was asked for in so many words and would change nothing is refused.
  private static func refuseIdleOptions(
    of model: Model, _ invocation: Invocation
  ) throws(FitShortfall) {
    func refuse(_ option: String, unless means: Bool, _ isGiven: Bool) throws(FitShortfall) {
      if isGiven, !means { throw .idleOption(option, model: model.rawValue) }
    }
    let learner = invocation[learner]
    let growsTrees =
      model == .drift || (model == .direction && learner != nil && learner != .logistic)
    let hasFolds = model == .direction || model == .drift
    try refuse(embargo.definition.name, unless: hasFolds, invocation[embargo] != nil)
    try refuse(Self.learner.definition.name, unless: model == .direction, learner != nil)
    try refuse(python.definition.name, unless: growsTrees, invocation[python] != nil)
    try refuse(timeLimit.definition.name, unless: growsTrees, invocation[timeLimit] != nil)
    try refuse(interval.definition.name, unless: model == .mlofi, invocation[interval] != nil)
  }

  private static func names(_ invocation: Invocation) -> SymbolFileName {
    SymbolFileName(quote: invocation[quote], suffix: invocation[suffix])
  }

  private static func write(_ document: JSONValue?, to output: String?) throws {
    guard let output, let document else { return }
    try WholeFile.write(Array((document.indentedText + "\n").utf8), to: output)
  }

  private static func signals(
    _ model: SignalFitting.Model, _ paths: [String], _ output: String?, _ invocation: Invocation
  ) throws -> Answer {
    // The range of the option keeps the cost one.
    guard let labels = LabelSettings(cost: invocation[cost] / 1e4) else {
      preconditionFailure("a cost of \(invocation[cost]) basis points")
    }
    var settings = SignalFitting.Settings(
      names: names(invocation), lookback: invocation[lookback], labels: labels)
    settings.choice = invocation[label].choice
    if let bars = invocation[embargo] { settings.embargoBars = bars }
    if let learner = invocation[learner] { settings.learning = learner }
    settings.holdoutShare = invocation[holdout]
    settings.end = invocation[end]
    if let span = invocation[interval].flatMap(BarSpan.init) { settings.interval = span }
    let fitting = invocation.withProgress("Learning", total: paths.count, unit: "files") {
      reporter in
      SignalFitting(
        model, files: paths, settings, at: invocation.surroundings.now(),
        trees: { () throws(TreeFailure) in try grower(invocation) },
        progress: { reporter.advance(to: $0) })
    }
    try write(fitting.document, to: output)
    if case .shortfall(.noTrees(let failure)) = fitting.outcome { throw failure }
    let page = SignalPage(fitting: fitting, output: output)
    return Answer(json: page.json, failure: FitShortfall(fitting)) { page.text($0) }
  }

  private static func grower(_ invocation: Invocation) throws(TreeFailure) -> TreeGrower {
    var bounds = TreeProgram.Bounds()
    if let limit = invocation[timeLimit] { bounds.time = limit }
    return try TreeProgram(
      above: invocation.surroundings.executable, python: invocation[python], bounds: bounds
    ).grower
  }
}

/// What keeps a fit from being whole.
private enum FitShortfall: ExplainedFailure {
  case noFile
  case nothingUsable(count: Int)
  case incomplete(unusable: Int, unsettled: Int, count: Int)
  /// The files gave samples from which nothing could be learned.
  case nothingLearned(reason: String)
  /// An option was given that means nothing to the model.
  case idleOption(String, model: String)

  /// Nil where every file gave samples and something was learned from them.
  init?(_ fitting: SignalFitting) {
    let unusable = fitting.rows.count { $0.status != .used }
    switch fitting.outcome {
    case .shortfall where unusable == fitting.rows.count:
      self = .nothingUsable(count: fitting.rows.count)
    case .noSamples where unusable == fitting.rows.count:
      self = .nothingUsable(count: fitting.rows.count)
    case .shortfall(let reason): self = .nothingLearned(reason: reason.name)
    case .noSamples: self = .nothingLearned(reason: "no_samples")
    case .direction, .causal, .drift, .levels:
      guard unusable > 0 else { return nil }
      self = .incomplete(unusable: unusable, unsettled: 0, count: fitting.rows.count)
    }
  }

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
    case .nothingLearned: "nothing_learned"
    case .idleOption: "idle_option"
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
    case .nothingLearned(let reason):
      "Nothing was learned from the files: \(reason.replacing("_", with: " "))."
    case .idleOption(let option, let model):
      "--\(option) would change nothing about this fit of \(model)."
    }
  }

  var remedy: String {
    switch self {
    case .noFile: "Name one, as in `athanor models fit garch --data BTCUSDT_1m.csv`."
    case .nothingUsable: "Mend what the report says of each file."
    case .incomplete: "See the report for each; a longer --lookback often converges."
    case .nothingLearned: "Give more files or a longer --lookback."
    case .idleOption: "Leave it out; `athanor models fit --help` says what it is for."
    }
  }

  var outcome: FailureOutcome {
    if case .incomplete = self { .refused } else { .badConfiguration }
  }
}
