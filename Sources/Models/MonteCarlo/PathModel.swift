package import Mathematics

/// The law by which a price moves from one step to the next.
///
/// Under every law a drift of zero leaves the expected price where it is: E[S(t)] = S(0) e^(μt). For
/// the mean-reverting law that holds about the path of its mean.
package enum PathModel: Hashable, Sendable {
  /// Geometric Brownian motion: ln S moves by (μ - σ²/2) Δ + σ √Δ Z.
  case gaussian
  /// Student's t: a Brownian motion whose variance v = σ² Δ M² is drawn anew for each step, so that
  /// ln S moves by μΔ - v/2 + √v Z, where √v Z has Student's t distribution with variance σ²Δ.
  ///
  /// A plain t variate in the exponent has no mean at all; given v this one has, and within a step
  /// the path is Brownian (a subordinated motion: Clark, Econometrica 41, 1973; Praetz, Journal of
  /// Business 45, 1972), so touches between the points are exact too.
  case student(StudentMixture)
  /// Merton's jumps on top of ``gaussian``.
  case jumps(JumpLaw)
  /// The log price is drawn to a level (Ornstein and Uhlenbeck).
  case meanReverting(ReversionLaw)
  /// The variance of each step follows from the one before: GARCH(1,1).
  case garch(VarianceLaw)
  /// Steps are drawn from history, standardized to mean zero and variance one.
  ///
  /// Blocks carry over how neighboring steps depend on each other: the expected price at a given
  /// time stays where it is, but a rule that leaves early may gain or lose by what a block foretells.
  case bootstrap(StepHistory)
}

/// Jumps of the log price: Merton, "Option Pricing When Underlying Stock Returns Are Discontinuous",
/// Journal of Financial Economics 3 (1976).
package struct JumpLaw: Hashable, Sendable {
  /// The expected number of jumps in a year.
  package let annualRate: Double
  /// The mean of a jump of the log price.
  package let mean: Double
  /// The standard deviation of a jump of the log price.
  package let deviation: Double

  /// Joins a rate and the two moments of a jump. The rate and the deviation are not negative.
  package init(annualRate: Double, mean: Double, deviation: Double) {
    precondition(
      annualRate >= 0 && deviation >= 0, "\(annualRate) jumps a year, deviation \(deviation)")
    self.annualRate = annualRate
    self.mean = mean
    self.deviation = deviation
  }
}

/// The pull of the log price to a level.
package struct ReversionLaw: Hashable, Sendable {
  /// The speed of reversion for each second; ln 2 divided by it is the half-life. Positive.
  package let rate: Double
  /// The log of the level's ratio to the price at the start.
  package let gap: Double

  /// Joins a positive speed and a gap.
  package init(rate: Double, gap: Double) {
    precondition(rate > 0 && gap.isFinite, "a reversion of \(rate) a second to \(gap)")
    self.rate = rate
    self.gap = gap
  }
}

/// GARCH(1,1) for the steps of a simulation: h' = (1 - α - β) H + α h Z² + β h, with h the variance
/// of a step, starting at the given volatility.
package struct VarianceLaw: Hashable, Sendable {
  /// The weight α of the last squared surprise, for steps of the simulation's length.
  package let surprise: Double
  /// The weight β of the last variance.
  package let memory: Double
  /// The annual volatility that the variance returns to.
  package let annualLongRunVolatility: Double

  /// Joins two weights, neither negative and below one together, and a volatility.
  package init(surprise: Double, memory: Double, annualLongRunVolatility: Double) {
    precondition(
      surprise >= 0 && memory >= 0 && surprise + memory < 1 && annualLongRunVolatility > 0,
      "weights \(surprise) and \(memory)")
    self.surprise = surprise
    self.memory = memory
    self.annualLongRunVolatility = annualLongRunVolatility
  }
}

/// Steps of the past to draw from, standardized.
package struct StepHistory: Hashable, Sendable {
  /// The steps in order of time, with mean zero and variance one.
  package let steps: [Float]
  /// How many neighboring steps are drawn together; 1 draws each on its own.
  package let block: Int

  /// The fewest returns that a history is made from.
  package static let smallest = 16

  /// Standardizes log returns. Nil where there are fewer than ``smallest``, where one is missing, or
  /// where they do not vary: such a history says nothing about the next step.
  package init?(logReturns: [Double], block: Int = 1) {
    let moments = Moments(of: logReturns)
    guard logReturns.count >= Self.smallest, block >= 1, moments.populationVariance.isFinite,
      moments.populationVariance > 0
    else { return nil }
    let deviation = moments.populationDeviation
    steps = logReturns.map { Float(($0 - moments.mean) / deviation) }
    self.block = block
  }
}

/// What the drift of steps drawn from the past gives back, so that the expected price moves by the
/// drift alone.
enum BlockGrowth {
  /// Returns the logarithms of the expected growth in the first, second ... step of a block: with
  /// G(j) the mean of e^(sum of j neighboring steps) over all starts, round the end of the past,
  /// ln G(j) - ln G(j - 1).
  static func logarithms(_ steps: [Double], block: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: steps.count)
    var before = 0.0
    return (0..<block).map { number in
      var growth = 0.0
      for start in steps.indices {
        sums[start] += steps[(start + number) % steps.count]
        growth += Elementary.exp(sums[start])
      }
      let total = Elementary.log(growth / Double(steps.count))
      defer { before = total }
      return total - before
    }
  }
}
