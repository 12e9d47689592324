/// The exit that a planner over several steps asks for.
enum HybridExit {
  static func judge(_ reading: ExitReading, _ memory: inout ExitMemory) -> TacticVerdict {
    guard let leaves = reading.circumstances.plannerLeaves else {
      memory.confirmations.clear(.hybrid)
      return .notApplicable("unknown")
    }
    guard leaves, reading.hasHeldEnough else {
      memory.confirmations.clear(.hybrid)
      return TacticVerdict(.pass, leaves ? "min_hold" : "idle")
    }
    let confirmation = reading.settings.hybrid
    return reading.confirm(
      .hybrid, confirmation, reading.mode(confirmation), &memory,
      reason: ExitKind.hybrid.rawValue, [])
  }
}
