import Markets
import Mathematics
import Models
import Testing

@Suite("Portfolio simulation")
struct PortfolioSimulationTests {
  static let key = SimulationKey(seed: 5, symbol: "portfolio", decision: 1)

  static func estimate(_ plan: PortfolioPlan, chunks: Int = 2) -> PortfolioEstimate {
    let simulation = PortfolioSimulation(plan, key: key)
    return simulation.estimate((0..<chunks).map { simulation.walk(chunk: $0) })
  }

  static func position(
    _ exposure: Double, exits: ExitPlan = .timeOnly, maintenance: Double = 0
  ) -> PortfolioPosition {
    PortfolioPosition(
      exposure: exposure, annualDrift: 0, exits: exits, maintenance: maintenance)
  }

  static func copula(_ correlation: Double) throws -> JointLaw {
    let factor = try #require(
      CholeskyFactor(of: [1, correlation, correlation, 1], order: 2))
    return .gaussianCopula(annualVolatilities: [0.8, 0.8], correlation: factor)
  }

  @Test("days are days: the deviation of a profit grows with the root of the time")
  func days() throws {
    let plan = PortfolioPlan(
      positions: [Self.position(1), Self.position(0)], law: try Self.copula(0), stepSeconds: 21_600,
      days: 3)
    #expect(plan.steps == 12)
    let estimate = Self.estimate(plan, chunks: 4)
    let deviation = 0.8 * (3.0 / 365).squareRoot()
    let tail = LogNormalReturn.tail(
      .long, drift: -0.5 * deviation * deviation, deviation: deviation, share: 0.05)
    #expect((estimate.tail.value - tail).magnitude < 4 * estimate.tail.standardError)
    #expect(estimate.profit.value.magnitude < 4 * estimate.profit.standardError)
    #expect(estimate.liquidation.value == 0)
  }

  @Test("what hits nothing counts as nothing, on both sides")
  func nothing() throws {
    let far = ExitPlan(takeProfit: 0.9, stopLoss: 0.9)
    let plan = PortfolioPlan(
      positions: [Self.position(1, exits: far), Self.position(-1, exits: far)],
      law: try Self.copula(0), stepSeconds: 21_600, days: 1)
    let estimate = Self.estimate(plan)
    for hits in estimate.targets + estimate.stops { #expect(hits.value == 0) }
  }

  @Test("a long and a short position in one price cancel, and two alike add up")
  func offset() throws {
    let together = try Self.copula(0.999_999)
    let hedged = Self.estimate(
      PortfolioPlan(
        positions: [Self.position(2), Self.position(-2)], law: together, stepSeconds: 21_600,
        days: 1))
    #expect(hedged.tail.value > -1e-3)
    let doubled = Self.estimate(
      PortfolioPlan(
        positions: [Self.position(1), Self.position(1)], law: together, stepSeconds: 21_600,
        days: 1))
    let single = Self.estimate(
      PortfolioPlan(
        positions: [Self.position(2), Self.position(0)], law: together, stepSeconds: 21_600,
        days: 1))
    #expect((doubled.tail.value / single.tail.value - 1).magnitude < 0.01)
  }

  @Test("stops and targets are taken on their side, and slippage worsens every exit")
  func exits() throws {
    let near = ExitPlan(takeProfit: 0.01, stopLoss: 0.02)
    let positions = [Self.position(1, exits: near), Self.position(-1, exits: near)]
    let law = try Self.copula(0)
    let free = Self.estimate(
      PortfolioPlan(positions: positions, law: law, stepSeconds: 3600, days: 1), chunks: 2)
    let costly = Self.estimate(
      PortfolioPlan(
        positions: positions, law: law, stepSeconds: 3600, days: 1, exitCost: 0.002), chunks: 2)
    for side in 0..<2 {
      #expect(free.targets[side].value > free.stops[side].value)
      #expect(free.targets[side].value + free.stops[side].value > 0.9)
      #expect(free.targets[side] == costly.targets[side])
    }
    let left = zip(free.targets, free.stops).reduce(0) { $0 + $1.0.value + $1.1.value }
    #expect((free.profit.value - costly.profit.value - 0.002 * left).magnitude < 1e-4)
    // The stopped price is fair.
    #expect(free.profit.value.magnitude < 4 * free.profit.standardError)
  }

  @Test("liquidation comes with leverage and takes no more than the equity")
  func liquidation() throws {
    let law = try Self.copula(0.5)
    func run(_ exposure: Double) -> PortfolioEstimate {
      Self.estimate(
        PortfolioPlan(
          positions: [
            Self.position(exposure, maintenance: 0.025), Self.position(0.1, maintenance: 0.025),
          ], law: law, stepSeconds: 21_600, days: 2))
    }
    let calm = run(1)
    let wild = run(20)
    #expect(calm.liquidation.value == 0)
    #expect(wild.liquidation.value > 0.2)
    #expect(wild.tail.value >= -1.000_001)
    #expect(wild.valueAtRisk <= -0.5)
  }

  @Test("falls fatten the tail and leave the mean where it is")
  func falls() throws {
    let law = try Self.copula(0.5)
    let positions = [Self.position(0.5), Self.position(0.5)]
    let calm = Self.estimate(
      PortfolioPlan(positions: positions, law: law, stepSeconds: 43_200, days: 2), chunks: 4)
    let falling = Self.estimate(
      PortfolioPlan(
        positions: positions, law: law, stepSeconds: 43_200, days: 2,
        marketFalls: FallLaw(daily: 0.05, sizes: 0.07...0.2),
        ownFalls: FallLaw(daily: 0.03, sizes: 0.05...0.18)), chunks: 4)
    #expect(falling.tail.value < calm.tail.value - 4 * falling.tail.standardError)
    #expect(falling.profit.value.magnitude < 4 * falling.profit.standardError)
  }

  @Test("history keeps what prices share, and chunks do not depend on who walks them")
  func history() throws {
    var generator = SplitMix64(seed: 3)
    func normal() -> Double { StandardNormal.quantile(0.001 + 0.998 * generator.nextUniform()) }
    let factor = (0..<120).map { _ in 0.01 * normal() }
    let returns = [factor, factor.map { -$0 }]
    let history = try #require(JointHistory(factor: factor, returns: returns, block: 6))
    let plan = PortfolioPlan(
      positions: [Self.position(1), Self.position(1)], law: .history(history), stepSeconds: 3600,
      days: 0.5)
    let simulation = PortfolioSimulation(plan, key: Self.key)
    let second = simulation.walk(chunk: 1)
    let first = simulation.walk(chunk: 0)
    let estimate = simulation.estimate([first, second])
    #expect(estimate == Self.estimate(plan))
    // What one gains the other loses, but for the square of the move.
    #expect(estimate.tail.value > -1e-2)
    #expect(estimate.profit.value.magnitude < 4 * estimate.profit.standardError)
    #expect(JointHistory(factor: factor, returns: [[0.1]], block: 6) == nil)
    #expect(JointHistory(factor: factor.map { _ in 0 }, returns: returns, block: 6) == nil)
  }
}
