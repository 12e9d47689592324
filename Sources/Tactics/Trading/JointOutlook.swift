import Essentials
import Markets
package import Models

/// What is known of one position for the simulation of all together.
package struct JointPosition: Hashable, Sendable {
  /// The place of its market.
  package var place: Int
  /// Its value as a multiple of equity, below zero where it is short.
  package var exposure: Double
  package var annualDrift: Double
  package var annualVolatility: Double
  /// Where it is closed, by distances from the price of now.
  package var exits: ExitPlan
  /// The share of its value that the venue keeps.
  package var maintenance: Double

  package init(
    place: Int, exposure: Double, annualDrift: Double, annualVolatility: Double, exits: ExitPlan,
    maintenance: Double
  ) {
    self.place = place
    self.exposure = exposure
    self.annualDrift = annualDrift
    self.annualVolatility = annualVolatility
    self.exits = exits
    self.maintenance = maintenance
  }
}

extension PortfolioOutlook {
  /// Simulates all positions of an account together: normal steps with the markets' correlations, and
  /// sudden falls of all and of single prices. Nothing is known where a position has no volatility.
  ///
  /// Cost: about five nanoseconds for each path, step and position.
  package init(
    of positions: [JointPosition], correlations: JointReturns, exitCost: Double,
    key: SimulationKey, under settings: TradingSettings.Joint
  ) {
    self.init()
    guard !positions.isEmpty,
      positions.allSatisfy({
        $0.annualVolatility > 0 && $0.annualVolatility.isFinite && $0.annualDrift.isFinite
          && $0.exposure.isFinite && $0.maintenance >= 0
      })
    else { return }
    let sizes = settings.fallMin...max(settings.fallMin, settings.fallMax)
    let plan = PortfolioPlan(
      positions: positions.map {
        PortfolioPosition(
          exposure: $0.exposure, annualDrift: $0.annualDrift, exits: $0.exits,
          maintenance: $0.maintenance)
      },
      law: .gaussianCopula(
        annualVolatilities: positions.map(\.annualVolatility),
        correlation: correlations.correlations(of: positions.map(\.place)).factor),
      stepSeconds: max(1, settings.step.seconds), days: settings.days,
      marketFalls: FallLaw(daily: settings.marketFallDaily, sizes: sizes),
      ownFalls: FallLaw(daily: settings.ownFallDaily, sizes: sizes),
      exitCost: max(0, exitCost), fallCostFactor: settings.fallCostFactor)
    let simulation = PortfolioSimulation(plan, key: key)
    let chunks =
      (settings.paths + PathWorkspace.chunkPaths - 1) / PathWorkspace.chunkPaths
    let estimate = simulation.estimate((0..<max(1, chunks)).map(simulation.walk))
    expected = estimate.profit.value
    shortfall = min(0, estimate.tail.value)
    liquidationProbability = estimate.liquidation.value
  }
}
