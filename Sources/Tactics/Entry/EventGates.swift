import Markets

/// What the event exit would do with a position that has just been entered.
package struct EventPrecheck: Hashable, Sendable {
  /// The verdict of the exit on a position of age 0; fail where it would be closed at once.
  package var verdict: TacticVerdict
  package var stopProbability: Double
  package var targetProbability: Double

  package init(verdict: TacticVerdict, stopProbability: Double, targetProbability: Double) {
    self.verdict = verdict
    self.stopProbability = stopProbability
    self.targetProbability = targetProbability
  }

  /// Whether the exit would keep the position.
  package var isSafe: Bool { verdict.outcome != .fail }
}

/// The gates that look at how the trade would end.
enum EventGates {
  /// The worst outcomes lie within a few stop distances.
  static func shortfall(
    _ entry: EntryCircumstances, side: PositionSide, _ settings: EntrySettings.Event
  ) -> TacticVerdict {
    let reason = EntryGate.eventShortfall.rawValue
    let value = entry[side].eventShortfall
    guard value.isFinite else { return .notApplicable(reason) }
    let floor = settings.shortfallFloor.value(in: entry.market.regime)
    return .passing(if: value >= floor, reason, [.init("event_shortfall", value, limit: floor)])
  }

  /// The event exit would not close the position at once, or the entry is excellent.
  static func exit(
    _ entry: EntryCircumstances, side: PositionSide, _ settings: EntrySettings.Event
  ) -> TacticVerdict {
    let reason = EntryGate.eventExit.rawValue
    guard settings.isEnabled, let check = entry.eventCheck,
      check.verdict.outcome != .notApplicable
    else { return .notApplicable(reason) }
    guard !check.isSafe else { return TacticVerdict(.pass, reason, check.verdict.measures) }
    guard settings.blocks else {
      return .notApplicable(reason + "_informational", check.verdict.measures)
    }
    let bypass = bypass(entry, side: side, check, settings)
    if bypass.outcome == .pass { return bypass }
    return TacticVerdict(.fail, reason, check.verdict.measures + bypass.measures)
  }

  /// Whether an entry is so good that it is made in spite of the event exit; every value must be
  /// known.
  private static func bypass(
    _ entry: EntryCircumstances, side: PositionSide, _ check: EventPrecheck,
    _ settings: EntrySettings.Event
  ) -> TacticVerdict {
    let confidence = entry[side].profitProbability
    let isHopeless =
      check.stopProbability >= settings.bypassStopMax
      || check.targetProbability <= settings.bypassTargetRatio * check.stopProbability
    let holds =
      settings.allowsBypass && !isHopeless && confidence >= settings.bypassConfidence
      && entry.direction.confidence >= settings.bypassDirectionConfidence
      && abs(entry.direction.edge) >= settings.bypassEdge && entry.gap >= settings.bypassGap
      && entry.entryQuality >= settings.bypassQuality
    return .passing(
      if: holds, EntryGate.eventExit.rawValue + "_bypassed",
      [
        .init("bypass_confidence", confidence, limit: settings.bypassConfidence),
        .init(
          "bypass_direction_confidence", entry.direction.confidence,
          limit: settings.bypassDirectionConfidence),
        .init("bypass_edge", abs(entry.direction.edge), limit: settings.bypassEdge),
        .init("bypass_gap", entry.gap, limit: settings.bypassGap),
        .init("bypass_quality", entry.entryQuality, limit: settings.bypassQuality),
        .init("bypass_stop_probability", check.stopProbability, limit: settings.bypassStopMax),
      ])
  }
}
