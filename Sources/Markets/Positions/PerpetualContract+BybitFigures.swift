/// Figures as Bybit shows them for a position, which its books and ours do not rest on.
///
/// Bybit keeps back the taker fee of closing at the bankruptcy price and adds it to both margins, so it
/// moves neither the distance between them nor the liquidation price. Source: Bybit help center,
/// "Initial Margin" and "Maintenance Margin" of unified accounts; checked on recorded messages.
extension PerpetualContract {
  /// The price at which a position's margin of so much leverage is lost: E·(1 ∓ 1/leverage), below
  /// the entry for a long one.
  package func bankruptcyPrice(
    entry: Double, side: PositionSide, leverage: Leverage
  ) -> Double {
    entry * (1 - Double(side.sign) / leverage.value)
  }

  /// The initial margin shown: worth/leverage plus the fee to close; nil beyond what is counted.
  package func shownInitialMargin(
    worth: CoinAmount, cost: CoinAmount, side: PositionSide, leverage: Leverage
  ) -> CoinAmount? {
    CoinAmount(
      worth.magnitude.value / leverage.value
        + closeFee(cost: cost, side: side, leverage: leverage))
  }

  /// The maintenance margin shown: worth·rate − deduction plus the fee to close; nil beyond what is
  /// counted.
  package func shownMaintenanceMargin(
    worth: CoinAmount, cost: CoinAmount, side: PositionSide, leverage: Leverage
  ) -> CoinAmount? {
    CoinAmount(
      tiers.maintenance(of: worth).value + closeFee(cost: cost, side: side, leverage: leverage))
  }

  /// The liquidation price shown for the only position of a cross account: the entry moved by what
  /// the wallet has above the maintenance margin, as if that margin did not change with the price.
  package func shownLiquidationPrice(
    entry: Double, quantity: Quantity, wallet: CoinAmount, maintenance: CoinAmount
  ) -> Double {
    entry - (wallet - maintenance).value / quantity.units(of: rules.lot)
  }

  /// The price at which a long position pays for its fees, those of closing included:
  /// (cost − realized)/(q·(1 − max(taker, 0.055 %))); a short one's has a plus.
  package func shownBreakEvenPrice(
    cost: CoinAmount, realized: CoinAmount, quantity: Quantity
  ) -> Double {
    let sign = Double(quantity.lots.signum())
    let rate = max(fees.taker.value, 0.00055)
    return (cost - realized).value / (quantity.units(of: rules.lot) * (1 - sign * rate))
  }

  private func closeFee(cost: CoinAmount, side: PositionSide, leverage: Leverage) -> Double {
    bankruptcyPrice(entry: cost.magnitude.value, side: side, leverage: leverage)
      * fees.taker.value
  }
}
