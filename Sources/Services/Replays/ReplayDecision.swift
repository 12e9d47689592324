package import Essentials
package import Markets

/// What a trader decided about a contract at one instant, as far as reports and journals are
/// concerned.
package struct ReplayDecision: Hashable, Sendable {
  /// What came of it.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An order that opens a position, or adds to one.
    case entered
    /// An order that closes one, or a part of it.
    case left
    /// An entry that was wanted and not made.
    case refused
  }

  /// How likely a trade was said to end well, before it was made.
  package struct Chances: Hashable, Sendable {
    /// Of a profit after costs at the end of the horizon.
    package var profit: Double?
    /// Of touching the target first, and of touching the stop first.
    package var target: Double?
    package var stop: Double?

    package init(profit: Double? = nil, target: Double? = nil, stop: Double? = nil) {
      self.profit = profit
      self.target = target
      self.stop = stop
    }
  }

  package var instant: Timestamp
  package var contract: ContractID
  package var kind: Kind
  package var side: PositionSide?
  /// Why, in snake_case: the rule that left, or the gate that refused first.
  package var reason: String
  /// The order that followed; nil where none did.
  package var order: OrderNumber?
  package var chances: Chances
  /// When the trade was expected to be best closed, after its entry.
  package var bestTime: TimeSpan?
  /// Everything that is known of the decision.
  package var record: JSONValue

  package init(
    at instant: Timestamp, of contract: ContractID, _ kind: Kind, side: PositionSide? = nil,
    reason: String, order: OrderNumber? = nil, chances: Chances = Chances(),
    bestTime: TimeSpan? = nil, record: JSONValue = [:]
  ) {
    self.instant = instant
    self.contract = contract
    self.kind = kind
    self.side = side
    self.reason = reason
    self.order = order
    self.chances = chances
    self.bestTime = bestTime
    self.record = record
  }
}

/// A trader that tells what it decided and why.
package protocol ExplainingTrader: PortfolioTrader {
  /// Hands over what it decided since it was asked last, in order.
  mutating func takeDecisions() -> [ReplayDecision]

  /// How often it was asked whether to enter, whatever the answer.
  var entriesConsidered: Int { get }

  /// How often an entry was refused, by the first reason.
  var refusedEntries: [RefusalCount] { get }
}

/// How often something was refused for a reason.
package struct RefusalCount: Hashable, Sendable {
  /// In snake_case.
  package let reason: String
  package let count: Int

  package init(_ reason: String, _ count: Int) {
    self.reason = reason
    self.count = count
  }

  /// The most frequent first; of equals by the name.
  static func sorted(_ counts: [RefusalCount]) -> [RefusalCount] {
    counts.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
  }
}
