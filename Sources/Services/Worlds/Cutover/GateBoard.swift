package import Essentials
import Synchronization
import Worlds

/// Who holds the gates of which world.
///
/// Whoever changes gates has every holder told, and somebody has to renew their leases about three
/// times in a lease's length: a holder that hears nothing closes its gates by itself.
package final class GateBoard: Sendable {
  private let holders = Mutex<[String: [any GateHolder]]>([:])

  package init() {}

  /// Adds a holder, which knows nothing until the next notice; another of its name is replaced.
  package func add(_ holder: any GateHolder) {
    holders.withLock { holders in
      holders[holder.world, default: []].removeAll { $0.name == holder.name }
      holders[holder.world, default: []].append(holder)
    }
  }

  /// Takes a holder away, whose gates close when its lease ends.
  package func remove(_ name: String, of world: String) {
    holders.withLock { $0[world]?.removeAll { $0.name == name } }
  }

  /// The holders of a world, in the order in which they came.
  package func holders(of world: String) -> [any GateHolder] {
    holders.withLock { $0[world] ?? [] }
  }

  /// Tells every holder how the gates of a world stand, and renews the leases. To be called after
  /// each change of gates that no run makes, and in between for the leases.
  package func publish(_ situation: CutoverSituation, at now: Timestamp) {
    for holder in holders(of: situation.world.world) {
      if holder.report()?.acknowledged != situation.world.epoch {
        _ = holder.take(situation.notice(at: now))
      }
      holder.renew(by: situation, at: now)
    }
  }

  /// What is known of the holders of a world. One that does not answer may trust its gates for
  /// another lease.
  func reports(of world: String, at now: Timestamp, lease: TimeSpan) -> [HolderReport] {
    holders(of: world).map { holder in
      holder.report()
        ?? HolderReport(name: holder.name, acknowledged: nil, leaseUntil: now + lease)
    }
  }
}
