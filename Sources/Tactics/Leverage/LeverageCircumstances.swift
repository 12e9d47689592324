package import Essentials
package import Markets

/// Everything that leverage is found from. NaN is what is not known.
package struct LeverageCircumstances: Hashable, Sendable {
  package var side: PositionSide
  package var belief = SideBelief()
  /// How far the net expectations of the sides lie apart.
  package var gap = Double.nan
  package var direction = DirectionBelief()
  package var market = MarketState()
  /// Fees, spread, slippage and funding of getting in and out, as a fraction of notional.
  package var roundTripCost = Double.nan
  /// Mean return of the worst outcomes of a trade that ends at target, stop or time-out.
  package var eventShortfall = Double.nan
  /// Refusals for want of balance, and the last of them.
  package var balanceRejects = BalanceRejects()
  /// The venue's maintenance margin of a position of this size; NaN where the configured one holds.
  package var maintenanceRate = Double.nan
  /// The most leverage that the venue allows; NaN where it is not known.
  package var venueMax = Double.nan
  package var now: Timestamp

  package init(side: PositionSide, now: Timestamp) {
    self.side = side
    self.now = now
  }

  /// The scores of the entry.
  package func scores(under settings: LeverageSettings.Signal) -> EntryScores {
    EntryScores(
      for: side, belief: belief, gap: gap, direction: direction, market: market, under: settings)
  }

  /// What the venue keeps of the notional before it liquidates.
  func maintenance(under settings: LeverageSettings.Liquidation) -> Double {
    maintenanceRate.known(or: settings.maintenance)
  }
}
