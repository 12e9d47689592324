package import Essentials

/// The gate of one side of one instance: what of its orders may leave.
///
/// 1. Nothing leaves unless the gate is for exactly that world, instance and side.
/// 2. A gate that nobody has spoken of is closed.
/// 3. What is known of a gate is trusted from the instant it was said until its lease ends; before
///    and after that it is closed.
/// 4. A position that is unknown cannot be made smaller.
/// 5. No order leaves larger than it came.
///
/// ```
///            notice with a later epoch
///  closed <----------------------------> monitor, reduceOnly, open(weight)
///     ^                                        |
///     `------ lease ends, notice missed -------'
/// ```
package struct OrderGate: Hashable, Sendable {
  package let world: String
  package let key: GateKey
  package var state: GateState
  /// The epoch with which the gate took its state.
  package var epoch: Int

  package init(world: String, key: GateKey, state: GateState = .closed, epoch: Int = 0) {
    self.world = world
    self.key = key
    self.state = state
    self.epoch = epoch
  }

  /// What becomes of an order at an instant.
  package func permits(
    _ order: OrderFacts, at now: Timestamp, lease: GateLease, curb: GateCurb = .none,
    excess: ReductionExcess = .refuse
  ) -> GateVerdict {
    guard let side = order.side else { return .refused(.sideMissing) }
    guard order.world == world else { return .refused(.otherWorld) }
    guard order.instance == key.instance, side == key.side else { return .refused(.unknownGate) }
    if case .closed(let mode) = curb { return .refused(.mode(mode)) }
    guard state.isUsable else { return .refused(.gateError) }
    guard state != .closed else { return .refused(.gateClosed) }
    guard lease.covers(now) else { return .refused(.leaseExpired) }
    guard order.lots != 0 else { return .refused(.belowLot) }

    var mayOnlyReduce = order.isReducing
    if case .reduceOnly(let mode) = curb {
      guard Self.reduction(of: order, excess: .cut) != nil else { return .refused(.mode(mode)) }
      mayOnlyReduce = true
    }
    switch state {
    case .closed: return .refused(.gateClosed)
    case .reduceOnly: return reduced(order, excess)
    case .monitor(let weight):
      let verdict = mayOnlyReduce ? reduced(order, excess) : Self.scaled(order.lots, by: weight)
      guard case .allowed(let lots) = verdict else { return verdict }
      return .noted(lots: lots)
    case .open(let weight):
      return mayOnlyReduce ? reduced(order, excess) : Self.scaled(order.lots, by: weight)
    }
  }

  private func reduced(_ order: OrderFacts, _ excess: ReductionExcess) -> GateVerdict {
    guard order.position != nil else { return .refused(.gateError) }
    guard let lots = Self.reduction(of: order, excess: excess) else {
      return .refused(.notReducing)
    }
    return .allowed(lots: lots)
  }

  /// The lots of an order by which it makes the position smaller without turning it; nil where it
  /// does not.
  private static func reduction(of order: OrderFacts, excess: ReductionExcess) -> Int? {
    guard let position = order.position, position.signum() == -order.lots.signum(), position != 0
    else { return nil }
    guard order.lots.magnitude > position.magnitude else { return order.lots }
    // The position's magnitude is smaller than another's, so its negative is a number.
    return excess == .cut ? -position : nil
  }

  /// The share of lots, rounded toward zero.
  ///
  /// A product that lies within rounding error of a whole number is that number: 0.29 of 100 lots
  /// are 29, though the product of the doubles is a little less. A weight above 1 enlarges nothing,
  /// since the size of an order was decided by whoever gives it.
  static func scaled(_ lots: Int, by weight: Double) -> GateVerdict {
    let share = Double(lots) * min(weight, 1)
    let nearest = share.rounded()
    let isWhole = abs(share - nearest) <= roundingError * max(1, abs(share))
    let scaled = Int(exactly: isWhole ? nearest : share.rounded(.towardZero)) ?? 0
    return scaled == 0 ? .refused(.belowLot) : .allowed(lots: scaled)
  }

  /// Some thousand times what a product of two doubles may be off, and far below a lot.
  private static let roundingError = 1e-12
}

/// From when until when a holder may trust what it knows of its gates.
package struct GateLease: Hashable, Sendable {
  package var from: Timestamp
  package var until: Timestamp

  /// A lease that covers no instant.
  package static let none = GateLease(
    from: Timestamp(millisecondsSinceEpoch: 0), until: Timestamp(millisecondsSinceEpoch: 0))

  package init(from: Timestamp, until: Timestamp) {
    self.from = from
    self.until = until
  }

  /// Whether an instant lies in it. One before its beginning does not: a clock that went back would
  /// stretch it.
  package func covers(_ now: Timestamp) -> Bool { from <= now && now < until }
}
