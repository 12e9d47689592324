package import AlphaLanguage

/// Operators that may stand in for each other: they take the same inputs, give the same kind of
/// column and answer a related question, so that a swap changes the formula and not its sense.
package enum OperatorFamilies {
  /// Each family once; an operator belongs to one at most.
  package static let all: [[OperatorCode]] = [
    // What a window holds on average.
    [.tsMean, .tsMedian, .tsDecayLinear, .tsDecayExpWindow, .tsSum],
    // Where today stands in its window, without unit.
    [.tsZscore, .tsRank, .tsScale, .tsQuantile],
    // How far today lies from the past, in the input's unit.
    [.tsDelta, .tsAvDiff, .tsMaxDiff, .tsMinDiff, .tsMinMaxDiff],
    // How much a window scatters.
    [.tsStdDev, .tsPercentage],
    // The shape of a window's values.
    [.tsSkewness, .tsKurtosis, .tsEntropy, .tsIr],
    [.tsMax, .tsMin],
    [.tsArgMax, .tsArgMin],
    // How two series go together.
    [.tsCorr, .tsCoSkewness, .tsCoKurtosis],
    // What of one series another does not explain.
    [.tsVectorNeut, .tsPolyRegression, .tsRegression],
    // Where an instrument stands among all.
    [.rank, .zscore, .quantile, .scale, .rankBySide],
    [.winsorize, .normalize, .truncate],
    [.regressionNeut, .vectorNeut],
    // Where an instrument stands among its kind.
    [.groupRank, .groupZscore, .groupScale, .groupNormalize, .groupNeutralize],
    [.groupMedian, .groupMax, .groupMin, .groupSum, .groupStdDev],
    // Smooth curves that keep the sign.
    [.sLog1p, .tanh, .arcTan],
    [.vecAvg, .vecSum, .vecMax, .vecMin, .vecPercentage],
    [.vecStddev, .vecRange],
    [.max, .min],
    [.less, .lessEqual],
    [.and, .or],
  ]

  private static let families: [OperatorCode: [OperatorCode]] = Dictionary(
    all.flatMap { family in family.map { ($0, family) } }, uniquingKeysWith: { first, _ in first })

  /// Returns the other members of an operator's family, in the family's order.
  package static func relatives(of code: OperatorCode) -> [OperatorCode] {
    (families[code] ?? []).filter { $0 != code }
  }

  /// Operators that bring every instrument of a row onto one scale. A signal needs one of them
  /// around it, and no second.
  package static let normalizing: Set<OperatorCode> = [
    .rank, .zscore, .quantile, .scale, .rankBySide, .groupRank, .groupZscore, .groupScale,
    .groupNormalize,
  ]

  /// Operators that slow a signal down.
  package static let smoothing: Set<OperatorCode> = [
    .tsDecayLinear, .tsDecayExpWindow, .hump, .humpDecay, .tsTargetTvrDecay, .tsTargetTvrHump,
    .tsWeightedDecay,
  ]
}
