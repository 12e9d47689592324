import Markets

/// Why a venue does not take an order, or no more of it.
package enum OrderRejection: Hashable, Sendable, CustomStringConvertible {
  /// The quantity is no whole lot.
  case belowLot
  /// The order is reduce-only and would open, enlarge or turn the instance's position.
  case notReducing
  /// The venue does not trade the symbol.
  case unknownSymbol
  /// The quantity, its worth or the position after it is beyond what the ledger counts.
  case amountTooLarge
  /// The order belongs to no instance.
  case instanceMissing
  /// It was good until an instant that has passed.
  case expired
  /// What another venue says, in its words.
  case other(String)

  /// The stable snake_case name that programs and records read.
  package var key: String {
    switch self {
    case .belowLot: "below_lot"
    case .notReducing: "not_reducing"
    case .unknownSymbol: "unknown_symbol"
    case .amountTooLarge: "amount_too_large"
    case .instanceMissing: "instance_missing"
    case .expired: "expired"
    case .other(let text): text
    }
  }

  /// The reason of that name; any other text is what another venue says.
  package init(key: String) {
    let known: [OrderRejection] = [
      .belowLot, .notReducing, .unknownSymbol, .amountTooLarge, .instanceMissing, .expired,
    ]
    self = known.first { $0.key == key } ?? .other(key)
  }

  package var description: String { key }
}
