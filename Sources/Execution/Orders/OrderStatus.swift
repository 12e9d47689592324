package import Markets

/// What is known of an order at its venue.
package enum OrderStatus: Hashable, Sendable {
  /// The venue cannot say, or was not heard: the order may be open. Never taken for an end.
  case unknown
  /// Taken, nothing filled.
  case accepted
  /// So much is filled and the rest is open.
  case partiallyFilled(filled: Quantity)
  /// All of it is filled.
  case filled
  /// Ended after so much was filled.
  case cancelled(filled: Quantity)
  /// Never taken.
  case rejected(OrderRejection)

  /// Whether nothing more can be filled.
  package var isTerminal: Bool {
    switch self {
    case .filled, .cancelled, .rejected: true
    case .unknown, .accepted, .partiallyFilled: false
    }
  }

  /// The stable snake_case name of the state, without its amounts.
  package var name: String {
    switch self {
    case .unknown: "unknown"
    case .accepted: "accepted"
    case .partiallyFilled: "partially_filled"
    case .filled: "filled"
    case .cancelled: "cancelled"
    case .rejected: "rejected"
    }
  }
}
