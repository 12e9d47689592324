import Essentials
import Markets

/// The exit on age alone, which asks no belief.
enum TimeExit {
  static func judge(_ reading: ExitReading) -> TacticVerdict {
    let settings = reading.settings.time
    let position = reading.circumstances.position
    let age = position.age(at: reading.circumstances.now)
    var limits: [Double] = []
    if settings.after > .zero { limits.append(settings.after.seconds) }
    if settings.closesAtHold, position.entryHoldSeconds > 0 {
      limits.append(position.entryHoldSeconds)
    }
    guard let limit = limits.min() else { return .notApplicable("unlimited") }
    let isOver = age >= limit
    return .passing(
      if: !isOver, isOver ? ExitKind.time.rawValue : "idle",
      [.init("age_seconds", age, limit: limit)])
  }
}
