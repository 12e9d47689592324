import Essentials
import Markets

/// What several exits derive from the circumstances in the same way.
struct ExitReading {
  let circumstances: ExitCircumstances
  let settings: ExitSettings
  let shock: ShockReading
  /// Agreement of drift and position as a return over the hold.
  let alignment: Double
  /// The same as a number of deviations.
  let standardizedAlignment: Double
  let hasHeldEnough: Bool

  init(_ circumstances: ExitCircumstances, _ settings: ExitSettings) {
    self.circumstances = circumstances
    self.settings = settings
    let position = circumstances.position
    let market = circumstances.market
    let measure = settings.general.alignment
    let hold = position.intendedHold.known(or: position.holdMin(under: settings.general))
    shock = ShockReading(of: market, against: position.side, under: settings.general)
    alignment = market.alignment(with: position.side, overSeconds: hold, in: measure)
    standardizedAlignment = market.standardizedAlignment(
      with: position.side, overSeconds: hold, in: measure)
    hasHeldEnough =
      position.age(at: circumstances.now) >= position.holdMin(under: settings.general)
  }

  /// The mode for an exit with a threshold of its own.
  func mode(_ confirmation: ExitSettings.Confirmation) -> ExitMode {
    ExitMode(
      shock: shock.score, isNoise: shock.isNoise, hint: circumstances.hintsNoise,
      threshold: confirmation.shockThreshold)
  }

  /// Age over the intended hold, which counts as at least `targetMin`.
  func progress(targetMin: TimeSpan = .zero) -> Double {
    circumstances.position.progress(
      at: circumstances.now, targetMin: targetMin, under: settings.general)
  }

  /// Whether a good entry is to be left alone.
  func respect(_ mode: ExitMode) -> TacticVerdict {
    RespectEntry.judge(
      quality: circumstances.position.entryQuality,
      signal: circumstances.position.leverageSignal, mode: mode, shock: shock.score,
      alignment: alignment, reverseEdge: circumstances.reverseEdge, progress: progress(),
      under: settings.respect)
  }

  /// Counts a call for an exit and judges whether it is confirmed.
  func confirm(
    _ kind: ExitKind, _ confirmation: ExitSettings.Confirmation, _ mode: ExitMode,
    _ memory: inout ExitMemory, reason: String, _ measures: [TacticVerdict.Measure],
    counting demanded: Int? = nil
  ) -> TacticVerdict {
    let count = memory.confirmations.observe(
      kind, isTriggered: true, at: circumstances.now, reset: confirmation.reset,
      under: settings.general)
    let demanded = demanded ?? confirmation.required(in: mode)
    let measures = measures + [.init("confirmations", Double(count), limit: Double(demanded))]
    return count >= demanded
      ? TacticVerdict(.fail, reason, measures) : TacticVerdict(.pass, "confirming", measures)
  }
}
