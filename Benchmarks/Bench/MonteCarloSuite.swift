import Dispatch
import Essentials
import Mathematics
import Models
import Tactics

/// Monte Carlo: steps a second on one core, and the whole task of 30 symbols on several.
struct MonteCarloSuite {
  private let rounds: Int

  init(arguments: [String]) {
    rounds = arguments.first.flatMap { Int($0) } ?? 9
  }

  private static let paths = 16_384
  private static let symbols = 30
  private static let horizons = Array(stride(from: 6, through: 60, by: 6))

  func run() {
    let exits = ExitPlan(takeProfit: 0.006, stopLoss: 0.005)
    let student = PathModel.student(StudentMixture(degreesOfFreedom: 6))
    let gaussian = PathModel.gaussian
    var figures: [(String, String)] = [
      ("suite", "\"montecarlo\""),
      ("gaussian_msteps", "\(speed(gaussian, .timeOnly, 10))"),
      ("gaussian_barriers_msteps", "\(speed(gaussian, exits, 10))"),
      ("gaussian_near_barriers_msteps", "\(speed(gaussian, exits, 60))"),
      ("student_msteps", "\(speed(student, .timeOnly, 10))"),
      ("student_barriers_msteps", "\(speed(student, exits, 10))"),
      ("student_near_barriers_msteps", "\(speed(student, exits, 60))"),
      ("gaussian_steps_msteps", "\(speed(gaussian, exits, 10, .atSteps))"),
      ("student_steps_msteps", "\(speed(student, exits, 10, .atSteps))"),
      ("gaussian_plain_msteps", "\(plainSpeed(isStudent: false))"),
      ("student_plain_msteps", "\(plainSpeed(isStudent: true))"),
      ("closed_form_us", "\(closedForm() * 1e6)"),
    ]
    let one = task(threads: 1)
    let two = task(threads: 2)
    figures += [
      ("task_one_thread_ms", "\(one.seconds * 1000)"),
      ("task_two_threads_ms", "\(two.seconds * 1000)"),
      ("same_bytes", "\(one.digest == two.digest)"), ("digest", "\"\(one.digest)\""),
      ("stopped_early_ms", "\(stoppedEarly() * 1000)"), ("portfolio_ms", "\(portfolio() * 1000)"),
    ]
    Benchmark.answer(figures)
  }

  /// The median after one that warms up.
  private func median(_ work: () -> Void) -> Double {
    work()
    return Benchmark.median((0..<rounds).map { _ in Benchmark.seconds(work) })
  }

  private func plan(
    _ model: PathModel, _ exits: ExitPlan, _ step: Double,
    _ monitoring: SimulationPlan.Monitoring = .continuous
  ) -> SimulationPlan {
    SimulationPlan(
      model: model, annualDrift: 1, annualVolatility: 0.8, stepSeconds: step,
      horizons: Self.horizons, exits: exits,
      costs: TradeCosts(fee: 0.0006, spread: 0.0002, slippage: 0.0001), monitoring: monitoring)
  }

  /// Millions of steps a second, the results of both sides at ten horizons written down.
  private func speed(
    _ model: PathModel, _ exits: ExitPlan, _ step: Double,
    _ monitoring: SimulationPlan.Monitoring = .continuous
  ) -> Double {
    let workspace = PathWorkspace(paths: Self.paths, horizons: Self.horizons.count)
    let simulation = PathSimulation(
      plan(model, exits, step, monitoring), key: SimulationKey(seed: 1, symbol: "S", decision: 1))
    let chunks = 0..<(Self.paths / PathWorkspace.chunkPaths)
    let time = median { for _ in 0..<4 { simulation.walk(chunks: chunks, into: workspace) } }
    return Double(4 * Self.paths * 60) / time / 1e6
  }

  /// The same steps as one would write them down: one path after the other in double precision, with
  /// an exponential and two comparisons for each.
  private func plainSpeed(isStudent: Bool) -> Double {
    let paths = Self.paths / 8
    var touched = 0
    let time = median {
      var generator = Philox4x32(seed: 1)
      touched = 0
      for _ in 0..<paths {
        var price = 1.0
        for _ in 0..<60 {
          var z = normal(&generator)
          if isStudent {
            var square = 0.0
            for _ in 0..<6 {
              let part = normal(&generator)
              square += part * part
            }
            z *= (4 / square).squareRoot()
          }
          price *= Elementary.exp(-1e-7 + 4.5e-4 * z)
          if price > 1.006 || price < 0.995 {
            touched += 1
            break
          }
        }
      }
    }
    precondition(touched >= 0, "the work must not be optimized away")
    return Double(paths * 60) / time / 1e6
  }

  private func normal(_ generator: inout Philox4x32) -> Double {
    let radius = (-2 * Elementary.log(1 - generator.nextUniform())).squareRoot()
    return radius * Elementary.cos(2 * Double.pi * generator.nextUniform())
  }

  private func closedForm() -> Double {
    let form = plan(.gaussian, ExitPlan(takeProfit: 0.006, stopLoss: 0.005), 10)
    return median { for _ in 0..<20 { _ = GaussianTrade(form)?.estimate() } } / 20
  }

  /// 30 symbols, both sides, 10 horizons, 16,384 paths of 60 Student steps: walked and judged.
  private func task(threads: Int) -> (seconds: Double, digest: String) {
    let model = PathModel.student(StudentMixture(degreesOfFreedom: 6))
    let form = plan(model, ExitPlan(takeProfit: 0.006, stopLoss: 0.005), 10)
    let maker = OutlookMaker(
      score: ScoreSettings(), bar: Leaning.Bar(score: 0, net: 0),
      stopping: StoppingRule(looks: [Self.paths], error: 0.01))
    let workspaces = (0..<threads).map { _ in
      PathWorkspace(paths: Self.paths, horizons: Self.horizons.count)
    }
    let outlooks = UnsafeMutablePointer<Outlook?>.allocate(capacity: Self.symbols)
    outlooks.initialize(repeating: nil, count: Self.symbols)
    defer { outlooks.deallocate() }
    // Sendable: each thread writes the outlooks of its own symbols.
    nonisolated(unsafe) let results = outlooks
    let time = median {
      DispatchQueue.concurrentPerform(iterations: threads) { turn in
        for symbol in stride(from: turn, to: Self.symbols, by: threads) {
          results[symbol] = maker.simulated(
            form, key: SimulationKey(seed: 1, symbol: "S\(symbol)", decision: 1),
            using: workspaces[turn])
        }
      }
    }
    let text = (0..<Self.symbols).map { "\(String(describing: results[$0]))" }.joined()
    outlooks.deinitialize(count: Self.symbols)
    return (time, Fingerprint(of: text).short)
  }

  /// The same symbols with the standard rule, each with a drift of its own, on one thread.
  private func stoppedEarly() -> Double {
    let workspace = PathWorkspace(paths: Self.paths, horizons: Self.horizons.count)
    let model = PathModel.student(StudentMixture(degreesOfFreedom: 6))
    let maker = OutlookMaker(score: ScoreSettings(), bar: Leaning.Bar(score: 0, net: 0))
    let form = plan(model, ExitPlan(takeProfit: 0.006, stopLoss: 0.005), 10)
    return median {
      for symbol in 0..<Self.symbols {
        _ = maker.simulated(
          form, key: SimulationKey(seed: 1, symbol: "S\(symbol)", decision: 1), using: workspace)
      }
    }
  }

  /// Ten correlated positions over three days of quarter hours, 3,072 paths, one thread.
  private func portfolio() -> Double {
    let count = 10
    let matrix = (0..<(count * count)).map { $0 / count == $0 % count ? 1 : 0.6 }
    guard let correlation = CholeskyFactor(of: matrix, order: count) else { return .nan }
    let position = PortfolioPosition(
      exposure: 0.5, annualDrift: 0, exits: ExitPlan(takeProfit: 0.05, stopLoss: 0.05),
      maintenance: 0.025)
    let simulation = PortfolioSimulation(
      PortfolioPlan(
        positions: [PortfolioPosition](repeating: position, count: count),
        law: .gaussianCopula(
          annualVolatilities: [Double](repeating: 0.8, count: count), correlation: correlation),
        stepSeconds: 900, days: 3, marketFalls: FallLaw(daily: 0.005, sizes: 0.07...0.2),
        ownFalls: FallLaw(daily: 0.007, sizes: 0.05...0.18), exitCost: 0.0008,
        fallCostFactor: 2.5), key: SimulationKey(seed: 1, symbol: "portfolio", decision: 1))
    return median { _ = simulation.estimate((0..<3).map { simulation.walk(chunk: $0) }) }
  }
}
