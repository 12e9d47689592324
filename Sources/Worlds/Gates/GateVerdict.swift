/// What a gate says of an order.
package enum GateVerdict: Hashable, Sendable {
  /// It may be sent with so many lots, signed as the order's.
  case allowed(lots: Int)
  /// It may not be sent; so many lots would be, were the gate open.
  case noted(lots: Int)
  case refused(GateRefusal)
}

/// Why a gate sends nothing.
package enum GateRefusal: Hashable, Sendable {
  /// The order does not say for which side it is.
  case sideMissing
  /// The order is for another world.
  case otherWorld
  /// Nobody has said anything about the gate yet.
  case unknownGate
  case gateClosed
  /// Nothing was heard of the world for longer than its gates may be trusted, or time went back.
  case leaseExpired
  /// A change of the gates was missed.
  case noticeMissed
  /// What remains of the order is less than a lot.
  case belowLot
  /// The order would not only make a position smaller.
  case notReducing
  /// The mode of the world allows no such order.
  case mode(WorldMode)
  /// The order cannot be judged, since something that must be known is not.
  case gateError

  /// `side_missing`, `gate_closed`, `mode:halted`.
  package var name: String {
    switch self {
    case .sideMissing: "side_missing"
    case .otherWorld: "other_world"
    case .unknownGate: "unknown_gate"
    case .gateClosed: "gate_closed"
    case .leaseExpired: "lease_expired"
    case .noticeMissed: "notice_missed"
    case .belowLot: "below_lot"
    case .notReducing: "not_reducing"
    case .mode(let mode): "mode:\(mode.rawValue)"
    case .gateError: "gate_error"
    }
  }
}
