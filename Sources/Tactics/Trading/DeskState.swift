package import Essentials
package import Markets

/// Where a desk stands with one contract. The books of the account are the truth about what is held;
/// a state says what the desk believes of it and why.
///
/// | state | what is held | orders | leads to |
/// |---|---|---|---|
/// | flat | nothing | none that opens | entering, unknown |
/// | entering | nothing or a part | one that opens, stop, target | holding, flat, unknown |
/// | holding | the position | stop, target, one that adds or reduces | leaving, flat, unknown |
/// | leaving | the position or a part | one that reduces, stop, target | flat, holding, unknown |
/// | unknown | something nobody meant, or nobody knows | ended one by one | flat |
///
/// 1. An order that opens is sent in the state flat, while no order of the contract stands, and in the
///    state holding, where it adds to the position: there are never two.
/// 2. All other orders only reduce.
/// 3. In the state unknown nothing is opened; all orders are ended and what is held is closed.
package enum DeskState: Hashable, Sendable {
  case flat
  case entering(Entering)
  case holding(Holding)
  case leaving(Holding, Leaving)
  case unknown(Unknown)

  /// An entry whose order is on its way or at the venue.
  package struct Entering: Hashable, Sendable {
    package var trade: PlannedTrade
    package var order: OrderNumber
    package var ledger: TradeLedger
    /// When its first lot was filled; nil before.
    package var filledAt: Timestamp?
    /// Lots that were filled.
    package var filled = Quantity.zero
    /// Why the order ended before it was filled; nil where it did not.
    package var end: OrderEnd?
  }

  /// A position that is held as it was meant.
  package struct Holding: Hashable, Sendable {
    package var trade: PlannedTrade
    package var ledger: TradeLedger
    package var openedAt: Timestamp
    /// Lots held, without a sign.
    package var quantity: Quantity
    /// The most lots that were held.
    package var quantityMost: Quantity
    package var entryPrice: Double
    /// The intended hold from the entry, in seconds, as it was judged last.
    package var currentHoldSeconds: Double
    /// What going on holding it is worth, as it was judged last; NaN before.
    package var holdScore = Double.nan
    /// What exits remember.
    package var memory = ExitMemory()
    /// When it was last brought down to its bound, or added to.
    package var rebalancedAt: Timestamp?
    /// Lots that an addition was filled with since the books were looked at last.
    var added = Quantity.zero
    /// When less leverage was last asked for.
    package var deleveragedAt: Timestamp?
    /// How often its stop was sent.
    package var stopsSent = 1
  }

  /// Why a position is left, and by which order.
  package struct Leaving: Hashable, Sendable {
    package var reason: String
    /// The side that is entered once it is closed; nil where none is.
    package var turnsTo: PositionSide?
    package var order: OrderNumber
  }

  /// Why nothing is known.
  package struct Unknown: Hashable, Sendable {
    /// What brought a desk here.
    package enum Cause: String, Hashable, Sendable, CaseIterable {
      /// Nothing was heard of an entry for too long.
      case entryNotHeard = "entry_not_heard"
      /// There is a position that was never meant.
      case foreignPosition = "foreign_position"
      /// The position is larger than it was meant, or on the other side.
      case unexpectedPosition = "unexpected_position"
    }

    package var cause: Cause
    package var since: Timestamp
  }

  /// The name of the state.
  package var name: String {
    switch self {
    case .flat: "flat"
    case .entering: "entering"
    case .holding: "holding"
    case .leaving: "leaving"
    case .unknown: "unknown"
    }
  }

  /// Takes in that lots were added to the position.
  mutating func add(_ lots: Quantity) {
    switch self {
    case .holding(var holding):
      holding.added = holding.added + lots
      self = .holding(holding)
    case .leaving(var holding, let leaving):
      holding.added = holding.added + lots
      self = .leaving(holding, leaving)
    case .flat, .entering, .unknown: break
    }
  }

  /// What was intended with the position or the entry; nil where there is neither.
  package var trade: PlannedTrade? {
    switch self {
    case .flat, .unknown: nil
    case .entering(let entering): entering.trade
    case .holding(let holding), .leaving(let holding, _): holding.trade
    }
  }
}
