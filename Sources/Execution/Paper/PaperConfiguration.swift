package import Markets

/// When a market order is filled at a paper venue.
///
/// Both prices lie in the row after the one that the order was decided on: nothing is filled at a
/// price that was known before.
package enum MarketFillRule: String, Hashable, Sendable, CaseIterable {
  case nextOpen = "next_open"
  case nextClose = "next_close"
}

/// What a paper venue does with a reduce-only order of more than is held.
package enum ReduceOnlyRule: String, Hashable, Sendable, CaseIterable {
  /// Rejects it as `not_reducing`.
  case refuse
  /// Takes as much of it as reduces.
  case cut
}

/// How a paper account trades.
package struct PaperConfiguration: Hashable, Sendable {
  /// The venue's name.
  package var venue: String
  /// The account's id.
  package var account: String
  /// Cash at the beginning.
  package var balance: Money
  package var permissions: Set<AccountPermission>
  /// Lot sizes by symbol.
  package var lots: [String: LotSize]
  /// The lot size of every other symbol; nil where no other is traded.
  package var otherLots: LotSize?
  package var marketFills: MarketFillRule
  package var reduceOnly: ReduceOnlyRule
  /// What the venue takes of each fill's worth.
  package var fee: Rate
  /// How much worse than the row's price a market order, or a limit order at once, is filled.
  package var slippage: Rate
  /// The share of a row's volume that all orders in a symbol together can have; nil for no bound.
  /// A row whose volume is not known bounds nothing.
  package var participation: Rate?

  package init(
    venue: String = "paper", account: String = "paper-1", balance: Money,
    permissions: Set<AccountPermission> = [.trade], lots: [String: LotSize] = [:],
    otherLots: LotSize? = nil, marketFills: MarketFillRule = .nextOpen,
    reduceOnly: ReduceOnlyRule = .refuse, fee: Rate = .none, slippage: Rate = .none,
    participation: Rate? = nil
  ) {
    self.venue = venue
    self.account = account
    self.balance = balance
    self.permissions = permissions
    self.lots = lots
    self.otherLots = otherLots
    self.marketFills = marketFills
    self.reduceOnly = reduceOnly
    self.fee = fee
    self.slippage = slippage
    self.participation = participation
  }

  /// What the symbol's quantities count, nil where it is not traded.
  package func lot(of symbol: String) -> LotSize? { lots[symbol] ?? otherLots }
}
