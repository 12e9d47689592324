import Markets

/// The gate on the unified score.
enum UnifiedGate {
  static func judge(
    _ entry: EntryCircumstances, side: PositionSide, _ settings: EntrySettings.Unified
  ) -> TacticVerdict {
    let reason = EntryGate.unified.rawValue
    let score = entry[side].score
    guard score.isFinite else { return .notApplicable(reason) }
    let floor = floor(entry.market.regime, settings)
    return .passing(if: score >= floor, reason, [.init("score", score, limit: floor)])
  }

  /// The floor, or the second one where it is set and higher.
  static func floor(_ regime: TacticalRegime, _ settings: EntrySettings.Unified) -> Double {
    let floor = settings.floor.value(in: regime)
    return settings.scoreMin > 0 ? max(floor, settings.scoreMin) : floor
  }
}
