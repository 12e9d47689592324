/// What a matcher assumes where the data does not say.
package struct MatchSettings: Hashable, Sendable {
  /// When a bar fills an order that waits in the book.
  package enum Touch: Hashable, Sendable, CaseIterable {
    /// The bar traded beyond the limit, so whoever waited at it was filled.
    case through
    /// The bar traded at the limit, as if the order were the first in its queue.
    case at
  }

  /// What stands behind the positions that fills open.
  package var mode: MarginMode
  /// What those positions set aside: worth by this.
  package var leverage: Leverage
  /// How long an order takes to the venue; within a bar that is a part of its range
  /// (``Matcher/receive(_:span:account:)``).
  package var orderDelay: MessageDelay
  /// How long a cancellation takes to the venue.
  package var cancelDelay: MessageDelay
  /// The share of a bar's or trade's volume that the orders may have together; nil leaves bars
  /// unbounded and gives the whole of a trade.
  package var participation: Rate?
  /// What an order that takes pays beyond the price of a bar or trade; books say it themselves.
  package var slippage: Rate
  /// When a bar fills an order that waits.
  package var touch: Touch
  /// The share of the cancellations at a price that stood before the order in its queue.
  package var cancelsAhead: Rate
  /// Whether the price of bars, trades and books is the mark, where the data has no marks.
  package var marksFromPrices: Bool

  /// The careful assumptions: no delay, no slippage, bars unbounded, filled only where the bar
  /// traded through, and cancellations all behind the order.
  package init(
    mode: MarginMode = .cross, leverage: Leverage = .one, orderDelay: MessageDelay = .none,
    cancelDelay: MessageDelay = .none, participation: Rate? = nil, slippage: Rate = .none,
    touch: Touch = .through, cancelsAhead: Rate = .none, marksFromPrices: Bool = true
  ) {
    self.mode = mode
    self.leverage = leverage
    self.orderDelay = orderDelay
    self.cancelDelay = cancelDelay
    self.participation = participation
    self.slippage = slippage
    self.touch = touch
    self.cancelsAhead = cancelsAhead
    self.marksFromPrices = marksFromPrices
  }
}
