import Markets
import Mathematics

/// A Monte Carlo simulation of one market: long and short positions on the same paths.
///
/// The numbers of chance are a function of the key, the path and the step, and every sum has a fixed
/// order, so the results have the same bytes however the chunks are spread over threads. Sixteen
/// paths are walked side by side, eight and their mirrored twins; one step of one path costs about 2
/// nanoseconds with all barriers, and nothing is allocated while walking.
///
/// Prices are kept as logarithms in single precision. A path of a thousand steps gathers a rounding
/// error of about 1e-7 in the log price, a thousandth of the standard error that 16,384 paths leave.
package struct PathSimulation: Sendable {
  /// What is simulated.
  package let plan: SimulationPlan
  /// Which numbers of chance it gets.
  package let key: SimulationKey
  /// The payments of funding by steps.
  private let funding: [Float]
  /// What the law needs for each step or each draw.
  private let table: [Float]
  private let longBarriers: BarrierLanes
  private let shortBarriers: BarrierLanes

  /// Prepares a simulation.
  package init(_ plan: SimulationPlan, key: SimulationKey) {
    self.plan = plan
    self.key = key
    funding = plan.fundingBySteps
    table = Self.table(plan)
    longBarriers = BarrierLanes(plan.exits.longCorridor)
    shortBarriers = BarrierLanes(plan.exits.shortCorridor)
  }

  /// Returns the expected price at the end of a step as a multiple of the price at the start.
  package func expectedGrowth(steps: Int) -> Double {
    let time = Double(steps) * plan.stepSeconds
    var exponent = plan.annualDrift * time / Annual.seconds
    if case .meanReverting(let law) = plan.model {
      exponent -= law.gap * Elementary.expMinusOne(-law.rate * time)
    }
    return Elementary.exp(exponent)
  }

  /// Walks a range of chunks and writes their results to the workspace. Two calls with ranges that do
  /// not overlap may run at the same time.
  package func walk(chunks: Range<Int>, into workspace: PathWorkspace) {
    precondition(
      chunks.lowerBound >= 0 && chunks.upperBound * PathWorkspace.chunkPaths <= workspace.paths
        && plan.horizons.count <= workspace.horizons,
      "chunks \(chunks) of \(plan.horizons.count) horizons do not fit")
    let drift = plan.annualDrift * plan.stepYears
    let deviation = plan.stepDeviation
    table.withUnsafeBufferPointer { table in
      switch plan.model {
      case .gaussian, .meanReverting:
        guard let shifts = table.baseAddress else { preconditionFailure("a plan without steps") }
        walk(
          GaussianLaw(pull: pull, deviation: reversionDeviation, shifts: shifts), chunks, workspace)
      case .student:
        walk(StudentLaw(drift: drift, coefficients: table), chunks, workspace)
      case .jumps(let law):
        walk(
          JumpingLaw(drift: drift, deviation: deviation, law: law, stepYears: plan.stepYears),
          chunks, workspace)
      case .garch(let law):
        walk(
          VaryingLaw(
            drift: drift, variance: deviation * deviation, law: law, stepYears: plan.stepYears),
          chunks, workspace)
      case .bootstrap(let history):
        walk(
          HistoryLaw(deviation: deviation, table: table, block: history.block),
          chunks, workspace)
      }
    }
  }

  /// Walks a range of chunks by a crew; the results are the same bytes for every one.
  package func walk(chunks: Range<Int>, into workspace: PathWorkspace, by crew: PathCrew) {
    crew.share(chunks) { walk(chunks: $0, into: workspace) }
  }

  // MARK: - Laws of the plan

  /// The share of the distance to its mean that a log price keeps over a step.
  private var pull: Double {
    guard case .meanReverting(let law) = plan.model else { return 1 }
    return Elementary.exp(-law.rate * plan.stepSeconds)
  }

  /// The standard deviation that a step adds.
  private var reversionDeviation: Double {
    guard case .meanReverting(let law) = plan.model else { return plan.stepDeviation }
    let decay = 2 * law.rate * plan.stepSeconds
    return plan.stepDeviation * (-Elementary.expMinusOne(-decay) / decay).squareRoot()
  }

  private static func table(_ plan: SimulationPlan) -> [Float] {
    switch plan.model {
    case .gaussian:
      let deviation = plan.stepDeviation
      let shift = plan.annualDrift * plan.stepYears - 0.5 * deviation * deviation
      return [Float](repeating: Float(shift), count: plan.steps)
    case .meanReverting(let law): return reversionShifts(plan, law)
    case .student(let mixture):
      var coefficients = mixture.coefficients
      coefficients[0] += Float(Elementary.log(plan.stepDeviation) / Elementary.log(2))
      return coefficients
    case .bootstrap(let history):
      let steps = history.steps.map { plan.stepDeviation * Double($0) }
      let drift = plan.annualDrift * plan.stepYears
      return BlockGrowth.logarithms(steps, block: history.block).map { Float(drift - $0) }
        + history.steps
    case .jumps, .garch: return []
    }
  }

  /// The constants c(t) = f(t + Δ) - a f(t) of a price that reverts to f(t) = μt + g (1 - e^(-κt)) -
  /// v(t)/2, with v(t) = σ² (1 - e^(-2κt)) / 2κ, which makes E[S(t)] = S(0) e^(μt + g (1 - e^(-κt))).
  private static func reversionShifts(_ plan: SimulationPlan, _ law: ReversionLaw) -> [Float] {
    func level(_ step: Int) -> Double {
      let time = Double(step) * plan.stepSeconds
      let variance = plan.annualVolatility * plan.annualVolatility / Annual.seconds
      return plan.annualDrift * time / Annual.seconds
        - law.gap * Elementary.expMinusOne(-law.rate * time)
        + 0.5 * variance * Elementary.expMinusOne(-2 * law.rate * time) / (2 * law.rate)
    }
    let pull = Elementary.exp(-law.rate * plan.stepSeconds)
    return (0..<plan.steps).map { Float(level($0 + 1) - pull * level($0)) }
  }

  // MARK: - Walking

  private func walk<Law: PathLaw>(_ law: Law, _ chunks: Range<Int>, _ workspace: PathWorkspace) {
    for chunk in chunks {
      for horizon in 0..<plan.horizons.count {
        for side in 0..<2 {
          let counts = workspace.counts(chunk, horizon, side)
          for counter in 0..<PathWorkspace.counters { counts[counter] = .zero }
        }
      }
      funding.withUnsafeBufferPointer { funding in
        withUnsafeTemporaryAllocation(of: WordLaneBlock.self, capacity: Self.tileSteps) { blocks in
          withUnsafeTemporaryAllocation(of: StepDraw.self, capacity: Self.tileSteps) { draws in
            guard let blocks = blocks.baseAddress, let draws = draws.baseAddress else {
              preconditionFailure("a tile without steps")
            }
            for group in 0..<PathWorkspace.chunkGroups {
              walk(law, chunk, group, funding, blocks, draws, workspace)
            }
          }
        }
      }
    }
  }

  /// How many steps' chance is made at a time: it stays in the nearest cache, and making it does not
  /// wait for the paths, nor they for it.
  private static let tileSteps = 32

  private func walk<Law: PathLaw>(
    _ law: Law, _ chunk: Int, _ group: Int, _ funding: UnsafeBufferPointer<Float>,
    _ blocks: UnsafeMutablePointer<WordLaneBlock>, _ draws: UnsafeMutablePointer<StepDraw>,
    _ workspace: PathWorkspace
  ) {
    let first = chunk * PathWorkspace.chunkGroups + group
    let lanes =
      WordLanes(repeating: UInt32(truncatingIfNeeded: first * 8))
      &+ WordLanes(0, 1, 2, 3, 4, 5, 6, 7)
    let recorder = ResultRecorder(
      plan, workspace, chunk: chunk, path: first * PathWorkspace.groupPaths)
    var walk = GroupWalk(
      law, long: longBarriers, short: shortBarriers, isContinuous: plan.monitoring == .continuous)
    let steps = plan.steps
    var horizon = 0
    var step = 0
    while step < steps {
      let end = min(step + Self.tileSteps, steps)
      prepare(law, lanes, step..<end, blocks, draws)
      for number in step..<end {
        walk.step(number, draws[number - step])
        if funding[number] != 0 { walk.pay(funding[number]) }
        if number + 1 == plan.horizons[horizon] {
          recorder.record(walk, horizon)
          horizon += 1
        }
      }
      step = end
    }
  }

  /// Makes the chance of a range of steps that begins with a block.
  @inline(__always)
  private func prepare<Law: PathLaw>(
    _ law: Law, _ lanes: WordLanes, _ steps: Range<Int>,
    _ blocks: UnsafeMutablePointer<WordLaneBlock>, _ draws: UnsafeMutablePointer<StepDraw>
  ) {
    let key = self.key.key
    let stream = self.key.stream
    let first = steps.lowerBound / Law.stepsPerBlock
    let count = (steps.count + Law.stepsPerBlock - 1) / Law.stepsPerBlock
    // Short loops, so that the processor works on several turns of one at the same time.
    for number in 0..<count {
      blocks[number] = PhiloxLanes.blocks(
        lanes, UInt32(truncatingIfNeeded: first + number), stream, key: key)
    }
    for number in 0..<count {
      law.prepare(blocks[number], draws + number * Law.stepsPerBlock)
    }
    if Law.refines {
      for number in 0..<steps.count { draws[number] = law.refine(draws[number]) }
    }
  }
}

/// Writes what positions are worth at a horizon.
struct ResultRecorder {
  private let workspace: PathWorkspace
  private let chunk: Int
  private let path: Int
  private let longRates: ExitRates
  private let shortRates: ExitRates
  private let keepsMoves: Bool
  private let steps: [Int]

  @inline(__always)
  init(_ plan: SimulationPlan, _ workspace: PathWorkspace, chunk: Int, path: Int) {
    self.workspace = workspace
    self.chunk = chunk
    self.path = path
    longRates = ExitRates(plan.costs, .long)
    shortRates = ExitRates(plan.costs, .short)
    keepsMoves = plan.control == .price
    steps = plan.horizons
  }

  @inline(__always)
  func record<Law: PathLaw>(_ walk: GroupWalk<Law>, _ horizon: Int) {
    value(walk.longs.0, walk.prices.plain, longRates, 1, 0, horizon, path)
    value(walk.longs.1, walk.prices.mirrored, longRates, 1, 0, horizon, path + 8)
    value(walk.shorts.0, walk.prices.plain, shortRates, -1, 1, horizon, path)
    value(walk.shorts.1, walk.prices.mirrored, shortRates, -1, 1, horizon, path + 8)
    let count = FlagLanes(repeating: Int32(truncatingIfNeeded: steps[horizon]))
    let long = workspace.counts(chunk, horizon, 0)
    note(walk.longs, above: long, below: long + 2, open: long + 4, count)
    let short = workspace.counts(chunk, horizon, 1)
    note(walk.shorts, above: short + 2, below: short, open: short + 4, count)
    if keepsMoves {
      workspace.moves(horizon).store(walk.prices.plain.exponentialMinusOne, at: path)
      workspace.moves(horizon).store(walk.prices.mirrored.exponentialMinusOne, at: path + 8)
    }
  }

  /// Counts paths and pairs by how they ended.
  @inline(__always)
  private func note(
    _ twins: (PositionLanes, PositionLanes), above: UnsafeMutablePointer<SIMD8<Int32>>,
    below: UnsafeMutablePointer<SIMD8<Int32>>, open: UnsafeMutablePointer<SIMD8<Int32>>,
    _ horizon: FlagLanes
  ) {
    count(twins.0.leftAbove, twins.1.leftAbove, above)
    count(twins.0.leftBelow, twins.1.leftBelow, below)
    count(twins.0.open, twins.1.open, open)
    open[2] &+= twins.0.steps(by: horizon) &+ twins.1.steps(by: horizon)
  }

  @inline(__always)
  private func count(
    _ plain: FlagLanes, _ mirrored: FlagLanes, _ counts: UnsafeMutablePointer<SIMD8<Int32>>
  ) {
    counts[0] &-= plain &+ mirrored
    counts[1] &-= plain & mirrored
  }

  @inline(__always)
  private func value(
    _ position: PositionLanes, _ price: FloatLanes, _ rates: ExitRates, _ sign: Float, _ side: Int,
    _ horizon: Int, _ path: Int
  ) {
    let place = price.chosen(where: position.open, otherwise: position.exit)
    let move = place.exponentialMinusOne
    let rate = rates.above.chosen(
      where: position.leftAbove,
      otherwise: rates.below.chosen(where: position.leftBelow, otherwise: rates.timeOut))
    let gross = move * .all(sign)
    let charge = rates.entry + move.fused(times: rate, plus: rate)
    let net = gross - charge - position.funding * .all(sign)
    workspace.results(horizon, side, .gross).store(gross, at: path)
    workspace.results(horizon, side, .net).store(net, at: path)
  }
}
