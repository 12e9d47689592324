import Essentials

/// What going on holding and leaving are worth, as returns of the notional.
package struct HoldEvaluation: Hashable, Sendable {
  /// The net expectation of an entry at a horizon.
  package struct Horizon: Hashable, Sendable {
    package var seconds: Double
    package var netReturn: Double

    package init(seconds: Double, netReturn: Double) {
      self.seconds = seconds
      self.netReturn = netReturn
    }
  }

  /// The side that is held, by horizon.
  package var horizons: [Horizon]
  /// The net expectation of the other side at its own intended hold.
  package var oppositeReturn: Double
  /// What the entry cost and is in the expectations once more.
  package var entryCost: Double
  /// What leaving costs.
  package var exitCost: Double

  package init(
    horizons: [Horizon], oppositeReturn: Double, entryCost: Double, exitCost: Double
  ) {
    self.horizons = horizons
    self.oppositeReturn = oppositeReturn
    self.entryCost = entryCost
    self.exitCost = exitCost
  }

  /// Returns the known horizon nearest to an intended hold, which is held within the configured
  /// bounds; of two that are equally near the shorter. Nil where none is known.
  package func horizon(nearest hold: Double, under settings: ExitSettings.Hold) -> Horizon? {
    let bounded = clip(
      hold.known(or: settings.horizonMax.seconds), settings.horizonMin.seconds,
      settings.horizonMax.seconds)
    return
      horizons
      .filter { $0.seconds.isFinite && $0.netReturn.isFinite }
      .min {
        (abs($0.seconds - bounded), $0.seconds) < (abs($1.seconds - bounded), $1.seconds)
      }
  }
}

/// The exit that asks whether the position would be entered again.
enum HoldExit {
  /// The reason where the other side is to be entered.
  static let flipReason = "hold_vs_exit_flip"

  static func judge(_ reading: ExitReading, _ memory: inout ExitMemory) -> TacticVerdict {
    let circumstances = reading.circumstances
    let settings = reading.settings.hold
    func calm(
      _ outcome: TacticVerdict.Outcome, _ reason: String, _ measures: [TacticVerdict.Measure] = []
    ) -> TacticVerdict {
      memory.confirmations.clear(.hold)
      return TacticVerdict(outcome, reason, measures)
    }
    guard let evaluation = circumstances.hold,
      let horizon = evaluation.horizon(
        nearest: circumstances.held.holdSeconds.known(or: circumstances.position.intendedHold),
        under: settings), evaluation.entryCost.isFinite, evaluation.exitCost.isFinite
    else { return calm(.notApplicable, "unknown") }
    let hold = horizon.netReturn + evaluation.entryCost
    let exit = -evaluation.exitCost
    let progress = reading.progress()
    let measures: [TacticVerdict.Measure] = [
      .init("hold_return", hold, limit: exit + settings.margin),
      .init("hold_progress", progress, limit: settings.progressMin),
      .init("horizon_seconds", horizon.seconds),
      .init("opposite_return", evaluation.oppositeReturn, limit: settings.flipExpectationMin),
    ]
    guard hold <= exit + settings.margin else { return calm(.pass, "idle", measures) }
    guard reading.hasHeldEnough else { return calm(.pass, "min_hold", measures) }
    guard progress >= settings.progressMin else { return calm(.pass, "tstar_progress", measures) }
    let flips =
      settings.allowsFlip
      && evaluation.oppositeReturn - evaluation.exitCost > hold + settings.margin
      && evaluation.oppositeReturn > settings.flipExpectationMin
    return reading.confirm(
      .hold, settings.confirmation, reading.mode(settings.confirmation), &memory,
      reason: flips ? flipReason : ExitKind.hold.rawValue, measures)
  }
}
