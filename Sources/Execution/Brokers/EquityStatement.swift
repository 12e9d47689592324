package import Markets

/// What an instance, or the whole account, is worth and how that came about.
///
/// Equity is cash and positions at the last known prices, and to the millionth also capital and
/// realized and unrealized profit less fees, as long as no amount reaches ``Money/largest``.
package struct EquityStatement: Hashable, Sendable {
  /// What was put in, less what was taken out.
  package let capital: Money
  package let cash: Money
  /// Positions at the last known prices; negative where short ones prevail.
  package let positions: Money
  /// Profit of what was closed, before fees.
  package let realized: Money
  /// Profit of what is held, at the last known prices.
  package let unrealized: Money
  /// Fees paid so far.
  package let fees: Money

  package init(
    capital: Money, cash: Money, positions: Money, realized: Money, unrealized: Money, fees: Money
  ) {
    self.capital = capital
    self.cash = cash
    self.positions = positions
    self.realized = realized
    self.unrealized = unrealized
    self.fees = fees
  }

  package var equity: Money { cash + positions }
}
