/// What one simulation is asked: how the price moves, when the position is left, and what it costs.
package struct SimulationPlan: Hashable, Sendable {
  /// The law of the steps.
  package let model: PathModel
  /// The annual drift μ of the price: the expected price grows by e^(μt).
  package let annualDrift: Double
  /// The annual volatility σ of the log price.
  package let annualVolatility: Double
  /// The length of a step in seconds.
  package let stepSeconds: Double
  /// The times at which a position that is still open is closed, as counts of steps, ascending.
  package let horizons: [Int]
  /// The prices at which it is closed before.
  package let exits: ExitPlan
  /// What entering and leaving cost.
  package let costs: TradeCosts
  /// The payments of funding that fall due.
  package let funding: [FundingDue]
  /// Whether touches between the steps count.
  package let monitoring: Monitoring
  /// Whether the price at the horizon, whose expectation is known, corrects the expected results.
  package let control: Control
  /// The share of the worst results that the conditional value at risk averages.
  package let tailShare: Double

  /// Where a path is compared with the barriers.
  package enum Monitoring: String, Hashable, Sendable, CaseIterable {
    /// At all times: between two steps by the Brownian bridge of the step's variance.
    ///
    /// Exact for all laws but two. The mean-reverting one bends within a step, an error of the
    /// second order in its length; a step of ``PathModel/bootstrap(_:)`` has no inside, so bridging
    /// one is an assumption and leaves the expected result only nearly fair.
    case continuous
    /// At the steps only, at the price found there, as one who looks once a step would trade.
    case atSteps
  }

  /// A quantity of known expectation that is simulated along.
  package enum Control: String, Hashable, Sendable, CaseIterable {
    /// None.
    case none
    /// The price of the undisturbed path at the horizon.
    case price
  }

  /// Joins the parts. Volatility and step length are positive, horizons ascend from at least one
  /// step, the tail share lies between 0 and 1.
  package init(
    model: PathModel, annualDrift: Double, annualVolatility: Double, stepSeconds: Double,
    horizons: [Int], exits: ExitPlan, costs: TradeCosts = .none, funding: [FundingDue] = [],
    monitoring: Monitoring = .continuous, control: Control = .none, tailShare: Double = 0.05
  ) {
    precondition(
      annualDrift.isFinite && annualVolatility > 0 && annualVolatility.isFinite
        && stepSeconds > 0 && stepSeconds.isFinite,
      "drift \(annualDrift), volatility \(annualVolatility), steps of \(stepSeconds) s")
    precondition(
      (horizons.first ?? 0) > 0 && zip(horizons, horizons.dropFirst()).allSatisfy { $0 < $1 },
      "horizons \(horizons)")
    precondition(tailShare > 0 && tailShare < 1, "a tail of \(tailShare)")
    self.model = model
    self.annualDrift = annualDrift
    self.annualVolatility = annualVolatility
    self.stepSeconds = stepSeconds
    self.horizons = horizons
    self.exits = exits
    self.costs = costs
    self.funding = funding
    self.monitoring = monitoring
    self.control = control
    self.tailShare = tailShare
  }

  /// The number of steps of a path.
  package var steps: Int { horizons[horizons.count - 1] }

  /// The length of a step in years.
  var stepYears: Double { stepSeconds / Annual.seconds }

  /// The standard deviation of the log price over a step.
  var stepDeviation: Double { annualVolatility * stepYears.squareRoot() }

  /// The length of a horizon in seconds.
  package func seconds(ofHorizon horizon: Int) -> Double {
    Double(horizons[horizon]) * stepSeconds
  }

  /// What a long position pays in each step, as a fraction of its value. A payment belongs to the
  /// step at whose end, or before, it falls due.
  var fundingBySteps: [Float] {
    var rates = [Double](repeating: 0, count: steps)
    for payment in funding where payment.seconds > 0 {
      let step = Int((payment.seconds / stepSeconds).rounded(.up)) - 1
      if step < steps { rates[step] += payment.rate }
    }
    return rates.map { Float($0) }
  }
}
