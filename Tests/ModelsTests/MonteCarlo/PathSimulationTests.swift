import Markets
import Mathematics
import Models
import Testing

@Suite("Path simulation")
struct PathSimulationTests {
  static let exits = ExitPlan(takeProfit: 0.006, stopLoss: 0.005)
  static let key = SimulationKey(seed: 7, symbol: "BTCUSDT", decision: 3)
  static let laws: [(name: String, model: PathModel)] = [
    ("gaussian", .gaussian),
    ("student", .student(StudentMixture(degreesOfFreedom: 6))),
    ("jumps", .jumps(JumpLaw(annualRate: 50_000, mean: -0.001, deviation: 0.003))),
    ("reverting", .meanReverting(ReversionLaw(rate: 0.0005, gap: 0))),
    (
      "garch",
      .garch(VarianceLaw(surprise: 0.1, memory: 0.85, annualLongRunVolatility: 1.2))
    ),
    ("bootstrap", .bootstrap(history(block: 1))),
    ("blocks", .bootstrap(history(block: 5))),
  ]

  static func history(block: Int) -> StepHistory {
    var generator = SplitMix64(seed: 11)
    let returns = (0..<200).map { _ in
      StandardNormal.quantile(0.001 + 0.998 * generator.nextUniform()) * 0.002 + 0.0003
    }
    guard let history = StepHistory(logReturns: returns, block: block) else {
      preconditionFailure("two hundred returns that vary")
    }
    return history
  }

  static func plan(
    _ model: PathModel = .gaussian, drift: Double = 0, step: Double = 60,
    horizons: [Int] = [5, 20],
    exits: ExitPlan = exits, costs: TradeCosts = .none, funding: [FundingDue] = [],
    monitoring: SimulationPlan.Monitoring = .continuous, control: SimulationPlan.Control = .none,
    tail: Double = 0.05
  ) -> SimulationPlan {
    SimulationPlan(
      model: model, annualDrift: drift, annualVolatility: 0.8, stepSeconds: step,
      horizons: horizons, exits: exits, costs: costs, funding: funding, monitoring: monitoring,
      control: control, tailShare: tail)
  }

  static func estimate(_ plan: SimulationPlan, paths: Int = 4096) -> TradeEstimate {
    PathSimulation(plan, key: key).estimate(
      paths: paths, using: PathWorkspace(paths: paths, horizons: plan.horizons.count))
  }

  /// How many standard errors an estimate lies from a value. Results are in single precision.
  static func distance(_ estimate: Estimate, _ value: Double) -> Double {
    (estimate.value - value).magnitude / max(estimate.standardError, 1e-7)
  }

  // MARK: - Against the closed form

  @Test("every figure of both sides is that of the closed form within four standard errors")
  func closedForm() throws {
    let costs = TradeCosts(entry: 0.0005, atTarget: 0.0002, atStop: 0.0007, atTimeOut: 0.0006)
    let plan = Self.plan(drift: 10, horizons: [10, 40], costs: costs, tail: 0.2)
    let simulated = Self.estimate(plan, paths: 4096)
    let exact = try #require(GaussianTrade(plan)).estimate()
    for side in PositionSide.allCases {
      for (ours, theirs) in zip(simulated[side], exact[side]) {
        let figures = [
          (ours.gross, theirs.gross), (ours.net, theirs.net), (ours.grossTail, theirs.grossTail),
          (ours.netTail, theirs.netTail), (ours.gain, theirs.gain), (ours.target, theirs.target),
          (ours.stop, theirs.stop), (ours.timeOut, theirs.timeOut),
        ]
        for (number, (a, b)) in figures.enumerated() {
          #expect(Self.distance(a, b.value) < 4, "\(side) \(ours.seconds) figure \(number)")
        }
        #expect(ours.target.value + ours.stop.value + ours.timeOut.value == 1)
        #expect(
          (theirs.target.value + theirs.stop.value + theirs.timeOut.value - 1).magnitude < 1e-14)
      }
    }
  }

  @Test("a watch at the steps only misses touches")
  func steps() {
    let watched = Self.estimate(Self.plan(horizons: [30]), paths: 4096)
    let looked = Self.estimate(Self.plan(horizons: [30], monitoring: .atSteps), paths: 4096)
    for side in PositionSide.allCases {
      let more = watched[side][0].timeOut
      let less = looked[side][0].timeOut
      #expect(less.value - more.value > 4 * (less.standardError + more.standardError))
    }
  }

  @Test("without barriers the tail is that of the lognormal distribution")
  func terminalTail() throws {
    let plan = Self.plan(drift: 5, horizons: [20], exits: .timeOnly)
    let simulated = Self.estimate(plan, paths: 8192)
    let exact = try #require(GaussianTrade(plan)).estimate()
    let deviation = 0.8 * (1200 / Annual.seconds).squareRoot()
    let drift = (5 - 0.32) * 1200 / Annual.seconds
    for side in PositionSide.allCases {
      let tail = LogNormalReturn.tail(side, drift: drift, deviation: deviation, share: 0.05)
      #expect(Self.distance(simulated[side][0].grossTail, tail) < 4)
      #expect((exact[side][0].grossTail.value - tail).magnitude < 1e-10)
    }
    // The multiplier of the normal distribution, approached by a small deviation.
    let small = LogNormalReturn.tail(.long, drift: 0, deviation: 1e-7, share: 0.05)
    #expect((small / 1e-7 + 2.062713).magnitude < 1e-5)
    let rare = LogNormalReturn.tail(.short, drift: 0, deviation: 1e-7, share: 0.01)
    #expect((rare / 1e-7 + 2.665214).magnitude < 1e-5)
  }

  // MARK: - Laws

  @Test("with a drift of zero no law moves the expected price")
  func martingale() {
    for (name, model) in Self.laws {
      let plan = Self.plan(model, horizons: [3, 20], exits: .timeOnly)
      let estimate = Self.estimate(plan, paths: 4096)
      for horizon in estimate.long {
        #expect(Self.distance(horizon.gross, 0) < 4, "\(name) after \(horizon.seconds) s")
      }
    }
  }

  /// The mean-reverting law and blocks of history are fair at fixed times only, and bridging a step
  /// of history is an assumption, so these are left out.
  @Test("with a drift of zero every rule earns nothing before costs and loses the cost after them")
  func fairness() {
    let costs = TradeCosts(fee: 0.0006, spread: 0.0002, slippage: 0.0001)
    for (name, model) in Self.laws where name != "reverting" && name != "blocks" {
      for monitoring in SimulationPlan.Monitoring.allCases {
        if monitoring == .continuous, name == "bootstrap" { continue }
        let plan = Self.plan(model, costs: costs, monitoring: monitoring)
        let estimate = Self.estimate(plan, paths: 2048)
        for side in PositionSide.allCases {
          for horizon in estimate[side] {
            #expect(Self.distance(horizon.gross, 0) < 4, "\(name) \(side) \(monitoring)")
            #expect(Self.distance(horizon.net, -0.0016) < 4, "\(name) \(side) \(monitoring)")
          }
        }
      }
    }
  }

  @Test("a step of the Student law has Student's distribution, in the middle and in the tails")
  func studentSteps() {
    let degrees = 4.0
    let model = PathModel.student(StudentMixture(degreesOfFreedom: degrees))
    let plan = Self.plan(model, step: 1, horizons: [1], exits: .timeOnly, control: .price)
    let workspace = PathWorkspace(paths: 16_384, horizons: 1)
    PathSimulation(plan, key: Self.key).walk(chunks: 0..<16, into: workspace)
    let deviation = 0.8 * (1 / Annual.seconds).squareRoot()
    let student = StudentDistribution(degreesOfFreedom: degrees)
    let scale = ((degrees - 2) / degrees).squareRoot()
    let steps = workspace.priceMoves(horizon: 0, paths: 16_384).map {
      Elementary.log(onePlus: Double($0)) / deviation
    }
    // The twins are not independent, so only one of each pair counts.
    let singles = steps.indices.filter { $0 % 16 < 8 }.map { steps[$0] }.sorted()
    let n = Double(singles.count)
    var distance = 0.0
    for (rank, step) in singles.enumerated() {
      let share = student.cumulative(step / scale)
      distance = max(distance, share - Double(rank) / n, Double(rank + 1) / n - share)
    }
    #expect(distance < 1.63 / n.squareRoot())
    for bar in [-5.0, -3, 3, 5] {
      let tail = student.cumulative(-bar.magnitude / scale)
      let share = Double(singles.count { bar < 0 ? $0 < bar : $0 > bar }) / n
      #expect((share - tail).magnitude < 4 * (tail / n).squareRoot(), "\(bar)")
    }
  }

  @Test("a thousandfold price changes nothing, because none is asked for")
  func scale() {
    // Plans know distances only; the same distances are taken from two prices.
    func exits(_ price: Double) -> ExitPlan {
      ExitPlan(
        takeProfit: (price * 1.0078125 - price) / price,
        stopLoss: (price - price * 0.9921875) / price)
    }
    let small = Self.estimate(Self.plan(horizons: [10], exits: exits(64)), paths: 1024)
    let large = Self.estimate(Self.plan(horizons: [10], exits: exits(64_000)), paths: 1024)
    #expect(small == large)
  }

  @Test("a price that reverts approaches the path of its mean")
  func reversion() {
    let law = ReversionLaw(rate: 0.001, gap: 0.01)
    let plan = Self.plan(.meanReverting(law), horizons: [20], exits: .timeOnly)
    let simulation = PathSimulation(plan, key: Self.key)
    let expected = Elementary.exp(0.01 * (1 - Elementary.exp(-1.2)))
    #expect((simulation.expectedGrowth(steps: 20) - expected).magnitude < 1e-12)
    #expect(Self.distance(Self.estimate(plan).long[0].gross, expected - 1) < 4)
  }

  @Test("a long position in a market is a short one in its mirror image, to the last path")
  func mirror() {
    // Log barriers and the drift of the log price change their signs.
    let target = 0.006
    let stop = 0.005
    let mirrored = ExitPlan(
      takeProfit: target / (1 + target), stopLoss: stop / (1 - stop))
    let long = Self.estimate(Self.plan(drift: 4 + 0.32))
    let short = Self.estimate(Self.plan(drift: -4 + 0.32, exits: mirrored))
    for (a, b) in zip(long.long, short.short) {
      #expect(a.target == b.target)
      #expect(a.stop == b.stop)
      #expect(a.timeOut == b.timeOut)
      #expect(a.holding == b.holding)
    }
  }

  @Test("funding is paid by the long side to the short one while both are in")
  func funding() {
    let payments = [
      FundingDue(seconds: 250, rate: 0.001), FundingDue(seconds: 9999, rate: 1),
    ]
    let plan = Self.plan(exits: .timeOnly, funding: payments)
    let estimate = Self.estimate(plan)
    #expect(Self.distance(estimate.long[0].net, -0.001) < 4)
    #expect(Self.distance(estimate.short[1].net, 0.001) < 4)
    // Who has left before pays nothing.
    let left = Self.estimate(
      Self.plan(exits: ExitPlan(takeProfit: 1e-5, stopLoss: 1e-5), funding: payments))
    #expect(left.long[1].net.value > -1e-4)
  }

  // MARK: - Chance

  @Test("the same seed gives the same bytes in one slice and in two, whatever the order")
  func slices() {
    for (name, model) in Self.laws {
      let plan = Self.plan(model, horizons: [3, 8], control: .price)
      let simulation = PathSimulation(plan, key: Self.key)
      let one = PathWorkspace(paths: 2048, horizons: 2)
      let two = PathWorkspace(paths: 4096, horizons: 3)
      simulation.walk(chunks: 0..<2, into: one)
      simulation.walk(chunks: 1..<2, into: two)
      simulation.walk(chunks: 0..<1, into: two)
      #expect(
        simulation.estimate(from: one, paths: 2048) == simulation.estimate(from: two, paths: 2048),
        "\(name)")
      #expect(
        one.grossResults(horizon: 1, side: .short, paths: 2048)
          == two.grossResults(horizon: 1, side: .short, paths: 2048), "\(name)")
    }
  }

  @Test("another seed, symbol or decision gives other paths")
  func keys() {
    let keys = [
      SimulationKey(seed: 1, symbol: "A", decision: 1),
      SimulationKey(seed: 2, symbol: "A", decision: 1),
      SimulationKey(seed: 1, symbol: "B", decision: 1),
      SimulationKey(seed: 1, symbol: "A", decision: 2),
    ]
    let workspace = PathWorkspace(paths: 1024, horizons: 1)
    let results = keys.map { key -> [Float] in
      PathSimulation(Self.plan(horizons: [2]), key: key).walk(chunks: 0..<1, into: workspace)
      return workspace.grossResults(horizon: 0, side: .long, paths: 1024)
    }
    #expect(Set(results).count == keys.count)
  }

  @Test("twins and the control reduce the variance of a price's mean, and say by how much")
  func reduction() {
    let plain = Self.estimate(Self.plan(drift: 10, horizons: [20]))
    let controlled = Self.estimate(Self.plan(drift: 10, horizons: [20], control: .price))
    for side in PositionSide.allCases {
      let before = plain[side][0].gross
      let after = controlled[side][0].gross
      #expect(before.effectiveCount > 2 * 4096)
      #expect(after.standardError <= before.standardError)
      #expect((before.value - after.value).magnitude < 5 * before.standardError)
    }
  }

  // MARK: - Plain version

  /// The same paths in double precision, one after the other, with the same words of chance.
  @Test("paths in single precision are those of the plain version in double precision")
  func plainVersion() {
    let steps = 40
    for (name, model) in Self.laws.prefix(2) {
      let plan = Self.plan(
        model, drift: 3, step: 10, horizons: [steps],
        exits: ExitPlan(takeProfit: 0.0015, stopLoss: 0.002), control: .price)
      let workspace = PathWorkspace(paths: 1024, horizons: 1)
      PathSimulation(plan, key: Self.key).walk(chunks: 0..<1, into: workspace)
      let moves = workspace.priceMoves(horizon: 0, paths: 1024)
      for side in PositionSide.allCases {
        let results = workspace.grossResults(horizon: 0, side: side, paths: 1024)
        var others = 0
        for path in 0..<64 {
          let expected = PlainPath(plan, side, key: Self.key, path: path, steps: steps)
          #expect((Double(moves[path]) - expected.move).magnitude < 2e-8, "\(name)")
          // A touch may be decided the other way where chance comes within a rounding of it.
          if (Double(results[path]) - expected.result).magnitude > 2e-8 { others += 1 }
        }
        #expect(others == 0, "\(name), \(side)")
      }
    }
  }
}

/// One path of the Gaussian or the Student law in double precision.
struct PlainPath {
  /// The move of the undisturbed price.
  var move = 0.0
  /// The result of the position.
  var result = 0.0

  init(_ plan: SimulationPlan, _ side: PositionSide, key: SimulationKey, path: Int, steps: Int) {
    let years = plan.stepSeconds / Annual.seconds
    let sigma = plan.annualVolatility * years.squareRoot()
    let corridor = side == .long ? plan.exits.longCorridor : plan.exits.shortCorridor
    let group = path / 16
    let lane = path % 16
    let sign: Double = lane < 8 ? 1 : -1
    let counter = UInt32(group * 8 + lane % 8)
    var x = 0.0
    var left: Double?
    for step in 0..<steps {
      let normal: Double
      var deviation = sigma
      let bridge: UInt32
      if case .student(let mixture) = plan.model {
        let words = Self.words(counter, step, key)
        let (first, second) = Self.normals(words[0], words[1])
        normal = first
        deviation = sigma * mixture.deviation(second)
        bridge = words[2]
      } else {
        let words = Self.words(counter, step / 2, key)
        let (first, second) = Self.normals(words[0], words[1])
        normal = step % 2 == 0 ? first : second
        bridge = words[2 + step % 2]
      }
      let variance = deviation * deviation
      let end = x + plan.annualDrift * years - 0.5 * variance + sign * deviation * normal
      let up = (corridor.upper - x) * (corridor.upper - end)
      let down = (x + corridor.lower) * (end + corridor.lower)
      let (rising, falling) =
        sign > 0
        ? (Self.exponential(bridge), Self.exponential(~bridge))
        : (Self.exponential(~bridge), Self.exponential(bridge))
      let above = up < 0.5 * variance * rising
      let below = down < 0.5 * variance * falling
      if left == nil, above || below {
        left = above && !(below && down < up) ? corridor.upper : -corridor.lower
      }
      x = end
    }
    move = Elementary.expMinusOne(x)
    result = Elementary.expMinusOne(left ?? x) * (side == .long ? 1 : -1)
  }

  private static func words(_ counter: UInt32, _ block: Int, _ key: SimulationKey) -> SIMD4<UInt32>
  {
    Philox4x32.block(
      SIMD4(
        counter, UInt32(block), UInt32(truncatingIfNeeded: key.stream),
        UInt32(truncatingIfNeeded: key.stream >> 32)),
      key: SIMD2(UInt32(truncatingIfNeeded: key.seed), UInt32(truncatingIfNeeded: key.seed >> 32)),
      rounds: PhiloxLanes.rounds)
  }

  private static func exponential(_ word: UInt32) -> Double {
    -Elementary.log((Double(word >> 1) + 0.5) * 0x1p-31)
  }

  private static func normals(_ radius: UInt32, _ turn: UInt32) -> (Double, Double) {
    let length = (2 * exponential(radius)).squareRoot() * (turn & 0x4000_0000 == 0 ? 1 : -1)
    let angle = Double(Int32(bitPattern: turn << 2)) * 0x1p-31 * Double.pi / 4
    let (cosine, sine) = (Elementary.cos(angle), Elementary.sin(angle))
    return turn >> 31 == 1 ? (length * sine, length * cosine) : (length * cosine, length * sine)
  }
}
