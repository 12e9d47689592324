extension FormulaGraph.Node {
  /// How many rows before its own a node reads of one of its inputs.
  ///
  /// This is what the kernels touch, which may be less than what the value depends on: an operator
  /// that holds state reads one row at a time.
  func pastRows(ofInput position: Int) -> Int {
    guard case .apply(let code) = operation else { return 0 }
    switch code {
    case .tsDelay, .tsDelta, .tsReturns:
      return integer(0)
    case .tsWeightedDecay, .logDiff:
      return 1
    case .instPnl:
      return position == 0 ? 1 : 0
    case .tsRegression:
      return integer(0) - 1 + (position == 1 ? integer(1) : 0)
    case .multiRegression:
      return integer(0) + (position > 0 ? integer(1) : 0)
    case .instTvr:
      return integer(0)
    case .jumpDecay:
      return max(integer(0), 2) - 1
    case .keep:
      return integer(0) + 1
    case .filter:
      return max(0, numbers(0).count - 1)
    case .groupBackfill:
      return position == 0 ? integer(0) - 1 : 0
    case .tsMean, .tsSum, .tsProduct, .tsStdDev, .tsIr, .tsZscore, .tsAvDiff, .tsMedian, .tsMax,
      .tsMin, .tsMaxDiff, .tsMinDiff, .tsMinMaxCps, .tsMinMaxDiff, .tsArgMax, .tsArgMin, .tsRank,
      .tsScale, .tsQuantile, .tsCorr, .tsCovariance, .tsPartialCorr, .tsTripleCorr, .tsCoKurtosis,
      .tsCoSkewness, .tsSkewness, .tsKurtosis, .tsMoment, .tsEntropy, .tsPercentage, .tsCountNans,
      .tsBackfill, .kthElement, .lastDiffValue, .tsDecayLinear, .tsDecayExpWindow,
      .tsPolyRegression, .tsTheilsen, .tsVectorProj, .tsVectorNeut, .tsRankGmeanAmeanDiff:
      return integer(0) - 1
    default:
      return 0
    }
  }
}
