/// What a trader wants of its venue.
package enum TradeDirective: Hashable, Sendable {
  case submit(MarketOrder)
  /// Ends the order of a number, if it is not over by then.
  case cancel(OrderNumber)
  /// Ends all orders that are at the venue by then.
  case cancelAll
  /// Sets what positions that are opened later set aside, and the one that is held where its margin
  /// and its tier allow it.
  case leverage(Leverage)
}
