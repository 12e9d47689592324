import Mathematics

/// Whether the profits of a formula can be told from luck, and by which figures.
///
/// All Sharpe ratios are annual. Where the sample is too short for a figure, the figure says so
/// instead of showing a number.
package struct TrustReport: Hashable, Sendable {
  /// The judgment in one word.
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// Nothing objects.
    case supported
    /// Something objects, without deciding the matter.
    case doubtful
    /// The formula sees the future, or its profits are more likely luck than not.
    case refuted
    /// The sample is too short to say anything.
    case insufficient
  }

  /// Where the variance of the trials' Sharpe ratios comes from. For one period.
  package enum TrialVariance: Hashable, Sendable {
    case observed(Double)
    /// 1 / (rows - 1), the variance for returns without skill.
    case assumed(Double)

    /// The variance, from wherever.
    package var value: Double {
      switch self {
      case .observed(let value), .assumed(let value): value
      }
    }
  }

  // The sample.
  /// Rows with a profit.
  package let rows: Int
  /// Rows without one.
  package let missingRows: Int
  /// Rows with a profit over rows in a year.
  package let years: Double
  /// The share of the data's cells that are missing.
  package let missingDataShare: Finding<Double>
  /// What a look-ahead probe found.
  package let lookAhead: Finding<LookAheadVerdict>

  // One series.
  /// The observed ratio.
  package let sharpe: Finding<Double>
  /// The ratio's interval by block bootstrap.
  package let sharpeInterval: Finding<ConfidenceInterval>
  /// The probability that the true ratio is positive, as if nothing else had been tried.
  package let probabilisticSharpe: Finding<Double>

  // Many trials.
  /// How many formulas were tried, this one included.
  package let trials: Int
  /// How far the trials' ratios scatter, for one period.
  package let trialVariance: Finding<TrialVariance>
  /// The ratio that the best of the trials would reach by luck.
  package let luckySharpe: Finding<Double>
  /// The probability that the true ratio is above the lucky one.
  package let deflatedSharpe: Finding<Double>
  /// The years after which the ratio, if it keeps its value, is above the lucky one with the wanted
  /// confidence.
  package let minimumTrackRecordYears: Finding<Double>
  /// The years below which the best of the trials without skill would show the observed ratio.
  package let minimumBacktestYears: Finding<Double>
  /// How often the best of the candidates fades in the other half of the sample.
  package let overfitting: Finding<BacktestOverfitting>

  // Elsewhere in time.
  /// The folds that learn from the past only.
  package let walkForward: Finding<[FoldOutcome]>
  /// The share of the ratio in sample that lasts out of sample.
  package let walkForwardEfficiency: Finding<Double>
  /// The folds that learn from both sides of the test.
  package let purgedFolds: Finding<[FoldOutcome]>
  /// The standard deviation of the ratios over the purged folds.
  package let purgedFoldDispersion: Finding<Double>

  /// The judgment.
  package let verdict: Verdict
  /// What speaks against the formula; empty where it is supported.
  package let objections: [TrustObjection]

  /// Judges a formula.
  ///
  /// Pure: the same evidence and settings give the same report. Cost: the bootstrap's `resamples`
  /// times rows / average block length, and, with candidates, the splits of their overfitting.
  package static func assess(
    _ evidence: TrustEvidence, settings: TrustSettings = TrustSettings()
  ) -> TrustReport {
    TrustReport(evidence, settings)
  }

  private init(_ evidence: TrustEvidence, _ settings: TrustSettings) {
    let present = evidence.dailyPnL.filter { $0.isFinite }
    let periods = evidence.periodsPerYear
    let year = periods.squareRoot()
    let short =
      present.count < settings.rowsMin
      ? "\(present.count) days with a profit are too few; \(settings.rowsMin) are needed." : nil
    let inference = Finding(
      short == nil ? SharpeInference(of: present) : nil,
      otherwise: short ?? "The profits never vary, so there is no Sharpe ratio.")
    func inferred<Value>(
      _ figure: (SharpeInference) -> Value?, otherwise reason: String
    ) -> Finding<Value> {
      switch inference {
      case .known(let inference): Finding(figure(inference), otherwise: reason)
      case .unknown(let reason): .unknown(reason: reason)
      }
    }
    let trials = max(1, evidence.trials)

    rows = present.count
    missingRows = evidence.dailyPnL.count - present.count
    years = Double(present.count) / periods
    missingDataShare = Finding(
      evidence.missingDataShare, otherwise: "The share of missing data was not handed in.")
    lookAhead = Finding(evidence.lookAhead, otherwise: "No look-ahead probe was run.")

    sharpe = inference.map { $0.sharpe * year }
    sharpeInterval = inferred(
      { _ in Self.interval(of: present, settings) },
      otherwise: "The resampled Sharpe ratios bracket no interval."
    ).map {
      ConfidenceInterval(
        estimate: $0.estimate * year, lower: $0.lower * year, upper: $0.upper * year,
        confidence: $0.confidence)
    }
    let noVariance = "The skewness and kurtosis of the profits allow no standard error."
    probabilisticSharpe = inferred({ $0.probability(above: 0) }, otherwise: noVariance)

    self.trials = trials
    let variance: Finding<TrialVariance> = inference.map { inference in
      if let observed = evidence.trialSharpeVariance, observed >= 0, observed.isFinite {
        return .observed(observed)
      }
      return .assumed(1 / Double(inference.observations - 1))
    }
    trialVariance = variance
    let lucky = variance.map {
      SharpeInference.expectedMaximum(of: trials, variance: $0.value)
    }
    luckySharpe = lucky.map { $0 * year }
    deflatedSharpe = inferred(
      { $0.probability(above: lucky.value ?? 0) }, otherwise: noVariance)
    minimumTrackRecordYears = inferred(
      {
        $0.minimumTrackRecord(above: lucky.value ?? 0, confidence: settings.confidence)
          .map { $0 / periods }
      },
      otherwise: "The Sharpe ratio is not above what luck would reach: no record is long enough.")
    minimumBacktestYears = inferred(
      {
        $0.sharpe > 0
          ? SharpeInference.minimumBacktestYears(trials: trials, annualSharpe: $0.sharpe * year)
          : nil
      }, otherwise: "The Sharpe ratio is not positive.")
    overfitting =
      evidence.overfitting.map { .known($0) } ?? Self.overfitting(evidence.candidates, settings)

    let series = evidence.candidates ?? (try? TrialReturns(series: [present]))
    walkForward = Self.walkForward(series, periods, settings)
    purgedFolds = Self.purgedFolds(series, periods, settings)
    walkForwardEfficiency = Self.figure(
      of: walkForward, FoldOutcome.efficiency,
      otherwise: "The average Sharpe ratio in sample is not positive: there is nothing to keep.")
    purgedFoldDispersion = Self.figure(
      of: purgedFolds, FoldOutcome.dispersion,
      otherwise: "Fewer than two folds have a Sharpe ratio.")

    var objections: [TrustObjection] = []
    if case .known(.leaks(let leak, _, _)) = lookAhead { objections.append(.seesTheFuture(leak)) }
    if let reason = inference.reason { objections.append(.nothingToJudge(reason)) }
    if let deflated = deflatedSharpe.value, deflated < settings.confidence {
      objections.append(
        .luckIsNotExcluded(
          probability: deflated, needed: settings.confidence, trials: trials,
          yearsNeeded: minimumTrackRecordYears.value))
    } else if inference.value != nil, deflatedSharpe.value == nil {
      objections.append(.nothingToJudge(noVariance))
    }
    if let interval = sharpeInterval.value, interval.lower <= 0 {
      objections.append(.intervalHoldsZero(interval))
    }
    if let overfitting = overfitting.value, overfitting.probability > settings.overfittingMax {
      objections.append(
        .winnersFade(probability: overfitting.probability, allowed: settings.overfittingMax))
    }
    if let efficiency = walkForwardEfficiency.value, efficiency < settings.efficiencyMin {
      objections.append(
        .doesNotLast(efficiency: efficiency, needed: settings.efficiencyMin))
    }
    if let share = missingDataShare.value, share > settings.missingDataMax {
      objections.append(.dataIsMissing(share: share, allowed: settings.missingDataMax))
    }
    let missingShare =
      evidence.dailyPnL.isEmpty ? 0 : Double(missingRows) / Double(evidence.dailyPnL.count)
    if missingShare > settings.missingDataMax {
      objections.append(.profitsAreMissing(share: missingShare, allowed: settings.missingDataMax))
    }
    self.objections = objections
    verdict = Self.verdict(for: objections)
  }

  private static func verdict(for objections: [TrustObjection]) -> Verdict {
    if objections.contains(where: \.refutes) { return .refuted }
    let nothing = objections.contains { if case .nothingToJudge = $0 { true } else { false } }
    if nothing { return .insufficient }
    return objections.isEmpty ? .supported : .doubtful
  }

  /// Resamples with blocks long enough for the memory of the profits and of their squares, on which
  /// the Sharpe ratio's denominator rests, and never shorter than the cube root of the sample, the
  /// order of the best length: memory that the estimate misses then costs little.
  private static func interval(of present: [Double], _ settings: TrustSettings)
    -> ConfidenceInterval?
  {
    let moments = Moments(of: present)
    let squares = present.map { ($0 - moments.mean) * ($0 - moments.mean) }
    let lengths = [present, squares].compactMap { OptimalBlockLength(of: $0)?.stationary }
    let cubeRoot = Elementary.pow(Double(present.count), 1.0 / 3)
    return BlockBootstrap(
      meanBlockLength: lengths.reduce(max(1, cubeRoot), max),
      resamples: max(1, settings.resamples), seed: settings.seed
    ).interval(for: .sharpe, of: present, confidence: settings.confidence)
  }

  private static func overfitting(
    _ candidates: TrialReturns?, _ settings: TrustSettings
  ) -> Finding<BacktestOverfitting> {
    guard let candidates, candidates.trials > 1 else {
      return .unknown(reason: "There are no other formulas to compare with.")
    }
    let affordable = min(settings.blocks, candidates.rows / max(1, settings.foldRowsMin))
    do throws(ValidationFailure) {
      return .known(
        try BacktestOverfitting(of: candidates, blocks: max(2, affordable - affordable % 2)))
    } catch {
      return .unknown(reason: error.explanation)
    }
  }

  private static func walkForward(
    _ series: TrialReturns?, _ periods: Double, _ settings: TrustSettings
  ) -> Finding<[FoldOutcome]> {
    // The first half of the sample is learned from before anything is tested.
    folds(of: series, periods, settings) { (rows: Int) throws(ValidationFailure) in
      let test = rows / (2 * settings.folds)
      guard test >= settings.foldRowsMin else {
        throw .tooFewRows(
          rows: rows, needed: 2 * settings.folds * settings.foldRowsMin,
          purpose: "\(settings.folds) walk-forward folds")
      }
      return try WalkForward(
        trainLength: rows - settings.folds * test - settings.labelHorizon, testLength: test,
        gap: settings.labelHorizon
      ).splits(rows: rows)
    }
  }

  private static func purgedFolds(
    _ series: TrialReturns?, _ periods: Double, _ settings: TrustSettings
  ) -> Finding<[FoldOutcome]> {
    folds(of: series, periods, settings) { (rows: Int) throws(ValidationFailure) in
      guard rows / settings.folds >= settings.foldRowsMin else {
        throw .tooFewRows(
          rows: rows, needed: settings.folds * settings.foldRowsMin,
          purpose: "\(settings.folds) purged folds")
      }
      return try PurgedKFold(
        folds: settings.folds, labelHorizon: settings.labelHorizon, embargo: settings.embargo
      ).splits(rows: rows)
    }
  }

  private static func folds(
    of series: TrialReturns?, _ periods: Double, _ settings: TrustSettings,
    _ splits: (Int) throws(ValidationFailure) -> [RowSplit]
  ) -> Finding<[FoldOutcome]> {
    guard let series else { return .unknown(reason: "There are no profits to split.") }
    do throws(ValidationFailure) {
      guard settings.folds > 1 else {
        throw .unusableSetting(name: "folds", value: settings.folds, allowed: "at least 2")
      }
      return .known(
        FoldOutcome.outcomes(of: series, over: try splits(series.rows), periodsPerYear: periods))
    } catch {
      return .unknown(reason: error.explanation)
    }
  }

  private static func figure(
    of outcomes: Finding<[FoldOutcome]>, _ figure: ([FoldOutcome]) -> Double?,
    otherwise reason: String
  ) -> Finding<Double> {
    switch outcomes {
    case .known(let outcomes): Finding(figure(outcomes), otherwise: reason)
    case .unknown(let reason): .unknown(reason: reason)
    }
  }
}
