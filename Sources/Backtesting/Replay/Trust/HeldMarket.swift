import Essentials
import Markets
import Mathematics

/// Holding the market instead: every contract with the same share of the capital, once bought, paid
/// for and left alone.
package struct HeldMarket: Hashable, Sendable {
  /// What that returned after fees, slippage and funding.
  package let totalReturn: Double
  /// Its deepest fall, at most zero.
  package let drawdown: Double
  /// Its Sharpe ratio for a year of 365 days; nil where it does not vary.
  package let annualSharpe: Double?
  /// What the account returned in the same time.
  package let accountReturn: Double
  /// The account's mean return for one period less the market's; nil where it has no interval.
  package let difference: ConfidenceInterval?
  /// How much of the market the account held on average: the slope of its returns on the market's.
  package let beta: Double?
  /// The number of contracts held.
  package let contracts: Int

  /// Holds the markets over the points of an equity curve; the reason where that cannot be done.
  /// `fee` is what one fill pays as a fraction of what is traded.
  static func finding(
    _ circles: [MarketCircle], beside curve: EquityCurve, places: [Int], period: TimeSpan,
    fee: Double, settings: ReplayTrustSettings
  ) -> Finding<HeldMarket> {
    guard !circles.isEmpty else { return .unknown(reason: "There are no bars of any contract.") }
    let own = curve.returns(between: places)
    guard own.count >= 2 else {
      return .unknown(reason: "The account's worth is known at fewer than three instants.")
    }
    let cost = fee + settings.slippage
    var values = places.prefix(own.count + 1).map { place in
      circles.reduce(0) { $0 + $1.heldValue(at: curve.instants[place]) } / Double(circles.count)
    }
    // Bought at the first point, sold at the last one.
    for place in values.indices.dropFirst() { values[place] -= cost }
    values[values.count - 1] -= cost * values[values.count - 1]
    let market = zip(values, values.dropFirst()).map { $0 > 0 ? $1 / $0 - 1 : 0 }
    let differences = zip(own, market).map { $0 - $1 }
    let length = max(1, OptimalBlockLength(of: differences)?.stationary ?? 1)
    let relative = RelativeMeasures(of: own, against: market, periodsPerYear: 365 / period.days)
    return .known(
      HeldMarket(
        totalReturn: values[values.count - 1] / values[0] - 1,
        drawdown: Drawdown.maximum(of: market, accumulation: .compounded)?.depth ?? 0,
        annualSharpe: SharpeRatio.perPeriod(of: market).map {
          $0 * (365 / period.days).squareRoot()
        },
        accountReturn: curve.equity[places[own.count]] / curve.equity[places[0]] - 1,
        difference: BlockBootstrap(
          meanBlockLength: length, resamples: settings.resamples, seed: settings.seed
        ).interval(for: .mean, of: differences, confidence: settings.confidence),
        beta: relative.beta, contracts: circles.count))
  }
}
