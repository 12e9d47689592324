package import Essentials

/// The gates of a world as one holder knows them.
///
/// 1. Epochs only grow: a notice whose epoch is not later than the table's changes nothing.
/// 2. A change is taken only right after the epoch that it follows on. After a gap every gate is
///    closed until a whole notice comes.
/// 3. A notice with something in it that cannot be used closes every gate, for nobody knows what it
///    was to close.
/// 4. The lease runs from when the world spoke, not from when it was heard, and never ends earlier
///    by a later word.
package struct GateTable: Hashable, Sendable {
  package let world: String
  /// How long a word of the world is trusted.
  package let leaseLength: TimeSpan
  package let excess: ReductionExcess
  /// The latest epoch that was taken.
  package private(set) var epoch = 0
  package private(set) var lease = GateLease.none
  package private(set) var curb = GateCurb.none
  /// Whether a notice was missed or could not be used, so that nothing is known.
  package private(set) var isBehind = true
  package private(set) var counts = Counts()
  private var gates: [GateKey: OrderGate] = [:]

  /// What was heard and not acted on.
  package struct Counts: Hashable, Sendable {
    package var stale = 0
    package var foreign = 0
    package var missed = 0
    package var unusable = 0
  }

  /// What became of a notice or a renewal.
  package enum Receipt: Hashable, Sendable {
    case taken
    /// Its epoch is not later than what is known.
    case stale
    /// It is about another world.
    case foreign
    /// One before it did not arrive.
    case missed
    /// It says something that no gate can be.
    case unusable
  }

  /// A table in which every gate is closed until a whole notice comes.
  package init(world: String, leaseLength: TimeSpan, excess: ReductionExcess = .refuse) {
    self.world = world
    self.leaseLength = leaseLength
    self.excess = excess
  }

  /// The epoch that the holder acknowledges: nil as long as it knows of no epoch for certain.
  package var acknowledged: Int? { isBehind ? nil : epoch }

  /// Takes what a world says.
  package mutating func apply(_ notice: GateNotice) -> Receipt {
    guard notice.world == world else {
      counts.foreign += 1
      return .foreign
    }
    guard notice.epoch > epoch || (notice.isWhole && isBehind && notice.epoch == epoch) else {
      counts.stale += 1
      return .stale
    }
    let keys = Set(notice.gates.map(\.key))
    guard keys.count == notice.gates.count, notice.gates.allSatisfy(\.state.isUsable) else {
      counts.unusable += 1
      fallBehind(to: notice.epoch)
      return .unusable
    }
    guard notice.isWhole || (!isBehind && notice.epoch == epoch + 1) else {
      counts.missed += 1
      fallBehind(to: notice.epoch)
      return .missed
    }
    if notice.isWhole { gates = gates.filter { keys.contains($0.key) } }
    for change in notice.gates {
      // A whole notice repeats what has not changed.
      if notice.isWhole, gates[change.key]?.state == change.state { continue }
      gates[change.key] = OrderGate(
        world: world, key: change.key, state: change.state, epoch: notice.epoch)
    }
    epoch = notice.epoch
    isBehind = false
    extendLease(from: notice.at)
    return .taken
  }

  /// Takes a world's word that its gates have not changed. One about a later epoch says that a notice
  /// was missed.
  package mutating func renew(_ renewal: GateRenewal) -> Receipt {
    guard renewal.world == world else {
      counts.foreign += 1
      return .foreign
    }
    guard renewal.epoch >= epoch else {
      counts.stale += 1
      return .stale
    }
    curb = renewal.curb
    guard renewal.epoch == epoch, !isBehind else {
      counts.missed += 1
      fallBehind(to: epoch)
      return .missed
    }
    extendLease(from: renewal.at)
    return .taken
  }

  /// What a gate is, whether or not the lease still covers it; nil where nobody spoke of it.
  package subscript(key: GateKey) -> OrderGate? { isBehind ? nil : gates[key] }

  /// All gates that were spoken of, in the order of their keys.
  package var all: [OrderGate] { isBehind ? [] : gates.values.sorted { $0.key < $1.key } }

  /// What becomes of an order at an instant.
  package func permits(_ order: OrderFacts, at now: Timestamp) -> GateVerdict {
    guard let side = order.side else { return .refused(.sideMissing) }
    guard order.world == world else { return .refused(.otherWorld) }
    guard !isBehind else { return .refused(.noticeMissed) }
    guard let gate = gates[GateKey(order.instance, side)] else { return .refused(.unknownGate) }
    return gate.permits(order, at: now, lease: lease, curb: curb, excess: excess)
  }

  /// What becomes of an order that carries a position over, as a run of a switch may send while the
  /// gates concerned are closed. It is neither scaled nor noted.
  package func permits(
    _ order: OrderFacts, under permit: TransitionPermit, at now: Timestamp
  ) -> GateVerdict {
    guard let side = order.side else { return .refused(.sideMissing) }
    guard order.world == world, permit.world == world else { return .refused(.otherWorld) }
    guard !isBehind else { return .refused(.noticeMissed) }
    let key = GateKey(order.instance, side)
    guard key == permit.key, let gate = gates[key] else { return .refused(.unknownGate) }
    guard gate.epoch <= permit.epoch, epoch >= permit.epoch else { return .refused(.gateClosed) }
    let passage = OrderGate(
      world: world, key: key, state: order.isReducing ? .reduceOnly : .open(weight: 1),
      epoch: gate.epoch)
    return passage.permits(order, at: now, lease: lease, curb: curb, excess: .cut)
  }

  private mutating func fallBehind(to epoch: Int) {
    // Of an epoch that was not taken nothing is known, so a whole notice of it must still be taken.
    self.epoch = max(self.epoch, epoch)
    isBehind = true
    gates = [:]
    lease = .none
  }

  private mutating func extendLease(from instant: Timestamp) {
    let until = instant + leaseLength
    if until > lease.until { lease = GateLease(from: instant, until: until) }
  }
}
