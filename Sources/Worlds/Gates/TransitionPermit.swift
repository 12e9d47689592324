/// The right to send orders that carry a position over while a gate is closed.
///
/// It ends as soon as anybody changes the gate after the epoch at which it was given: by opening it,
/// by a breaker, or by another run.
package struct TransitionPermit: Hashable, Sendable {
  package var world: String
  package var run: String
  package var key: GateKey
  /// The epoch of the switch.
  package var epoch: Int

  package init(world: String, run: String, key: GateKey, epoch: Int) {
    self.world = world
    self.run = run
    self.key = key
    self.epoch = epoch
  }
}
