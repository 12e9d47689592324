import Markets

/// The exit towards the other side.
enum FlipExit {
  static func judge(_ reading: ExitReading, _ memory: inout ExitMemory) -> TacticVerdict {
    let circumstances = reading.circumstances
    let settings = reading.settings.flip
    let opposite = circumstances.position.side.opposite
    let mode = reading.mode(settings.confirmation)
    let edge = circumstances.reverseEdge
    let progress = reading.progress(targetMin: settings.targetHoldMin)
    let required = settings.progress.required(for: circumstances.market.motion)
    let measures: [TacticVerdict.Measure] = [
      .init("reverse_edge", edge, limit: settings.reverseEdgeMin),
      .init("hold_progress", progress, limit: required), .init("shock", reading.shock.score),
    ]
    func calm(_ outcome: TacticVerdict.Outcome, _ reason: String) -> TacticVerdict {
      memory.confirmations.clear(.flip)
      return TacticVerdict(outcome, reason, measures)
    }
    guard let wanted = circumstances.wanted else { return calm(.notApplicable, "unknown") }
    guard wanted.side == opposite else { return calm(.pass, "idle") }
    guard reading.hasHeldEnough else { return calm(.pass, "min_hold") }
    guard !(edge <= 0) else { return calm(.pass, "reverse_edge") }
    if mode != .shock {
      guard !(edge < settings.reverseEdgeMin) else { return calm(.pass, "reverse_edge") }
      if edge < settings.reverseEdgeStrong {
        let direction = circumstances.direction
        let isDoubtful =
          direction.probability(of: opposite) < settings.sideProbabilityMin
          || direction.confidence < settings.confidenceMin
          || abs(direction.edge) < settings.edgeMin
        guard !isDoubtful else { return calm(.pass, "direction_conf") }
      }
      let isGrave =
        reading.shock.score >= settings.bypassShock || edge >= settings.reverseEdgeStrong
      guard progress >= required || isGrave else { return calm(.pass, "tstar_progress") }
    }
    let respect = reading.respect(mode)
    guard respect.outcome == .fail else { return calm(.pass, respect.reason) }
    return reading.confirm(
      .flip, settings.confirmation, mode, &memory, reason: ExitKind.flip.rawValue, measures)
  }
}
