package import Essentials
package import Markets

/// A position from its first fill until nothing of it was left.
package struct RoundTrip: Hashable, Sendable {
  /// How a round trip ended.
  package enum End: String, Hashable, Sendable, CaseIterable {
    /// An order closed it.
    case order
    /// The venue liquidated it.
    case liquidation
    /// It was still held when the data ended; its result is what it was worth at the last mark.
    case open
  }

  package let contract: ContractID
  package let symbol: String
  package let side: PositionSide
  package let openedAt: Timestamp
  package let closedAt: Timestamp
  /// The order of the first fill.
  package let entryOrder: OrderNumber
  /// The order of the last fill; nil where no order closed it.
  package let exitOrder: OrderNumber?
  package let end: End
  /// The most lots that were held, without sign.
  package let quantity: Quantity
  /// The mean price of the fills that opened and of those that closed; where it is open, the last mark.
  package let entryPrice: Double
  package let exitPrice: Double
  package let leverage: Leverage
  /// What the fills that opened it were worth, without sign.
  package let worth: CoinAmount
  /// The profit before fees and funding.
  package let gross: CoinAmount
  /// Fees paid.
  package let fees: CoinAmount
  /// Funding received less funding paid.
  package let funding: CoinAmount
  /// The most that the price moved in favor of the position, as a fraction of the entry price.
  package let bestReturn: Double
  /// The most that it moved against it; at most 0.
  package let worstReturn: Double
  /// The number of fills, of both directions.
  package let fills: Int

  package init(
    contract: ContractID, symbol: String, side: PositionSide, openedAt: Timestamp,
    closedAt: Timestamp, entryOrder: OrderNumber, exitOrder: OrderNumber?, end: End,
    quantity: Quantity, entryPrice: Double, exitPrice: Double, leverage: Leverage,
    worth: CoinAmount, gross: CoinAmount, fees: CoinAmount, funding: CoinAmount,
    bestReturn: Double, worstReturn: Double, fills: Int
  ) {
    self.contract = contract
    self.symbol = symbol
    self.side = side
    self.openedAt = openedAt
    self.closedAt = closedAt
    self.entryOrder = entryOrder
    self.exitOrder = exitOrder
    self.end = end
    self.quantity = quantity
    self.entryPrice = entryPrice
    self.exitPrice = exitPrice
    self.leverage = leverage
    self.worth = worth
    self.gross = gross
    self.fees = fees
    self.funding = funding
    self.bestReturn = bestReturn
    self.worstReturn = worstReturn
    self.fills = fills
  }

  /// The profit after everything.
  package var net: CoinAmount { gross - fees + funding }
  /// The profit after everything over what was traded.
  package var netReturn: Double { net.value / worth.value }
  /// How long it was held.
  package var held: TimeSpan { closedAt - openedAt }
}
