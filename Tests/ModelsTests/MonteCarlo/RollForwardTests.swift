import Markets
import Mathematics
import Models
import Testing

@Suite("Roll-forward of exit rules")
struct RollForwardTests {
  static let costs = TradeCosts(fee: 0.0005, spread: 0, slippage: 0)
  static let paths = 4096

  static func run(
    drift: Double = 0, _ side: PositionSide, leaves: (PositionSituation) -> Bool
  ) -> (RollForwardEstimate, TradeEstimate) {
    let plan = SimulationPlan(
      model: .gaussian, annualDrift: drift, annualVolatility: 0.8, stepSeconds: 60,
      horizons: Array(stride(from: 4, through: 24, by: 4)),
      exits: ExitPlan(takeProfit: 0.006, stopLoss: 0.005), costs: costs, control: .price)
    let simulation = PathSimulation(
      plan, key: SimulationKey(seed: 2, symbol: "S", decision: 4))
    let workspace = PathWorkspace(paths: paths, horizons: plan.horizons.count)
    let estimate = simulation.estimate(paths: paths, using: workspace)
    let rolled = RollForward(simulation, side: side).estimate(
      from: workspace, paths: paths, leaves: leaves)
    return (rolled, estimate)
  }

  @Test("a rule that never leaves is the last horizon")
  func never() {
    for side in PositionSide.allCases {
      let (rolled, estimate) = Self.run(side) { _ in false }
      let last = estimate[side][5]
      #expect(rolled.target == last.target.value)
      #expect(rolled.stop == last.stop.value)
      #expect(rolled.timeOut == last.timeOut.value)
      #expect(rolled.rule == 0)
      #expect((rolled.netTail.value - last.netTail.value).magnitude < 1e-6)
      #expect(rolled.holding >= last.holding)
    }
  }

  @Test("a rule that leaves at once is the first horizon")
  func always() {
    let (rolled, estimate) = Self.run(.long) { _ in true }
    #expect(rolled.rule == estimate.long[0].timeOut.value)
    #expect(rolled.timeOut == 0)
    #expect(rolled.holding == 240)
  }

  /// Optional stopping: no rule earns anything from a fair price.
  @Test("with a drift of zero every rule earns nothing and loses the cost")
  func fair() {
    let rules: [(PositionSituation) -> Bool] = [
      { $0.result < -0.002 }, { $0.result < $0.best - 0.001 }, { $0.stop > 0.38 },
      { $0.target < 0.1 && $0.seconds > 500 },
    ]
    for (number, rule) in rules.enumerated() {
      for side in PositionSide.allCases {
        let (rolled, _) = Self.run(side, leaves: rule)
        #expect(rolled.rule > 0, "\(number)")
        #expect(rolled.gross.value.magnitude < 4 * rolled.gross.standardError, "\(number) \(side)")
        #expect(
          (rolled.net.value + 0.001).magnitude < 4 * rolled.net.standardError, "\(number) \(side)")
        let sum = rolled.target + rolled.stop + rolled.rule + rolled.timeOut
        #expect((sum - 1).magnitude < 1e-12)
      }
    }
  }

  @Test("each path is judged by its own chances, not by those of the entry")
  func own() {
    var stops: Set<Int> = []
    _ = Self.run(.short) { situation in
      #expect(situation.target + situation.stop <= 1 + 1e-9)
      // A losing position is nearer to its stop.
      if situation.remaining > 700, situation.result < -0.003 {
        #expect(situation.stop > situation.target)
      }
      stops.insert(Int(situation.stop * 1000))
      return false
    }
    #expect(stops.count > 50)
  }
}
