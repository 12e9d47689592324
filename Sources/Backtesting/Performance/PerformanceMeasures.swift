import Mathematics

/// What a series of periodic simple returns amounted to.
///
/// The definitions are those that Python's empyrical library made customary, so figures compare with
/// other reports. Missing returns (NaN) are left out and counted. A measure that does not exist for
/// the series is nil: never zero, never infinite.
package struct PerformanceMeasures: Hashable, Sendable {
  /// The number of returns that are present.
  package let observations: Int
  /// The number of rows without a return.
  package let missing: Int
  /// Wealth at the end over wealth at the start, less one; for additive wealth the sum of returns.
  package let cumulativeReturn: Double?
  /// The growth per year that compounds to the cumulative return; for additive wealth the average
  /// return times the periods in a year.
  package let annualReturn: Double?
  /// The sample standard deviation, times the square root of the periods in a year.
  package let annualVolatility: Double?
  /// Mean over sample standard deviation, annualized.
  package let sharpe: Double?
  /// The root mean square of the negative returns over all periods, annualized.
  package let downsideRisk: Double?
  /// The average return over the downside risk, both annualized.
  package let sortino: Double?
  /// The deepest fall below an earlier high; nil where wealth never fell.
  package let maximumDrawdown: Drawdown?
  /// The annual return over the depth of the deepest drawdown.
  package let calmar: Double?
  /// The sum of the gains over the sum of the losses.
  package let omega: Double?
  /// How straight the way up was: R² of a line through the logarithm of compounded wealth, or
  /// through additive wealth.
  package let stability: Double?
  /// The 95 % quantile over the magnitude of the 5 % quantile.
  package let tailRatio: Double?
  /// The 5 % quantile of the returns, negative for a loss.
  package let valueAtRisk: Double?
  /// The average of the worst returns: of the first ⌊0.05 (n - 1)⌋ + 1 in ascending order.
  package let conditionalValueAtRisk: Double?
  /// Population skewness; zero for a normal distribution.
  package let skewness: Double?
  /// Population kurtosis; three for a normal distribution.
  package let kurtosis: Double?

  /// The probability of the quantile that value at risk names.
  private static let tail = 0.05

  /// Measures a series. Cost: one sort and a few passes.
  package init(
    of returns: [Double], periodsPerYear: Double = 252, accumulation: Accumulation = .compounded
  ) {
    let present = returns.filter { !$0.isNaN }
    let moments = Moments(of: present)
    let sorted = SortedSample(present)
    let year = periodsPerYear.squareRoot()

    observations = present.count
    missing = returns.count - present.count
    let cumulative = Self.cumulative(present, accumulation)
    cumulativeReturn = cumulative.finiteOrNil
    let annual = Self.annualized(
      cumulative, observations: present.count, periodsPerYear, accumulation)
    annualReturn = annual
    annualVolatility = (moments.sampleDeviation * year).finiteOrNil
    sharpe = SharpeRatio.perPeriod(of: moments).map { $0 * year }
    var squaredLosses = 0.0
    var gains = 0.0
    var losses = 0.0
    for value in present {
      if value < 0 {
        squaredLosses += value * value
        losses -= value
      } else {
        gains += value
      }
    }
    let downside = (squaredLosses / Double(present.count)).squareRoot() * year
    downsideRisk = downside.finiteOrNil
    sortino = (moments.mean * periodsPerYear / downside).finiteOrNil
    let deepest = Drawdown.maximum(of: returns, accumulation: accumulation)
    maximumDrawdown = deepest
    calmar = annual.flatMap { annual in
      deepest.flatMap { (annual / $0.depth.magnitude).finiteOrNil }
    }
    omega = (gains / losses).finiteOrNil
    stability = Self.straightness(present, accumulation)
    tailRatio =
      (sorted.quantile(1 - Self.tail).magnitude / sorted.quantile(Self.tail).magnitude).finiteOrNil
    valueAtRisk = sorted.quantile(Self.tail).finiteOrNil
    conditionalValueAtRisk =
      present.isEmpty
      ? nil
      : Moments(
        of: Array(sorted.values.prefix(Int(Self.tail * Double(present.count - 1)) + 1))
      ).mean
    skewness = moments.skewness.finiteOrNil
    kurtosis = moments.kurtosis.finiteOrNil
  }

  private static func cumulative(_ returns: [Double], _ accumulation: Accumulation) -> Double {
    guard !returns.isEmpty else { return .nan }
    switch accumulation {
    case .compounded: return returns.reduce(1) { max(0, $0 * (1 + $1)) } - 1
    case .additive: return returns.reduce(0, +)
    }
  }

  private static func annualized(
    _ cumulative: Double, observations: Int, _ periodsPerYear: Double, _ accumulation: Accumulation
  ) -> Double? {
    let years = Double(observations) / periodsPerYear
    switch accumulation {
    case .compounded: return (Elementary.pow(1 + cumulative, 1 / years) - 1).finiteOrNil
    case .additive: return (cumulative / years).finiteOrNil
    }
  }

  private static func straightness(_ returns: [Double], _ accumulation: Accumulation) -> Double? {
    var level = 0.0
    let path = returns.map { value in
      level += accumulation == .compounded ? Elementary.log(onePlus: value) : value
      return level
    }
    let correlation = Correlation.pearson(path, path.indices.map { Double($0) })
    return (correlation * correlation).finiteOrNil
  }
}
