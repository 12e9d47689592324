import Essentials

/// Whether a position that drifted from its target is brought back.
package enum Rebalance {
  /// Fails where it is: the drift is large, the correction worth an order, the last one long enough
  /// ago and the position old enough. Notionals are in the quote currency, without signs.
  package static func judge(
    actual: Double, target: Double, secondsSinceLast: Double?, ageSeconds: Double,
    holdMinSeconds: Double, under settings: ExitSettings.Rebalance
  ) -> TacticVerdict {
    guard actual.isFinite, target.isFinite, target > 0, actual >= 0 else {
      return .notApplicable("rebalance")
    }
    let difference = abs(target - actual)
    let drift = difference / target
    let measures: [TacticVerdict.Measure] = [
      .init("drift", drift, limit: settings.thresholdShare),
      .init("difference", difference, limit: settings.notionalMin),
    ]
    guard drift > settings.thresholdShare else { return TacticVerdict(.pass, "idle", measures) }
    guard difference >= settings.notionalMin else {
      return TacticVerdict(.pass, "min_notional", measures)
    }
    if let secondsSinceLast, secondsSinceLast < settings.intervalMin.seconds {
      return TacticVerdict(.pass, "min_interval", measures)
    }
    guard ageSeconds >= holdMinSeconds else { return TacticVerdict(.pass, "min_hold", measures) }
    return TacticVerdict(.fail, target > actual ? "rebal" : "rebal_exit", measures)
  }
}
