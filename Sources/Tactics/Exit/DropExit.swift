import Essentials

/// The exit on a score that falls from one decision to the next.
enum DropExit {
  static func judge(_ reading: ExitReading, _ memory: inout ExitMemory) -> TacticVerdict {
    let circumstances = reading.circumstances
    let settings = reading.settings.drop
    let score = circumstances.held.score
    guard score.isFinite else {
      memory.confirmations.clear(.drop)
      return .notApplicable("unknown")
    }
    let before = memory.reference
    let step = reading.settings.general.confirmationStep
    let isDue =
      reading.settings.general.confirmation == .seed
      || before.map { circumstances.now - $0.at >= step } ?? true
    if isDue { memory.reference = .init(score: score, at: circumstances.now) }
    guard let before else { return TacticVerdict(.pass, "first") }
    let fall = before.score - score
    let floor = circumstances.position.entryFloor.known(or: 0)
    let measures: [TacticVerdict.Measure] = [
      .init("score", score, limit: floor), .init("fall", fall, limit: settings.dropMin),
    ]
    guard score < floor, fall > settings.dropMin else {
      // A fall that was called for counts until the score recovers from it.
      if !(score < floor) { memory.confirmations.clear(.drop) }
      return TacticVerdict(.pass, "idle", measures)
    }
    let isSure = circumstances.held.profitProbability >= settings.confidenceFast
    return reading.confirm(
      .drop, .init(1, 2, 2), .normal, &memory, reason: ExitKind.drop.rawValue, measures,
      counting: isSure ? 1 : 2)
  }
}
