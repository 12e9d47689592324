import Essentials
package import Markets
import Mathematics

/// The floor of unrealized losses.
package enum DrawdownExit {
  /// Bounds of the floor, as returns.
  private static let floorLeast = -0.20
  private static let floorMost = -0.002
  private static let extremeToxicity = 0.90

  /// Returns the loss at which a position is closed, as a return below zero.
  ///
  /// Drift with the position lowers the floor, poison and shocks raise it, noise lowers it. By the
  /// measure of prices it lies no closer than a multiple of the noise over the time of confirmation.
  package static func floor(
    alignment: Double, market: MarketState, side: PositionSide, shock: ShockReading,
    mode: ExitMode, under settings: ExitSettings
  ) -> Double {
    let rules = settings.drawdown
    let toxicity = market.toxicity
    var floor = rules.floor
    let lean = alignment.known(or: 0)
    floor *= 1 + 0.55 * Elementary.tanh(lean / 1.5)
    floor *= 1 - 0.30 * max(0, (toxicity.known(or: 0) - 0.5) / 0.5)
    if toxicity >= extremeToxicity, market.hurst < PriceMotion.revertBelow, lean < 0 {
      floor *= 1.25
    }
    let isShockScored = shock.score > 0
    if isShockScored {
      floor *= max(0.5, 1 - 0.22 * min(shock.score, 2.5))
    } else if shock.isNoise {
      floor *= 1.12
    }
    switch mode {
    case .shock:
      if rules.shockCounting == .seed || !isShockScored { floor *= 0.78 }
    case .noise: floor *= 1.12
    case .normal: break
    }
    floor *= rules.regimeMultiple.value(in: market.regime)
    let state = side.direction * market.hiddenState
    if state < 0 { floor *= max(0.55, 1 - 0.30 * -state) }
    if state > 0, shock.isNoise { floor *= 1 + 0.15 * state }
    floor = clip(floor, floorLeast, floorMost)
    guard rules.measure == .price else { return floor }
    let steps = Double(max(1, rules.confirmation.required(in: mode)))
    let noise = market.noise(overSeconds: steps * settings.general.confirmationStep.seconds)
    return min(floor, -rules.noiseMultiple * noise.known(or: 0))
  }

  /// Judges a position by its floor.
  static func judge(_ reading: ExitReading, _ memory: inout ExitMemory) -> TacticVerdict {
    let circumstances = reading.circumstances
    let position = circumstances.position
    let settings = reading.settings.drawdown
    let mode = reading.mode(settings.confirmation)
    let floor = floor(
      alignment: reading.standardizedAlignment, market: circumstances.market, side: position.side,
      shock: reading.shock, mode: mode, under: reading.settings)
    let result =
      position.priceReturn * (settings.measure == .seed ? position.leverage.known(or: 1) : 1)
    let progress = reading.progress()
    let required = settings.progress.required(for: circumstances.market.motion)
    let measures: [TacticVerdict.Measure] = [
      .init("unrealized", result, limit: floor),
      .init("hold_progress", progress, limit: required), .init("shock", reading.shock.score),
    ]
    func calm(_ outcome: TacticVerdict.Outcome, _ reason: String) -> TacticVerdict {
      memory.confirmations.clear(.drawdown)
      return TacticVerdict(outcome, reason, measures)
    }
    guard result.isFinite else { return calm(.notApplicable, "unknown") }
    guard result <= floor else { return calm(.pass, "idle") }
    if settings.start == .seed {
      guard reading.hasHeldEnough else { return calm(.pass, "min_hold") }
      let isGrave =
        mode == .shock || reading.shock.score >= settings.bypassShock
        || result <= settings.bypassMultiple * floor
      guard progress >= required || isGrave else { return calm(.pass, "tstar_progress") }
    }
    if mode != .shock, result > settings.severeMultiple * floor {
      let respect = reading.respect(mode)
      guard respect.outcome == .fail else { return calm(.pass, respect.reason) }
    }
    return reading.confirm(
      .drawdown, settings.confirmation, mode, &memory,
      reason: "\(ExitKind.drawdown.rawValue)_\(mode.rawValue)", measures)
  }
}
