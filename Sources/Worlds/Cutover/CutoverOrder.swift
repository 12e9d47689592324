package import Essentials

/// An order that carries a position over after a switch.
package struct CutoverOrder: Hashable, Sendable {
  /// The same for the same run, instance and place, however often it is sent.
  package var clientID: String
  package var key: GateKey
  package var symbol: String
  /// Positive to buy, negative to sell.
  package var lots: Int
  /// Whether it may only make a position smaller.
  package var isReducing: Bool
  /// How long after the switch it is sent.
  package var due: TimeSpan
  /// The order that must have been filled before, by its client id.
  package var predecessor: String?

  package init(
    clientID: String, key: GateKey, symbol: String, lots: Int, isReducing: Bool,
    due: TimeSpan = .zero, predecessor: String? = nil
  ) {
    self.clientID = clientID
    self.key = key
    self.symbol = symbol
    self.lots = lots
    self.isReducing = isReducing
    self.due = due
    self.predecessor = predecessor
  }
}

/// How positions are carried over: what is sent, and what stays behind.
package struct CutoverTransition: Hashable, Sendable {
  package var orders: [CutoverOrder]
  package var orphans: [OrphanPosition]

  /// Nothing is sent and nothing stays behind.
  package static let none = CutoverTransition(orders: [], orphans: [])

  package init(orders: [CutoverOrder], orphans: [OrphanPosition]) {
    self.orders = orders
    self.orphans = orphans
  }

  /// Whether it moves nothing but the positions of these gates, each order has a name of its own, and
  /// none waits for one that stands behind it.
  func isSound(for gates: Set<GateKey>) -> Bool {
    var names: Set<String> = []
    for order in orders {
      guard gates.contains(order.key), order.lots != 0, order.due >= .zero,
        order.predecessor.map(names.contains) ?? true, names.insert(order.clientID).inserted
      else { return false }
    }
    return true
  }
}

/// A position whose instance no longer trades: it belongs to the world and counts in its risk.
package struct OrphanPosition: Hashable, Sendable {
  package var instance: String
  package var symbol: String
  /// Negative where it is short.
  package var lots: Int

  package init(instance: String, symbol: String, lots: Int) {
    self.instance = instance
    self.symbol = symbol
    self.lots = lots
  }
}

/// How an order of a transition ended.
package struct CutoverOrderEnd: Hashable, Sendable {
  /// How it ended, or why it did not begin.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case filled
    /// It ended with less than was wanted.
    case cancelled
    case rejected
    /// It was not sent, since it must not or need not be.
    case skipped
    /// Nobody knows.
    case unknown
  }

  package var clientID: String
  package var outcome: Outcome
  /// Signed as the order's.
  package var filled: Int

  package init(clientID: String, outcome: Outcome, filled: Int) {
    self.clientID = clientID
    self.outcome = outcome
    self.filled = filled
  }
}
