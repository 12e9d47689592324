package import Backtesting
package import Essentials

/// How evenly an alpha earned over calendar years.
package struct YearlyStability: Hashable, Sendable {
  package var years: Int
  /// Over the years that have a Sharpe ratio; nil where none has.
  package var sharpeMean: Double?
  /// The population standard deviation of the years' Sharpe ratios.
  package var sharpeDeviation: Double?
  /// The population standard deviation of the years' profits, in the book's money.
  package var pnlDeviation: Double?
  /// The share of the years with a profit above zero, 0...1.
  package var profitableShare: Double?
  /// The deepest drawdown of any year, a positive fraction of the capital.
  package var largestDrawdown: Double?

  /// Measures the years of the whole sample; parts of it (train and test) do not count again.
  package init(_ yearly: [YearlyMetrics]) {
    let metrics = yearly.filter { $0.stage == .inSample }.map(\.metrics)
    self.init(
      figures: metrics.map { (sharpe: $0.sharpe, pnl: $0.pnl, drawdown: $0.drawdown) })
  }

  /// Measures years that are given by their figures; NaN where one is not defined.
  package init(figures: [(sharpe: Double, pnl: Double, drawdown: Double)]) {
    years = figures.count
    let sharpes = figures.map(\.sharpe).filter(\.isFinite)
    let profits = figures.map(\.pnl).filter(\.isFinite)
    sharpeMean = Self.mean(sharpes)
    sharpeDeviation = Self.deviation(sharpes)
    pnlDeviation = Self.deviation(profits)
    profitableShare =
      profits.isEmpty ? nil : Double(profits.count { $0 > 0 }) / Double(profits.count)
    largestDrawdown = figures.map(\.drawdown).filter(\.isFinite).max()
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func deviation(_ values: [Double]) -> Double? {
    guard let mean = mean(values) else { return nil }
    let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count)).squareRoot()
  }

  /// The object that reports show.
  package var json: JSONValue {
    [
      "years": .integer(years), "sharpe_mean": .optional(sharpeMean),
      "sharpe_std": .optional(sharpeDeviation), "pnl_std": .optional(pnlDeviation),
      "profitable_share": .optional(profitableShare),
      "largest_drawdown": .optional(largestDrawdown),
    ]
  }
}
