import Dispatch
import Markets
import Mathematics
import Models
import Testing

@Suite("Laws of simulated trades")
struct SimulationLawTests {
  @Test(
    "passages are those of the closed form within three standard errors, at steps of 10 to 60 s")
  func passage() {
    let paths = 2048
    for (number, item) in TwoBarrierPassageTests.cases.enumerated() where item.seconds <= 3600 {
      // Short steps over short times, long ones over long times.
      let step: Double = item.seconds <= 600 ? 10 : item.seconds <= 1800 ? 30 : 60
      func estimate(_ monitoring: SimulationPlan.Monitoring) -> TradeEstimate {
        let plan = SimulationPlan(
          model: .gaussian, annualDrift: item.drift, annualVolatility: item.volatility,
          stepSeconds: step, horizons: [Int(item.seconds / step)],
          exits: ExitPlan(takeProfit: item.target, stopLoss: item.stop), monitoring: monitoring)
        return PathSimulation(
          plan, key: SimulationKey(seed: 21, symbol: "BTCUSDT", decision: UInt64(number))
        ).estimate(paths: paths, using: PathWorkspace(paths: paths, horizons: 1))
      }
      let bridged = estimate(.continuous)
      let looked = estimate(.atSteps)
      for (side, expected) in [
        (PositionSide.long, item.expected.prefix(3)), (.short, item.expected.suffix(3)),
      ] {
        let found = bridged[side][0]
        for (figure, value) in zip([found.target, found.stop, found.timeOut], expected) {
          // A chance so small that hardly a path meets it has the error of the closed form.
          let error = max(
            figure.standardError, (value * (1 - value) / Double(paths)).squareRoot())
          #expect((figure.value - value).magnitude < 3 * error, "case \(number) \(side) \(value)")
        }
        #expect(found.target.value + found.stop.value + found.timeOut.value == 1)
        let missed = looked[side][0]
        #expect(missed.target.value + missed.stop.value < found.target.value + found.stop.value)
      }
    }
  }

  @Test(
    "one barrier is touched as often as the closed form says, and less often where only steps count"
  )
  func oneBarrier() {
    for (exits, step, expected) in [
      (ExitPlan(takeProfit: 0.006, stopLoss: .infinity), 60.0, 0.482565),
      (ExitPlan(takeProfit: .infinity, stopLoss: 0.005), 30, 0.558980),
    ] {
      func touched(_ monitoring: SimulationPlan.Monitoring) -> Estimate {
        let plan = SimulationPlan(
          model: .gaussian, annualDrift: 0, annualVolatility: 0.8, stepSeconds: step,
          horizons: [Int(3600 / step)], exits: exits, monitoring: monitoring)
        let long = PathSimulation(
          plan, key: SimulationKey(seed: 4, symbol: "ETHUSDT", decision: 1)
        ).estimate(paths: 2048, using: PathWorkspace(paths: 2048, horizons: 1)).long[0]
        return exits.takeProfit.isFinite ? long.target : long.stop
      }
      let bridged = touched(.continuous)
      #expect((bridged.value - expected).magnitude < 3 * bridged.standardError, "\(step)")
      #expect(touched(.atSteps).value < bridged.value)
    }
  }

  /// Targets and stops near and far, even and uneven, and none at all.
  static let exits = [
    ExitPlan(takeProfit: 0.001, stopLoss: 0.001), ExitPlan(takeProfit: 0.012, stopLoss: 0.003),
    ExitPlan(takeProfit: 0.002, stopLoss: 0.02), ExitPlan(takeProfit: 0.004, stopLoss: .infinity),
    ExitPlan(takeProfit: .infinity, stopLoss: 0.004), .timeOnly,
  ]

  @Test(
    "with a drift of zero no barriers earn anything before costs, and all lose the cost after them")
  func fairBarriers() {
    let costs = TradeCosts(entry: 0.0006, atTarget: 0.0002, atStop: 0.0002, atTimeOut: 0.0002)
    for (name, model) in PathSimulationTests.laws
    where !["reverting", "bootstrap", "blocks"].contains(name) {
      for (number, exits) in Self.exits.enumerated() {
        let plan = PathSimulationTests.plan(
          model, horizons: [4, 12], exits: exits, costs: costs)
        let estimate = PathSimulationTests.estimate(plan, paths: 1024)
        for side in PositionSide.allCases {
          for horizon in estimate[side] {
            let place = "\(name), exits \(number), \(side)"
            #expect(PathSimulationTests.distance(horizon.gross, 0) < 4, "\(place)")
            #expect(PathSimulationTests.distance(horizon.net, -0.0008) < 4, "\(place)")
          }
        }
      }
    }
  }

  @Test("with a drift of zero no rule of leaving earns anything under any law, on either side")
  func fairRules() {
    let rules: [(name: String, leaves: (PositionSituation) -> Bool)] = [
      ("cuts losses", { $0.result < -0.001 }), ("takes profits", { $0.result > 0.001 }),
      ("trails", { $0.result < $0.best - 0.001 }), ("fears the stop", { $0.stop > 0.3 }),
      ("waits for luck", { $0.result > 0 && $0.seconds > 300 }),
    ]
    let costs = TradeCosts(fee: 0.0005, spread: 0, slippage: 0)
    let workspace = PathWorkspace(paths: 1024, horizons: 5)
    for (name, model) in PathSimulationTests.laws
    where !["reverting", "bootstrap", "blocks"].contains(name) {
      let plan = PathSimulationTests.plan(
        model, horizons: [2, 4, 6, 8, 12], costs: costs, control: .price)
      let simulation = PathSimulation(plan, key: PathSimulationTests.key)
      simulation.walk(chunks: 0..<1, into: workspace)
      for side in PositionSide.allCases {
        for rule in rules {
          let rolled = RollForward(simulation, side: side).estimate(
            from: workspace, paths: 1024, leaves: rule.leaves)
          let place = "\(name), \(rule.name), \(side)"
          #expect(PathSimulationTests.distance(rolled.gross, 0) < 4, "\(place)")
          #expect(PathSimulationTests.distance(rolled.net, -0.001) < 4, "\(place)")
        }
      }
    }
  }

  /// A step of mu dt without Ito's term raises the mean after an hour at a volatility of 0.8 by
  /// exp(0.32 · 3600 / year) - 1.
  @Test("no law drifts by Ito's term: the mean is zero, more precisely than that term is large")
  func ito() {
    let defect = Elementary.expMinusOne(0.32 * 3600 / Annual.seconds)
    #expect((defect - 3.65e-5).magnitude < 5e-8)
    for (name, model) in PathSimulationTests.laws where name == "student" || name == "gaussian" {
      let plan = PathSimulationTests.plan(model, horizons: [60], exits: .timeOnly)
      let gross = PathSimulationTests.estimate(plan, paths: 4096).long[0].gross
      #expect(PathSimulationTests.distance(gross, 0) < 4, "\(name)")
      #expect(4 * gross.standardError < defect / 2, "\(name) \(gross.standardError)")
    }
  }

  @Test(
    "several threads that walk one simulation give the bytes of one thread", arguments: [2, 3, 9])
  func threads(count: Int) {
    for (name, model) in PathSimulationTests.laws {
      let plan = PathSimulationTests.plan(model, horizons: [3, 8])
      let simulation = PathSimulation(plan, key: PathSimulationTests.key)
      let alone = PathWorkspace(paths: 4096, horizons: 2)
      let shared = PathWorkspace(paths: 4096, horizons: 2)
      simulation.walk(chunks: 0..<4, into: alone)
      let crew = PathCrew(of: count) {
        DispatchQueue.concurrentPerform(iterations: $0, execute: $1)
      }
      simulation.walk(chunks: 0..<1, into: shared, by: crew)
      simulation.walk(chunks: 1..<4, into: shared, by: crew)
      #expect(
        simulation.estimate(from: alone, paths: 4096)
          == simulation.estimate(from: shared, paths: 4096), "\(name)")
      for horizon in 0..<2 {
        #expect(
          alone.grossResults(horizon: horizon, side: .short, paths: 4096)
            == shared.grossResults(horizon: horizon, side: .short, paths: 4096), "\(name)")
      }
    }
  }
}
