package import Essentials
package import Markets
package import Tactics

/// What a trader decided about a contract at one instant, as far as reports and journals are
/// concerned.
package struct ReplayDecision: Sendable {
  /// What came of it.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An order that opens a position.
    case entered
    /// An entry that was wanted and not made.
    case refused
    /// A position that is over, whatever ended it.
    case closed
    /// Anything else, such as a position that is made smaller.
    case other
  }

  package var instant: Timestamp
  package var contract: ContractID
  package var kind: Kind
  /// What the trader itself calls it.
  package var word: String
  package var side: PositionSide?
  /// Why, in snake_case: the gate that refused first, or what ended the position.
  package var reason: String
  /// The order that followed; nil where none did.
  package var order: OrderNumber?
  /// What an entry and the end of its position have in common; nil where it is neither.
  package var entry: UInt64?
  /// What was expected of the trade; nil where nothing was.
  package var forecast: TradeForecast?
  /// Through which time nothing was wanted of the contract before, and why; nil where something was.
  package var waited: WaitingSpell?
  /// Everything that is known of the decision, made when it is asked for.
  package var record: @Sendable () -> JSONValue

  package init(
    at instant: Timestamp, of contract: ContractID, _ kind: Kind, word: String,
    side: PositionSide? = nil, reason: String, order: OrderNumber? = nil, entry: UInt64? = nil,
    forecast: TradeForecast? = nil, record: @escaping @Sendable () -> JSONValue = { [:] }
  ) {
    self.instant = instant
    self.contract = contract
    self.kind = kind
    self.word = word
    self.side = side
    self.reason = reason
    self.order = order
    self.entry = entry
    self.forecast = forecast
    self.record = record
  }
}

/// What was expected of a trade before it was made: the chances of its endings.
package struct TradeForecast: Hashable, Sendable {
  package var side: PositionSide
  /// The price from which the distances are meant.
  package var price: Double
  /// When the trade would be closed at the latest, after its entry.
  package var horizon: TimeSpan
  /// The favorable and the adverse move that close it, as fractions; infinite for none.
  package var takeProfit: Double
  package var stopLoss: Double
  /// What getting in and out costs, as a fraction.
  package var cost: Double
  /// The chance of a profit after costs, of touching the target first, and of touching the stop first.
  package var profit: Double
  package var target: Double
  package var stop: Double

  package init(
    side: PositionSide, price: Double, horizon: TimeSpan, takeProfit: Double, stopLoss: Double,
    cost: Double, profit: Double, target: Double, stop: Double
  ) {
    self.side = side
    self.price = price
    self.horizon = horizon
    self.takeProfit = takeProfit
    self.stopLoss = stopLoss
    self.cost = cost
    self.profit = profit
    self.target = target
    self.stop = stop
  }
}

/// A trader that tells what it decided and why.
package protocol ExplainingTrader: PortfolioTrader {
  /// Hands over what it decided since it was asked last, in order.
  mutating func takeExplanations() -> [ReplayDecision]

  /// Hands over what it still has to tell once it is asked no further, in order.
  mutating func takeLastExplanations() -> [ReplayDecision]

  /// When its kill switch acted, behind which it enters nothing; nil where it did not.
  var stoppedAt: Timestamp? { get }

  /// How often it was asked whether to enter, whatever the answer.
  var entriesConsidered: Int { get }

  /// How often an entry was refused, by the first reason.
  var refusedEntries: [RefusalCount] { get }
}

extension ExplainingTrader {
  /// Nothing.
  package mutating func takeLastExplanations() -> [ReplayDecision] { [] }
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
