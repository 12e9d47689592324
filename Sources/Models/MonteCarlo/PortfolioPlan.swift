package import Mathematics

/// A position of a portfolio, in units of the account's equity.
package struct PortfolioPosition: Hashable, Sendable {
  /// Its value as a multiple of the equity; negative for a short position.
  package let exposure: Double
  /// The annual drift of its price.
  package let annualDrift: Double
  /// The prices at which it is closed.
  package let exits: ExitPlan
  /// The share of its value that must remain as equity to keep it.
  package let maintenance: Double

  /// Joins the parts; the maintenance share is not negative.
  package init(exposure: Double, annualDrift: Double, exits: ExitPlan, maintenance: Double) {
    precondition(
      exposure.isFinite && annualDrift.isFinite && maintenance >= 0,
      "exposure \(exposure), drift \(annualDrift), maintenance \(maintenance)")
    self.exposure = exposure
    self.annualDrift = annualDrift
    self.exits = exits
    self.maintenance = maintenance
  }
}

/// How the prices of a portfolio move together.
package enum JointLaw: Hashable, Sendable {
  /// Stretches of the past: the market's step and what each price did beside it, all of one time.
  case history(JointHistory)
  /// Normal steps with a correlation.
  case gaussianCopula(annualVolatilities: [Double], correlation: CholeskyFactor)
}

/// Aligned log returns of a market factor and of the residuals of each price, for block bootstrap
/// (Künsch, "The Jackknife and the Bootstrap for General Stationary Observations", The Annals of
/// Statistics 17, 1989).
package struct JointHistory: Hashable, Sendable {
  /// The factor's steps, without their mean.
  let factor: [Double]
  /// The residual steps of each price, without their mean.
  let residuals: [[Double]]
  /// The loading of each price on the factor.
  let loadings: [Double]
  /// How many neighboring steps are drawn together.
  let block: Int
  /// What the factor's steps are multiplied by: above 1 to stress what all prices share.
  let factorScale: Double
  /// What the residual steps are multiplied by.
  let residualScale: Double

  /// Splits the log returns of prices, one list each, into a factor and residuals by least squares on
  /// the factor. Nil where the lists differ in length from the factor, are shorter than
  /// ``StepHistory/smallest``, have missing values, or the factor does not vary.
  package init?(
    factor: [Double], returns: [[Double]], block: Int, factorScale: Double = 1,
    residualScale: Double = 1
  ) {
    let moments = Moments(of: factor)
    guard factor.count >= StepHistory.smallest, block >= 1, moments.populationVariance > 0,
      moments.populationVariance.isFinite, factorScale >= 0, residualScale >= 0
    else { return nil }
    self.factor = factor.map { $0 - moments.mean }
    var residuals: [[Double]] = []
    var loadings: [Double] = []
    for series in returns {
      let own = Moments(of: series)
      guard series.count == factor.count, own.mean.isFinite else { return nil }
      let products = zip(self.factor, series).reduce(0) { $0 + $1.0 * ($1.1 - own.mean) }
      let loading = products / (moments.populationVariance * Double(factor.count))
      loadings.append(loading)
      residuals.append(zip(self.factor, series).map { $1 - own.mean - loading * $0 })
    }
    self.residuals = residuals
    self.loadings = loadings
    self.block = block
    self.factorScale = factorScale
    self.residualScale = residualScale
  }

  /// The steps of one price, factor and residual together and scaled.
  func steps(of price: Int) -> [Double] {
    zip(factor, residuals[price]).map {
      factorScale * loadings[price] * $0 + residualScale * $1
    }
  }
}

/// Sudden falls on top of the joint law. The drift makes up for them, so expected prices are those
/// of the positions' drifts: a fall is a risk here, not an opinion.
package struct FallLaw: Hashable, Sendable {
  /// The probability of a fall on a day.
  package let daily: Double
  /// The smallest and the largest fall, as shares of the price; all between are equally likely.
  package let sizes: ClosedRange<Double>

  /// Joins a probability and a range within [0, 1).
  package init(daily: Double, sizes: ClosedRange<Double>) {
    precondition(
      daily >= 0 && daily <= 1 && sizes.lowerBound >= 0 && sizes.upperBound < 1,
      "falls of \(sizes) with probability \(daily)")
    self.daily = daily
    self.sizes = sizes
  }

  /// No falls.
  package static let none = FallLaw(daily: 0, sizes: 0...0)
}

/// What a joint simulation is asked.
package struct PortfolioPlan: Hashable, Sendable {
  /// The positions.
  package let positions: [PortfolioPosition]
  /// How their prices move together.
  package let law: JointLaw
  /// The length of a step in seconds; that of the history's steps, where it is drawn from.
  package let stepSeconds: Double
  /// The number of steps.
  package let steps: Int
  /// Falls of all prices at once.
  package let marketFalls: FallLaw
  /// Falls of a single price.
  package let ownFalls: FallLaw
  /// What leaving costs, as a share of the value at the exit, fees and slippage together. It always
  /// worsens the price.
  package let exitCost: Double
  /// What the cost is multiplied by in a step with a fall.
  package let fallCostFactor: Double
  /// The share of the worst outcomes for value at risk and its mean.
  package let tailShare: Double

  /// Joins the parts. The number of steps is `days` of 86,400 seconds divided by the step.
  package init(
    positions: [PortfolioPosition], law: JointLaw, stepSeconds: Double, days: Double,
    marketFalls: FallLaw = .none, ownFalls: FallLaw = .none, exitCost: Double = 0,
    fallCostFactor: Double = 1, tailShare: Double = 0.05
  ) {
    let prices: Int
    switch law {
    case .history(let history): prices = history.residuals.count
    case .gaussianCopula(let volatilities, let correlation):
      precondition(correlation.order == volatilities.count, "a correlation of another order")
      prices = volatilities.count
    }
    precondition(
      !positions.isEmpty && positions.count == prices,
      "\(positions.count) positions, \(prices) prices")
    precondition(
      stepSeconds > 0 && days > 0 && exitCost >= 0 && fallCostFactor >= 0 && tailShare > 0
        && tailShare < 1, "steps of \(stepSeconds) s for \(days) days")
    self.positions = positions
    self.law = law
    self.stepSeconds = stepSeconds
    steps = max(1, Int((days * Self.daySeconds / stepSeconds).rounded()))
    self.marketFalls = marketFalls
    self.ownFalls = ownFalls
    self.exitCost = exitCost
    self.fallCostFactor = fallCostFactor
    self.tailShare = tailShare
  }

  static let daySeconds = 86_400.0
}
