package import Essentials
import Worlds

/// What trades for the worlds of a served desk: their accounts, and those who switch instances to
/// money and back.
package protocol WorldTrading: CutoverCarrier, WorldAccount {
  /// Does something in a world during which nothing else trades for it, after what was under way has
  /// gone on.
  ///
  /// - Parameter isCycle: whether it is an evaluation, which counts as a tick for whoever watches.
  func trade<Result: Sendable>(
    in world: String, at desk: WorldDesk, isCycle: Bool, _ body: () throws -> Result
  ) throws -> Result
  /// Renews leases and lets runs go on; called about once a second for each world.
  func keepUp(_ world: String, at desk: WorldDesk) throws
  /// Until when whoever holds the gates of a world trusts what it knows, nil where nobody holds them.
  func leaseEnd(of world: String) -> Timestamp?
}
