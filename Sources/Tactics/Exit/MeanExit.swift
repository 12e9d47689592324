/// The exit on a score below, and a stop probability above, their own means.
enum MeanExit {
  static func judge(_ reading: ExitReading, _ memory: inout ExitMemory) -> TacticVerdict {
    let circumstances = reading.circumstances
    let settings = reading.settings.mean
    let regime = circumstances.market.regime
    let score = circumstances.held.score
    let stop = circumstances.held.stopProbability
    guard score.isFinite, stop.isFinite else {
      memory.confirmations.clear(.mean)
      return .notApplicable("unknown")
    }
    let means = memory.advancedMeans(
      score: score, stop: stop, at: circumstances.now, span: settings.span)
    memory.means = means
    let floor = settings.scoreFloor.value(in: regime)
    let drop = settings.scoreDrop.value(in: regime)
    let rise = settings.stopRise.value(in: regime)
    let measures: [TacticVerdict.Measure] = [
      .init("score", score, limit: floor),
      .init("score_less_mean", score - means.score, limit: drop),
      .init("stop_probability_less_mean", stop - means.stopProbability, limit: rise),
    ]
    guard score < floor, score - means.score < drop, stop - means.stopProbability > rise else {
      memory.confirmations.clear(.mean)
      return TacticVerdict(.pass, "idle", measures)
    }
    let isTrend = regime == .bull || regime == .bear || regime == .trend
    return reading.confirm(
      .mean, .init(1, 2, 2), .normal, &memory, reason: ExitKind.mean.rawValue, measures,
      counting: isTrend ? 1 : 2)
  }
}
