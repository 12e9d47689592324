import Mathematics

/// What a series of periodic simple returns amounted to beside a benchmark's.
///
/// The definitions are those of Python's empyrical library. Rows where either return is missing are
/// left out. A measure that does not exist is nil.
package struct RelativeMeasures: Hashable, Sendable {
  /// The number of rows in which both returns are present.
  package let observations: Int
  /// The average return that the benchmark's does not explain, compounded over a year.
  package let alpha: Double?
  /// The return that goes with one unit of the benchmark's: the slope of least squares.
  package let beta: Double?
  /// The annual return over the benchmark's, both over the rows in which the benchmark rose.
  package let upCapture: Double?
  /// The annual return over the benchmark's, both over the rows in which the benchmark fell.
  package let downCapture: Double?
  /// The average difference of returns over its sample standard deviation, for one period.
  package let informationRatio: Double?
  /// The same, annualized.
  package let annualInformationRatio: Double?

  /// Compares two series of the same length, row by row. Cost: a few passes.
  package init(
    of returns: [Double], against benchmark: [Double], periodsPerYear: Double = 252
  ) {
    precondition(
      returns.count == benchmark.count,
      "\(returns.count) returns against \(benchmark.count) of the benchmark")
    let rows = returns.indices.filter { !returns[$0].isNaN && !benchmark[$0].isNaN }
    let own = rows.map { returns[$0] }
    let market = rows.map { benchmark[$0] }
    observations = rows.count
    let slope =
      Correlation.covariance(own, market) / Moments(of: market).sampleVariance
    beta = slope.finiteOrNil
    let unexplained = Moments(of: zip(own, market).map { $0 - slope * $1 }).mean
    alpha = (Elementary.pow(1 + unexplained, periodsPerYear) - 1).finiteOrNil
    informationRatio = SharpeRatio.perPeriod(of: zip(own, market).map { $0 - $1 })
    annualInformationRatio = informationRatio.map { $0 * periodsPerYear.squareRoot() }

    func capture(_ selects: (Double) -> Bool) -> Double? {
      let chosen = market.indices.filter { selects(market[$0]) }
      func annual(_ series: [Double]) -> Double? {
        PerformanceMeasures(of: chosen.map { series[$0] }, periodsPerYear: periodsPerYear)
          .annualReturn
      }
      guard let ownAnnual = annual(own), let marketAnnual = annual(market) else { return nil }
      return (ownAnnual / marketAnnual).finiteOrNil
    }
    upCapture = capture { $0 > 0 }
    downCapture = capture { $0 < 0 }
  }
}
