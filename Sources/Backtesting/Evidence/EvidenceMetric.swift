/// The measures that follow from a record of returns, by the names that policies use.
///
/// Returns are simple returns of compounded equity after costs. *Annualized* means times the square
/// root of ``EvidenceSettings/annualise`` for ratios and deviations. Missing rows are left out.
package enum EvidenceMetric: String, Hashable, Sendable, CaseIterable {
  /// Mean over sample standard deviation, annualized.
  case sharpe
  /// Mean over sample standard deviation times the square root of the rows: the t statistic of the
  /// mean.
  case sharpeT = "sharpe_t"
  /// The annual mean over the annualized root mean square of the negative returns (over all rows).
  case sortino
  /// The sample standard deviation, annualized.
  case volatility = "vol"
  /// Compounded over the window: 0.1 is 10 percent.
  case returns
  /// The deepest fall of equity below its highest level of the window, as a positive share of that
  /// level. Equity before the first row counts, so a first loss is one.
  case maxDrawdown = "max_dd"
  /// The root of the mean squared fall below the highest level so far, over all levels of equity in
  /// the window: the one before the first row and one after each row (P. Martin and B. McCann, "The
  /// Investor's Guide to Fidelity Funds", 1989).
  case ulcer
  /// The share of rows with a gain among the rows in which a position was held. Rows stand in for
  /// round trips, which a book that is rebalanced every period does not have.
  case winrate
  /// The sum of gains over the sum of losses; unknown without a loss.
  case profitFactor = "profit_factor"
  /// The compounded annual return over ``maxDrawdown``; unknown without a drawdown.
  case calmar
  /// Population skewness.
  case skew
  /// Population kurtosis, 3 for a normal distribution.
  case kurt
  /// The t statistic of the slope of a line through the logarithm of equity over time, by least
  /// squares with an intercept, the level before the first row included.
  ///
  /// The slope is a weighted sum of the logarithmic returns, so its error is that of a sum: the
  /// covariance of Newey and West (1987) of the weighted returns less their mean, with
  /// ⌊4 (n / 100)^(2/9)⌋ lags (1994). The same errors taken of the deviations of equity from the line
  /// would call 4 in 10 series of pure noise significant at t = 2, for such deviations are sums
  /// themselves and more persistent than any number of lags covers; taken of returns it is 1 in 40.
  /// Unknown below 10 rows.
  case equitySlopeT = "equity_slope_t"
  /// The loss that one day in a hundred exceeded: the 1 percent quantile of daily returns, its sign
  /// turned. Rows of one UTC day are compounded first. Unknown below 20 days.
  case valueAtRisk99 = "var_99"
  /// The mean loss of the worst days: of the first ⌊0.025 (n - 1)⌋ + 1 in ascending order, sign
  /// turned. Unknown below 20 days.
  case expectedShortfall975 = "es_975"
  /// What is traded per day, as a share of equity.
  case turnover
  /// Changes of positions that count as trades.
  case trades
  /// The mean gross exposure as a share of equity.
  case exposure
  /// The deflated Sharpe ratio: the probability that the true ratio is above what the best of all
  /// trials would show by luck.
  case deflatedSharpe = "dsr"
  /// The probability that the true Sharpe ratio is above zero.
  case probabilisticSharpe = "psr"
  /// The mean of the annualized Sharpe ratios of the folds of ``EvidenceSettings/folds``.
  case foldSharpeMean = "cv_sharpe_mean"
  /// The sample standard deviation of the same.
  case foldSharpeDeviation = "cv_sharpe_std"
  /// The share of the test windows of ``EvidenceSettings/walk`` that ended with a gain.
  case walkForwardPositive = "wf_positive"
  /// Days with at least one valid row.
  case sampleDays = "sample_days"
  /// The same number as ``trades``.
  case sampleTrades = "sample_trades"
  /// Valid rows.
  case sampleBars = "sample_bars"
  /// Days with at least one valid row on paper.
  case paperDays = "paper_days"
  /// Trades on paper.
  case paperTrades = "paper_trades"
  /// ``sharpe`` of the rows on paper.
  case paperSharpe = "paper_sharpe"
  /// ``maxDrawdown`` of the rows on paper.
  case paperMaxDrawdown = "paper_max_dd"

  /// Whether the measure is of the rows on paper alone.
  package var isOfPaper: Bool {
    switch self {
    case .paperDays, .paperTrades, .paperSharpe, .paperMaxDrawdown: true
    default: false
    }
  }
}

/// A measure over a window.
package struct EvidenceRequest: Hashable, Sendable {
  package var metric: EvidenceMetric
  package var window: EvidenceWindow

  package init(_ metric: EvidenceMetric, over window: EvidenceWindow = .all) {
    self.metric = metric
    self.window = window
  }
}
