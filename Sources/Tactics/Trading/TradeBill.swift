package import Markets
package import Models

/// What a trade is expected to cost, each part once, as fractions of its worth.
package struct TradeBill: Hashable, Sendable {
  /// The fee of one side; all orders take.
  package let fee: Double
  /// The whole spread, of which each side pays half.
  package let spread: Double
  /// What one side pays beyond the best price: the assumed slippage and the impact of its size.
  package let slippage: Double

  /// Reckons the bill of a trade of so much worth.
  ///
  /// The impact is the daily deviation times the root of the trade's share of a day's turnover, times
  /// a factor (Almgren, Thum, Hauptmann and Li, "Direct Estimation of Equity Market Impact", Risk 18,
  /// 2005, with the root that later studies find); nothing where the turnover is not known.
  package init(
    of reading: MarketReading, fees: FeeSchedule, worth: Double,
    under settings: OutlookSettings.Costs
  ) {
    fee = fees.taker.value
    spread = reading.spread ?? settings.spreadAssumed
    var impact = 0.0
    if let turnover = reading.minuteTurnover, turnover > 0, worth > 0 {
      let daily = reading.belief.annualVolatility * (1 / 365.0).squareRoot()
      impact = settings.impact * daily * (worth / (1440 * turnover)).squareRoot()
    }
    slippage = settings.slippage + impact.known(or: 0)
  }

  /// What one side pays in all.
  package var side: Double { fee + 0.5 * spread + slippage }

  /// What getting in and out costs.
  package var roundTrip: Double { 2 * side }

  /// The costs of a simulation.
  package var costs: TradeCosts { TradeCosts(fee: fee, spread: spread, slippage: slippage) }
}
