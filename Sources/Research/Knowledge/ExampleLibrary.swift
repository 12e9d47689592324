/// The formulas that a pack of examples is chosen from, with what each of them says.
///
/// They are our own spellings of effects that are widely published. A pack takes those whose fields
/// and operators the catalogue has and which the checker accepts.
enum ExampleLibrary {
  struct Entry: Sendable {
    let expression: String
    let lesson: String

    init(_ expression: String, _ lesson: String) {
      (self.expression, self.lesson) = (expression, lesson)
    }
  }

  static let entries: [Entry] = priceVolume + fundamental + events

  /// Prices, returns and volume.
  private static let priceVolume: [Entry] = [
    Entry("-rank(ts_returns(close, 5))", "What rose most in a week falls back: reversal."),
    Entry(
      "rank(ts_returns(ts_delay(close, 20), 230))",
      "Winners of the last year keep winning once the last month is left out: momentum."),
    Entry(
      "group_neutralize(-rank(ts_returns(close, 5)), industry)",
      "Reversal among peers, without a bet on any industry."),
    Entry(
      "trade_when(volume > adv20, -rank(ts_delta(close, 3)), -1)",
      "Fade a move only on days of heavy volume, and hold the position otherwise."),
    Entry(
      "hump(rank(-ts_returns(vwap, 5)), hump=0.01)",
      "Small changes of a signal are not worth trading; the limit goes by name."),
    Entry(
      "ts_decay_linear(rank(vwap - close), 5)",
      "A daily signal, smoothed so that it turns over less."),
    Entry(
      "-ts_corr(rank(close), rank(volume), 10)", "Price and volume that rise together overshoot."),
    Entry(
      "rank(volume / adv20) * -rank(returns)",
      "A move on unusual volume reverts more than a quiet one."),
    Entry("-rank(ts_std_dev(returns, 60))", "Calm stocks earn more for their risk than wild ones."),
    Entry("rank(ts_ir(returns, 120))", "A steady climb counts more than one big jump."),
    Entry(
      "rank(ts_sum(log(1 + returns), 20))",
      "A month's trend, its daily returns added up as logarithms."),
    Entry("-ts_zscore(close, 20)", "How far a price strayed from its own monthly mean."),
    Entry(
      "rank((close - open) / (high - low))",
      "Where in its range a day's move ended: intraday pressure."),
    Entry("-rank(open / ts_delay(close, 1) - 1)", "An overnight gap tends to close."),
    Entry("rank(close / ts_max(high, 250))", "Nearness to the high of the year anchors buyers."),
    Entry("-rank(ts_arg_max(high, 60))", "The fewer days since the high of a quarter, the better."),
    Entry(
      "-rank(ts_max(returns, 20))",
      "Stocks that had one spectacular day are overpaid like lotteries."),
    Entry("-rank(ts_skewness(returns, 60))", "Few big gains among many small losses are overpaid."),
    Entry(
      "rank(ts_mean(abs(returns) / dollar_volume, 20))",
      "What moves much on little trading pays for its illiquidity."),
    Entry(
      "group_neutralize(rank(ts_ir(returns, 120)), bucket(rank(cap), range=\"0,1,0.1\"))",
      "A trend among stocks of like size: bucket makes the groups."),
    Entry(
      "group_rank(ts_returns(close, 120), subindustry)", "The winners within each subindustry."),
    Entry("group_zscore(-ts_std_dev(returns, 20), sector)", "Calmness compared within the sector."),
    Entry(
      "if_else(ts_rank(volume, 60) > 0.8, -rank(returns), rank(returns))",
      "Moves on heavy volume revert, quiet ones go on: a condition chooses."),
    Entry(
      "if_else(and(close > ts_mean(close, 50), volume > adv20), rank(returns), 0)",
      "Two conditions must hold before a signal counts."),
    Entry(
      "quantile(ts_sum(returns, 60), driver=\"gaussian\")",
      "Ranks carried to a bell curve weigh extremes more."),
    Entry(
      "winsorize(zscore(-ts_delta(volume, 5) / adv20), std=3)",
      "Drying volume, with outliers clipped."),
    Entry(
      "-rank(ts_regression(returns, ts_delay(returns, 1), 60, rettype=2))",
      "The slope of a return on yesterday's: stocks that chase themselves overshoot."),
    Entry(
      "signed_power(zscore(ts_mean(returns, 10)), 0.5)",
      "A root that keeps the sign tames large values."),
    Entry(
      "rank(ts_mean(volume, 5) / ts_mean(volume, 60))",
      "Growing attention, measured against its own past."),
    Entry("-rank(ts_scale(close, 60))", "Where a price stands between the extremes of a quarter."),
    Entry(
      "-rank(ts_av_diff(close, 20) / close)",
      "Distance from the monthly mean as a share of the price."),
    Entry(
      "ts_decay_exp_window(-rank(returns), 10, 0.7)",
      "Recent days weigh more: smoothing that forgets."),
    Entry(
      "width = (high - low) / close;\nusual = ts_mean(width, 20);\n-rank(width / usual)",
      "Named steps: a day's range against what is usual for the stock."),
    Entry(
      "-rank(ts_covariance(rank(high), rank(volume), 10))",
      "Highs that volume follows are near their end."),
  ]

  /// Company reports.
  private static let fundamental: [Entry] = [
    Entry("rank(equity / cap)", "Book value that is cheap on the market: value."),
    Entry("rank(ts_backfill(eps, 120) / close)", "Earnings yield, gaps in reports filled."),
    Entry("group_rank(income / assets, sector)", "Profitable for its sector: quality."),
    Entry("rank(gross_profit / assets)", "Gross profitability, before accounting choices."),
    Entry(
      "-rank((income - cashflow_op) / assets)",
      "Earnings that are not cash tend to disappoint: accruals."),
    Entry(
      "-rank(ts_delta(assets, 250) / ts_delay(assets, 250))",
      "Companies that grow their assets fast lag afterwards."),
    Entry(
      "-rank(ts_delta(sharesout, 250) / sharesout)",
      "Companies that issue shares lag those that buy them back."),
    Entry(
      "group_neutralize(rank(rd_expense / cap), sector)",
      "Research that the market does not price in yet."),
    Entry("-group_zscore(debt / assets, industry)", "Less indebted than its peers."),
  ]

  /// Dated events and perpetual futures.
  private static let events: [Entry] = [
    Entry(
      "rank(ts_sum(vec_sum(dividend_events), 250) / close)",
      "A year's dividends over the price: events are summed up before anything else reads them."),
    Entry("-rank(ts_mean(funding_rate, 24))", "Longs that pay much to hold are crowded: carry."),
    Entry(
      "-rank(ts_sum(vec_sum(funding_events), 168))",
      "A week's funding, summed from its settlements."),
    Entry("rank(mark_close / close - 1)", "A price below its mark catches up."),
  ]
}
