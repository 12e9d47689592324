package import Essentials
package import Models
import Storage

/// The parameters of a model, estimated file by file.
package struct ModelFitting: Sendable {
  /// What can be estimated.
  package enum Model: String, Hashable, Sendable, CaseIterable {
    case garch, hmm, hawkes
  }

  package let model: Model
  /// In the order of the files.
  package let rows: [FitRow]
  /// The document of the parameters; nil where no file could be used.
  package let document: JSONValue?

  /// What is estimated and how.
  package struct Settings: Hashable, Sendable {
    package var names: SymbolFileName
    /// The latest prices of each file that are used.
    package var lookback: Int
    /// The states of a hidden Markov chain, two or three.
    package var states: Int
    /// Bars that end later, and trades made later, are not fitted on; nil for no such bound.
    package var end: Timestamp?

    package init(names: SymbolFileName, lookback: Int, states: Int = 3) {
      self.names = names
      self.lookback = lookback
      self.states = states
    }
  }

  /// Estimates the model on every file. A file that cannot be used is a row that says why; the others
  /// go on. `progress` is told how many files are done.
  package init(
    _ model: Model, files: [String], _ settings: Settings, at now: Timestamp,
    progress: (Int) -> Void
  ) {
    self.model = model
    var garch: [GARCHDocument.SymbolRecord] = []
    var chains: [FittedModels<HiddenMarkovParameters>.SymbolRecord] = []
    var flows: [FittedModels<HawkesParameters>.SymbolRecord] = []
    var first: FitSeries?
    var claims = SymbolClaims(settings.names)
    let rows = FitRow.rows(of: files, names: settings.names, progress: progress) { path in
      let symbol = try claims.symbol(of: path)
      let series = try FitSeries(
        reading: path, symbol: symbol, lookback: settings.lookback, through: settings.end)
      try Self.check(series, model, first: first)
      first = first ?? series
      claims.take(symbol, for: path)
      switch model {
      case .garch:
        let (row, record) = Self.garch(series)
        if let record {
          garch.append(GARCHDocument.SymbolRecord(symbol: symbol, record: record))
        }
        return row
      case .hmm:
        let (row, record) = Self.chain(series, states: settings.states)
        if let record { chains.append(.init(symbol: symbol, count: row.count, record: record)) }
        return row
      case .hawkes:
        let (row, record) = Self.flow(series)
        if let record { flows.append(.init(symbol: symbol, count: row.count, record: record)) }
        return row
      }
    }
    self.rows = rows
    guard let first, !(garch.isEmpty && chains.isEmpty && flows.isEmpty) else {
      document = nil
      return
    }
    let seconds = Int(first.step.milliseconds / 1000)
    let source = first.kind.rawValue
    let through = rows.compactMap(\.end).max()
    switch model {
    case .garch:
      let unsettled = rows.compactMap { row -> String? in
        guard case .standIn(let reason, _) = row.status else { return nil }
        return "\(row.symbol ?? row.path): \(reason)"
      }
      document =
        GARCHDocument(
          fittedAt: now.description, fitMode: unsettled.isEmpty ? .maximumLikelihood : .fallback,
          fitReason: unsettled.joined(separator: "; "), sourceGlob: Self.pattern(of: files),
          lookbackBars: settings.lookback, barSeconds: seconds, fileCount: files.count,
          usedFileCount: garch.count, symbols: garch
        ).fitted(through: through).json
    case .hmm:
      document =
        FittedModels(
          fittedAt: now.description, source: source, lookback: settings.lookback,
          barSeconds: seconds, symbols: chains
        ).fitted(through: through).json
    case .hawkes:
      document =
        FittedModels(
          fittedAt: now.description, source: source, lookback: settings.lookback,
          barSeconds: first.kind == .bars ? seconds : nil, symbols: flows
        ).fitted(through: through).json
    }
  }

  /// Throws where prices do not suit the model or do not go together with those before.
  private static func check(
    _ series: FitSeries, _ model: Model, first: FitSeries?
  ) throws(FitRefusal) {
    let path = series.path
    if series.kind == .trades, model != .hawkes { throw .needsBars(path: path) }
    if series.kind == .bars,
      series.step.milliseconds % 1000 != 0 || series.step.milliseconds > 86_400_000
    {
      throw .unusualStep(path: path, step: series.step)
    }
    if let first {
      guard series.kind == first.kind else { throw .otherKind(path: path, kind: series.kind) }
      guard series.kind == .trades || series.step == first.step else {
        throw .otherStep(path: path, step: series.step, expected: first.step)
      }
    }
  }

  /// The pattern that the paths have in common, such as `bars/*_1m.csv.gz`.
  static func pattern(of paths: [String]) -> String {
    guard let first = paths.first else { return "" }
    guard paths.count > 1 else { return first }
    var head = first[...]
    var tail = first[...]
    for path in paths {
      head =
        head[
          ..<zip(head.indices, path.indices).reduce(head.startIndex) { end, pair in
            end == pair.0 && head[pair.0] == path[pair.1] ? head.index(after: pair.0) : end
          }]
      let common = zip(tail.reversed(), path.reversed()).prefix { $0 == $1 }.count
      tail = tail.suffix(common)
    }
    let shortest = paths.map(\.count).min() ?? 0
    return head + "*" + tail.suffix(max(0, shortest - head.count))
  }

  // MARK: - Models

  private static func garch(_ series: FitSeries) -> (FitRow, GARCHDocument.Record?) {
    let fit = GARCHEstimate.fit(series.returns)
    guard let record = GARCHDocument.Record.record(of: fit, on: series.returns) else {
      let reason = fit.shortfall ?? "constant"
      let row = FitRow(
        series,
        .unusable(
          key: reason,
          explanation: "\(series.path) has \(series.returns.count) returns of equal steps; "
            + "\(GARCHDocument.Record.countMin) that differ from zero are needed."),
        count: series.returns.count, parameters: [])
      return (row, nil)
    }
    let errors = fit.estimate?.standardErrors
    let parameters = record.parameters
    let row = FitRow(
      series,
      fit.shortfall.map {
        .standIn(
          reason: $0, instead: "alpha 0.05 and beta 0.90 about the variance of all returns")
      } ?? .converged,
      count: record.count,
      parameters: [
        FitRow.Parameter("omega", parameters.omega, errors?.omega),
        FitRow.Parameter("alpha", parameters.alpha, errors?.alpha),
        FitRow.Parameter("beta", parameters.beta, errors?.beta),
        FitRow.Parameter("persistence", parameters.persistence, nil),
        FitRow.Parameter(
          "annual_volatility",
          Annual.volatility(stepVariance: parameters.meanVariance, of: series.step.seconds), nil),
      ])
    return (row, record)
  }

  private static func chain(
    _ series: FitSeries, states: Int
  ) -> (FitRow, HiddenMarkovParameters?) {
    let fit = HiddenMarkovEstimate.fit(
      series.returns, HiddenMarkovEstimate.Settings(states: states))
    guard let estimate = fit.estimate else {
      let row = FitRow(
        series,
        .standIn(
          reason: fit.shortfall ?? "not_converged",
          instead: "no record; the chain begins with its standard states and learns"),
        count: series.returns.count, parameters: [])
      return (row, nil)
    }
    let chain = estimate.parameters
    let names = states == 2 ? ["low", "high"] : ["low", "middle", "high"]
    let parameters = names.indices.flatMap { state in
      [
        FitRow.Parameter(
          "\(names[state])_mean", chain.means[state], estimate.meanErrors[state]),
        FitRow.Parameter(
          "\(names[state])_deviation", chain.variances[state].squareRoot(), nil),
        FitRow.Parameter("\(names[state])_stay", chain.transitions[state * states + state], nil),
        FitRow.Parameter("\(names[state])_share", estimate.shares[state], nil),
      ]
    }
    return (
      FitRow(series, .converged, count: estimate.count, parameters: parameters), chain
    )
  }

  private static func flow(_ series: FitSeries) -> (FitRow, HawkesParameters?) {
    let ticks = series.ticks
    let fit = HawkesEstimate.fit(times: ticks.times, sides: ticks.sides, end: ticks.end)
    guard let estimate = fit.estimate, let flow = estimate.parameters else {
      let row = FitRow(
        series,
        .standIn(
          reason: fit.shortfall ?? "not_converged",
          instead: "no record; the flow says nothing about the drift"),
        count: ticks.times.count, parameters: [])
      return (row, nil)
    }
    let names = [
      "baseline_up", "baseline_down", "self_excitation", "cross_excitation", "decay",
    ]
    let values = [
      flow.baseline.up, flow.baseline.down, flow.selfExcitation, flow.crossExcitation, flow.decay,
    ]
    let errors = estimate.standardErrors
    var parameters = names.indices.map { index in
      FitRow.Parameter(names[index], values[index], errors?[index])
    }
    parameters.append(FitRow.Parameter("branching_ratio", flow.branchingRatio, nil))
    return (FitRow(series, .converged, count: estimate.count, parameters: parameters), flow)
  }
}
