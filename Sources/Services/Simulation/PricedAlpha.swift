package import AlphaLanguage
package import Backtesting
import Dispatch
import Markets
import Synchronization

/// A formula with what it was worth and whether that can be believed.
package struct PricedAlpha: Sendable {
  /// The name that the formula was handed in with.
  package let name: String
  package let formula: CheckedFormula
  package let result: SimulationResult
  package let trust: TrustReport
}

/// How a population is priced and judged.
package struct PricingOptions: Sendable {
  package var limits: CheckLimits
  package var pool: PnLPool?
  package var threads = 1
  /// Formulas that were tried before these; luck is judged against all of them.
  package var earlierTrials = 0
  /// The variance of the Sharpe ratios of earlier trials for one row, for a formula that is judged
  /// alone; nil where it is not known. Of several formulas it is measured.
  package var trialSharpeVariance: Double?
  package var trust = TrustSettings()
  /// Truncations of the look-ahead probe for each formula, 0 for none.
  package var lookAheadProbes = 2

  package init(limits: CheckLimits) {
    self.limits = limits
  }
}

extension PopulationSimulator {
  /// Returns the alpha with its net positions by sector, which a simulation records only on request.
  /// Cost: one more simulation.
  package func withSectorExposure(_ alpha: PricedAlpha) throws(SimulationRefusal) -> PricedAlpha {
    var settings = frame.settings
    settings.visualization = true
    let observed = try PopulationSimulator(panel: panel, settings: settings)
      .simulate([alpha.formula], limits: .standard(for: .user, delay: settings.delay))
    var result = alpha.result
    result.sectorExposure = observed.first?.sectorExposure
    return PricedAlpha(
      name: alpha.name, formula: alpha.formula, result: result, trust: alpha.trust)
  }

  /// Simulates formulas and judges each: one report for each, in their order.
  ///
  /// The number of trials is the number of formulas plus the earlier ones, and the variance of the
  /// trials' Sharpe ratios is that of the formulas, so the deflated Sharpe ratio of the best pays
  /// for all that were tried. The probability of overfitting is that of choosing the best of them.
  ///
  /// - Parameters:
  ///   - progress: called from any thread with the number of formulas that are simulated.
  ///   - judged: called with 0 when all are simulated, then from any thread with the number of
  ///     formulas that are judged.
  package func price(
    _ formulas: [(name: String, formula: CheckedFormula)], options: PricingOptions,
    progress: (@Sendable (Int) -> Void)? = nil, judged: (@Sendable (Int) -> Void)? = nil
  ) -> [PricedAlpha] {
    let results = simulate(
      formulas.map(\.formula), limits: options.limits, pool: options.pool,
      threads: options.threads, progress: progress)
    return judge(
      zip(formulas, results).map { ($0.name, $0.formula, $1) }, options: options, judged: judged)
  }

  /// Judges formulas that this simulator has simulated, as ``price(_:options:progress:judged:)`` does.
  package func judge(
    _ alphas: [(name: String, formula: CheckedFormula, result: SimulationResult)],
    options: PricingOptions, judged: (@Sendable (Int) -> Void)? = nil
  ) -> [PricedAlpha] {
    let results = alphas.map(\.result)
    let selection = Selection(results, settings: options.trust)
    let missing = missingDataShare
    let reports = Mutex<[TrustReport?]>(Array(repeating: nil, count: results.count))
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    judged?(0)
    DispatchQueue.concurrentPerform(iterations: max(1, options.threads)) { _ in
      while true {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < results.count else { return }
        var evidence = TrustEvidence(
          dailyPnL: results[place].series.pnl, trials: results.count + options.earlierTrials)
        evidence.trialSharpeVariance = selection.sharpeVariance ?? options.trialSharpeVariance
        evidence.overfitting = selection.overfitting
        evidence.missingDataShare = missing
        evidence.periodsPerYear = panel.axis.periodsPerYear
        if options.lookAheadProbes > 0 {
          evidence.lookAhead = lookAhead(
            of: alphas[place].formula, probes: options.lookAheadProbes)
        }
        let report = TrustReport.assess(evidence, settings: options.trust)
        reports.withLock { $0[place] = report }
        judged?(done.wrappingAdd(1, ordering: .relaxed).newValue)
      }
    }
    return zip(alphas, reports.withLock { $0 }).compactMap { alpha, report in
      report.map {
        PricedAlpha(name: alpha.name, formula: alpha.formula, result: alpha.result, trust: $0)
      }
    }
  }

  /// The share of the panel's closes that are missing within the simulated rows.
  private var missingDataShare: Double? {
    guard let close = panel.matrix("close") else { return nil }
    var missing = 0
    var cells = 0
    for row in frame.sample {
      for column in 0..<panel.columns {
        cells += 1
        if close[row, column].isNaN { missing += 1 }
      }
    }
    return cells > 0 ? Double(missing) / Double(cells) : nil
  }
}

/// What choosing among several results says about each of them.
private struct Selection {
  let sharpeVariance: Double?
  let overfitting: BacktestOverfitting?

  init(_ results: [SimulationResult], settings: TrustSettings) {
    let sharpes = results.compactMap { SharpeRatio.perPeriod(of: $0.series.pnl) }
    guard sharpes.count > 1 else {
      sharpeVariance = nil
      overfitting = nil
      return
    }
    let mean = sharpes.reduce(0, +) / Double(sharpes.count)
    sharpeVariance =
      sharpes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sharpes.count - 1)
    let blocks = min(settings.blocks, results[0].series.count / settings.foldRowsMin)
    overfitting =
      (try? TrialReturns(series: results.map(\.series.pnl))).flatMap {
        try? BacktestOverfitting(of: $0, blocks: max(2, blocks - blocks % 2))
      }
  }
}
