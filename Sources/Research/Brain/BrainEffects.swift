package import Essentials

/// What the client of BRAIN may ask of the world: the time, to wait, and chance.
package struct BrainEffects: Sendable {
  package var now: @Sendable () -> Timestamp
  /// Returns after about so long, earlier where the task is cancelled.
  package var pause: @Sendable (Duration) async -> Void
  /// Bits that nobody can foretell, to spread waits and to name submissions.
  package var chance: @Sendable () -> UInt64

  package init(
    now: @escaping @Sendable () -> Timestamp, pause: @escaping @Sendable (Duration) async -> Void,
    chance: @escaping @Sendable () -> UInt64
  ) {
    self.now = now
    self.pause = pause
    self.chance = chance
  }
}
