import Markets

/// The gate against weak trades whose leverage does not leave its floor.
enum FloorLock {
  static func judge(
    _ entry: EntryCircumstances, side: PositionSide, leverageFloor: Double,
    _ settings: EntrySettings
  ) -> TacticVerdict {
    let reason = EntryGate.floorLock.rawValue
    let lock = settings.floorLock
    let belief = entry[side]
    let excess = belief.score - UnifiedGate.floor(entry.market.regime, settings.unified)
    let values = [
      entry.leverage, entry.gap, belief.profitProbability, entry.direction.confidence, excess,
    ]
    guard lock.isEnabled, values.allSatisfy(\.isFinite) else { return .notApplicable(reason) }
    let isLocked =
      entry.leverage <= leverageFloor + lock.leverageTolerance && entry.gap <= lock.gapMax
      && belief.profitProbability <= lock.confidenceMax
      && entry.direction.confidence <= lock.directionConfidenceMax
      && excess <= lock.scoreExcessMax && entry.floorCount >= lock.stickyCount
    return .passing(
      if: !isLocked, reason,
      [
        .init("leverage", entry.leverage, limit: leverageFloor + lock.leverageTolerance),
        .init("gap", entry.gap, limit: lock.gapMax),
        .init("confidence", belief.profitProbability, limit: lock.confidenceMax),
        .init(
          "direction_confidence", entry.direction.confidence, limit: lock.directionConfidenceMax),
        .init("score_excess", excess, limit: lock.scoreExcessMax),
        .init("floor_count", Double(entry.floorCount), limit: Double(lock.stickyCount)),
      ])
  }
}
