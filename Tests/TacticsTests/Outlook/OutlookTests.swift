import Markets
import Mathematics
import Models
import Tactics
import Testing

@Suite("Outlook")
struct OutlookTests {
  static func plan(drift: Double, student: Bool = false) -> SimulationPlan {
    SimulationPlan(
      model: student ? .student(StudentMixture(degreesOfFreedom: 6)) : .gaussian,
      annualDrift: drift, annualVolatility: 0.8, stepSeconds: 60, horizons: [5, 10, 20],
      exits: ExitPlan(takeProfit: 0.006, stopLoss: 0.005),
      costs: TradeCosts(fee: 0.0001, spread: 0, slippage: 0))
  }

  static let maker = OutlookMaker(
    score: ScoreSettings(tailAversion: 0.02), bar: Leaning.Bar(score: 0, net: 0),
    stopping: StoppingRule(looks: [1024, 2048, 4096], error: 0.01))
  static let key = SimulationKey(seed: 1, symbol: "ETHUSDT", decision: 9)

  @Test("a strong drift points its way, none points nowhere, and simulation agrees with theory")
  func ways() {
    let workspace = PathWorkspace(paths: 4096, horizons: 3)
    for (drift, way) in [(0.0, Leaning.Way.wait), (120, .long), (-120, .short)] {
      let closed = Self.maker.outlook(Self.plan(drift: drift), key: Self.key, using: workspace)
      #expect(closed.source == .closedForm)
      #expect(closed.leaning.way == way)
      #expect(closed.leaning.flipProbability == 0)
      #expect(closed.isStable)
      let simulated = Self.maker.simulated(
        Self.plan(drift: drift), key: Self.key, using: workspace)
      #expect(simulated.source == .simulation)
      #expect(simulated.leaning.way == way)
      for side in PositionSide.allCases {
        for (ours, theirs) in zip(simulated[side].points, closed[side].points) {
          #expect((ours.value - theirs.value).magnitude < 4 * ours.standardError)
        }
      }
    }
  }

  @Test("a clear case stops at the first look, a close one goes on")
  func early() {
    let workspace = PathWorkspace(paths: 4096, horizons: 3)
    let clear = Self.maker.outlook(
      Self.plan(drift: 200, student: true), key: Self.key, using: workspace)
    #expect(clear.paths == 1024)
    #expect(clear.isStable)
    let net = clear.estimate.long[clear.long.best].net.value
    // The bar at the very value that the paths find.
    let close = OutlookMaker(
      score: ScoreSettings(tailAversion: 0), bar: Leaning.Bar(score: 0, net: net + 1e-6),
      stopping: Self.maker.stopping
    ).outlook(Self.plan(drift: 200, student: true), key: Self.key, using: workspace)
    #expect(close.paths == 4096)
    #expect(!close.isStable)
    #expect(close.leaning.flipProbability > 0.01)
  }
}
