package import Markets

/// What an instance holds of a symbol at a venue.
package struct InstancePosition: Hashable, Sendable {
  package let instance: String
  package let symbol: String
  /// Lots, negative where short.
  package let quantity: Quantity

  package init(instance: String, symbol: String, quantity: Quantity) {
    self.instance = instance
    self.symbol = symbol
    self.quantity = quantity
  }
}

/// What a venue holds of a symbol, whoever ordered it.
package struct VenuePosition: Hashable, Sendable {
  package let symbol: String
  /// Lots, negative where short.
  package let quantity: Quantity

  package init(symbol: String, quantity: Quantity) {
    self.symbol = symbol
    self.quantity = quantity
  }
}

/// All positions of an account at one moment: the venue's, and the parts of instances in them.
///
/// A venue nets what instances hold; who holds what is a ledger of fills. The parts of a symbol add
/// up to its position, or money is held that nobody knows of.
package struct PositionBook: Hashable, Sendable {
  /// By symbol, without those that are zero.
  package let venue: [VenuePosition]
  /// By instance and symbol, without those that are zero.
  package let parts: [InstancePosition]

  /// Orders the positions and leaves out what is zero.
  package init(venue: [VenuePosition], parts: [InstancePosition]) {
    self.venue = venue.filter { $0.quantity != .zero }.sorted { $0.symbol < $1.symbol }
    self.parts = parts.filter { $0.quantity != .zero }.sorted {
      ($0.instance, $0.symbol) < ($1.instance, $1.symbol)
    }
  }

  /// What an instance holds, by symbol.
  package func parts(of instance: String) -> [InstancePosition] {
    parts.filter { $0.instance == instance }
  }

  /// What an instance holds of a symbol, zero where nothing.
  package func quantity(of symbol: String, heldBy instance: String) -> Quantity {
    parts.first { $0.instance == instance && $0.symbol == symbol }?.quantity ?? .zero
  }

  /// What the venue holds of a symbol, zero where nothing.
  package func quantity(of symbol: String) -> Quantity {
    venue.first { $0.symbol == symbol }?.quantity ?? .zero
  }

  /// By symbol, how much more the venue holds than the instances together; empty where they agree.
  package var discrepancies: [VenuePosition] {
    var surplus: [String: Quantity] = [:]
    for position in venue { surplus[position.symbol, default: .zero] = position.quantity }
    for part in parts {
      surplus[part.symbol] = surplus[part.symbol, default: .zero] - part.quantity
    }
    return surplus.sorted { $0.key < $1.key }.filter { $0.value != .zero }
      .map { VenuePosition(symbol: $0.key, quantity: $0.value) }
  }
}
