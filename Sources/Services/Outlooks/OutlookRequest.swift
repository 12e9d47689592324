package import Essentials
import Mathematics
package import Models
package import Tactics

/// What an outlook is asked for, as a person says it: nothing in it has been checked yet.
package struct OutlookRequest: Hashable, Sendable {
  /// The law by which the price moves, with what it needs; see ``PathModel``.
  package enum Law: Hashable, Sendable {
    case gaussian
    case student(degreesOfFreedom: Double)
    case jumps(annualRate: Double, mean: Double, deviation: Double)
    case meanReverting(halfLife: TimeSpan, gap: Double)
    case garch(surprise: Double, memory: Double, annualLongRunVolatility: Double)
    /// Log returns of equal steps in order of time, drawn in blocks; the step of a path is that of
    /// the history.
    case bootstrap(logReturns: [Double], step: TimeSpan, block: Int, path: String)

    /// The name on the command line.
    package var name: String {
      switch self {
      case .gaussian: "gaussian"
      case .student: "student"
      case .jumps: "jumps"
      case .meanReverting: "reverting"
      case .garch: "garch"
      case .bootstrap: "bootstrap"
      }
    }
  }

  package var law: Law
  package var annualDrift: Double
  package var annualVolatility: Double
  /// Infinite for none.
  package var takeProfit: Double
  /// Infinite for none.
  package var stopLoss: Double
  package var horizons: [TimeSpan]
  /// Nil where the program chooses.
  package var step: TimeSpan?
  package var fee = 0.0
  package var spread = 0.0
  package var slippage = 0.0
  package var funding: [FundingDue] = []
  package var score = ScoreSettings()
  /// What a side must reach to be worth an entry.
  package var bar = Leaning.Bar(score: 0, net: 0)
  /// A fixed number of paths, rounded up to whole chunks; nil for a closed form where there is one,
  /// and for as many as the decision needs elsewhere.
  package var paths: Int?
  package var seed: UInt64 = 0

  package init(
    law: Law, annualDrift: Double, annualVolatility: Double, takeProfit: Double = .infinity,
    stopLoss: Double = .infinity, horizons: [TimeSpan]
  ) {
    self.law = law
    self.annualDrift = annualDrift
    self.annualVolatility = annualVolatility
    self.takeProfit = takeProfit
    self.stopLoss = stopLoss
    self.horizons = horizons
  }

  /// The ranges of annual drift and volatility: beyond them prices leave single precision.
  package static let driftRange = -1000.0...1000.0
  package static let volatilityRange = 1e-4...20.0
  /// The longest horizon.
  package static let horizonMax = TimeSpan.days(30)
  private static let horizonsMax = 32
  private static let stepsMax = 100_000
  /// The most paths that may be asked for.
  package static let pathsMax = 262_144
  /// Paths times steps: about a minute of work.
  private static let workMax = 20_000_000_000
  /// About how many steps the longest horizon has where the program chooses.
  private static let usualSteps: Int64 = 600

  /// Checks everything and makes the plan of the simulation.
  package func plan() throws(OutlookFailure) -> SimulationPlan {
    try Self.check("drift", annualDrift, in: Self.driftRange)
    try Self.check("volatility", annualVolatility, in: Self.volatilityRange)
    if takeProfit != .infinity { try Self.check("take-profit", takeProfit, in: 1e-6...10) }
    if stopLoss != .infinity { try Self.check("stop-loss", stopLoss, in: 1e-6...10) }
    for (name, value) in [("fee", fee), ("spread", spread), ("slippage", slippage)] {
      try Self.check(name, value, in: name == "fee" ? -0.01...0.1 : 0...0.1)
    }
    for payment in funding {
      try Self.check("funding rate", payment.rate, in: -0.1...0.1)
      try Self.check("time of the funding", payment.seconds, in: 0...Self.horizonMax.seconds)
    }
    let spans = Array(Set(horizons)).sorted()
    guard (1...Self.horizonsMax).contains(spans.count) else {
      throw .horizonCount(spans.count, most: Self.horizonsMax)
    }
    for span in spans {
      try Self.check("horizon in seconds", span.seconds, in: 1...Self.horizonMax.seconds)
    }
    let (stepSeconds, counts) = try steps(of: spans)
    if let last = counts.last, last > Self.stepsMax {
      throw .tooManySteps(last, most: Self.stepsMax)
    }
    if let paths {
      try Self.check("number of paths", Double(paths), in: 1...Double(Self.pathsMax))
      if let last = counts.last, last > Self.workMax / paths {
        throw .tooMuchWork(paths: paths, steps: last)
      }
    }
    return SimulationPlan(
      model: try model(), annualDrift: annualDrift, annualVolatility: annualVolatility,
      stepSeconds: stepSeconds, horizons: counts,
      exits: ExitPlan(takeProfit: takeProfit, stopLoss: stopLoss),
      costs: TradeCosts(fee: fee, spread: spread, slippage: slippage), funding: funding,
      // Steps of history have no inside, so nobody looks between them.
      monitoring: isBootstrap ? .atSteps : .continuous)
  }

  private var isBootstrap: Bool {
    if case .bootstrap = law { true } else { false }
  }

  private static func check(
    _ name: String, _ value: Double, in range: ClosedRange<Double>
  ) throws(OutlookFailure) {
    guard range.contains(value) else {
      throw .outOfRange(name: name, value: value, range: range)
    }
  }

  /// The length of a step in seconds and the horizons as counts of steps.
  private func steps(of spans: [TimeSpan]) throws(OutlookFailure) -> (Double, [Int]) {
    var step = self.step
    if case .bootstrap(_, let length, _, _) = law {
      if let step, step != length { throw .unused(law: law.name, option: "step") }
      step = length
    }
    if let step {
      try Self.check("step in seconds", step.seconds, in: 0.001...Self.horizonMax.seconds)
      for span in spans where span.milliseconds % step.milliseconds != 0 {
        throw .unevenHorizon(span, step: step)
      }
      return (step.seconds, spans.map { Int($0.milliseconds / step.milliseconds) })
    }
    // The greatest length that divides all horizons, cut into equal parts.
    let common = spans.reduce(Int64(0)) { Self.commonDivisor($0, $1.milliseconds) }
    let longest = spans.map(\.milliseconds).max() ?? common
    let parts = max(1, Self.usualSteps * common / longest)
    return (
      Double(common) / 1000 / Double(parts), spans.map { Int($0.milliseconds / common * parts) }
    )
  }

  private static func commonDivisor(_ left: Int64, _ right: Int64) -> Int64 {
    right == 0 ? left : commonDivisor(right, left % right)
  }

  private func model() throws(OutlookFailure) -> PathModel {
    switch law {
    case .gaussian: return .gaussian
    case .student(let degrees):
      try Self.check("number of degrees of freedom", degrees, in: 2.1...1000)
      return .student(StudentMixture(degreesOfFreedom: degrees))
    case .jumps(let rate, let mean, let deviation):
      try Self.check("number of jumps a year", rate, in: 0...100_000)
      try Self.check("mean of a jump", mean, in: -1...1)
      try Self.check("deviation of a jump", deviation, in: 0...1)
      return .jumps(JumpLaw(annualRate: rate, mean: mean, deviation: deviation))
    case .meanReverting(let halfLife, let gap):
      try Self.check("half-life in seconds", halfLife.seconds, in: 1...31_536_000)
      try Self.check("gap", gap, in: -1...1)
      return .meanReverting(
        ReversionLaw(rate: Elementary.log(2) / halfLife.seconds, gap: Elementary.log(onePlus: gap)))
    case .garch(let surprise, let memory, let longRun):
      try Self.check("weight of a surprise", surprise, in: 0...1)
      try Self.check("weight of the last variance", memory, in: 0...1)
      try Self.check("long-run volatility", longRun, in: Self.volatilityRange)
      guard surprise + memory < 1 else { throw .explosiveVariance(sum: surprise + memory) }
      return .garch(
        VarianceLaw(surprise: surprise, memory: memory, annualLongRunVolatility: longRun))
    case .bootstrap(let returns, _, let block, let path):
      try Self.check("length of a block", Double(block), in: 1...10_000)
      guard let history = StepHistory(logReturns: returns, block: block) else {
        throw .poorHistory(path: path, count: returns.count)
      }
      return .bootstrap(history)
    }
  }
}
