/// The exit towards nothing.
enum CashExit {
  static func judge(_ reading: ExitReading, _ memory: inout ExitMemory) -> TacticVerdict {
    let circumstances = reading.circumstances
    let settings = reading.settings.cash
    let position = circumstances.position
    let score = circumstances.holdScore
    let cash = settings.comparesWithCash ? circumstances.cashScore : .nan
    let measures: [TacticVerdict.Measure] = [
      .init("hold_score", score, limit: cash),
      .init("hold_score_by_floor", score, limit: position.entryFloor),
      .init("hold_score_by_entry", score, limit: position.entryScore - settings.scoreDrop),
    ]
    func calm(_ outcome: TacticVerdict.Outcome, _ reason: String) -> TacticVerdict {
      memory.confirmations.clear(.cash)
      return TacticVerdict(outcome, reason, measures)
    }
    guard let wanted = circumstances.wanted, score.isFinite else {
      return calm(.notApplicable, "unknown")
    }
    guard wanted == .wait, measures.contains(where: { $0.value <= $0.limit }) else {
      return calm(.pass, "idle")
    }
    guard reading.hasHeldEnough else { return calm(.pass, "min_hold") }
    let mode = reading.mode(settings.confirmation)
    let respect = reading.respect(mode)
    guard respect.outcome == .fail else { return calm(.pass, respect.reason) }
    return reading.confirm(
      .cash, settings.confirmation, mode, &memory, reason: ExitKind.cash.rawValue, measures)
  }
}
