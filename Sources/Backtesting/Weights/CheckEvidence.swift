import Essentials

/// What the checks of one alpha look at.
package struct CheckEvidence: Sendable {
  package var alpha: AlphaIdentity
  package var metrics: AlphaMetrics
  package var series: BookSeries
  package var scale: AlphaMetrics.Scale
  /// The size of the smaller universe as a share of the universe; nil where there is none.
  package var smallerUniverseShare: Double?

  package init(
    alpha: AlphaIdentity, metrics: AlphaMetrics, series: BookSeries, scale: AlphaMetrics.Scale,
    smallerUniverseShare: Double?
  ) {
    self.alpha = alpha
    self.metrics = metrics
    self.series = series
    self.scale = scale
    self.smallerUniverseShare = smallerUniverseShare
  }

  /// The Sharpe ratio of the weights restricted to the smaller universe; nil where there is none.
  package var smallerUniverseSharpe: Double? {
    guard smallerUniverseShare != nil else { return nil }
    return AlphaMetrics.sharpe(
      series.smallerUniversePnL, rows: 0..<series.count, rowsPerYear: scale.rowsPerYear)
  }

  /// The Sharpe ratio of the last whole `years` of the series; nil where it is shorter.
  package func sharpe(ofLastYears years: Int) -> Double? {
    guard let first = series.stamps.first, let last = series.stamps.last else { return nil }
    let dayBefore = CalendarPeriod(years: years).before(last.date)
    // A sample of exactly so many years starts at the first trading day after the day before.
    guard first.date.daysSinceEpoch - dayBefore.daysSinceEpoch <= Self.holidayDays else {
      return nil
    }
    let start = Timestamp(startOf: dayBefore.advanced(byDays: 1))
    let row = series.stamps.firstIndex { $0 >= start } ?? 0
    return AlphaMetrics.sharpe(
      series.pnl, rows: row..<series.count, rowsPerYear: scale.rowsPerYear)
  }

  /// Days without a row that a year may begin or end with.
  private static let holidayDays: Int32 = 7
}
