import Mathematics

/// Returns whose true Sharpe ratio is known because it was planted.
///
/// Innovations follow Student's t distribution with five degrees of freedom, scaled to the wanted
/// deviation: tails as heavy as those of daily returns of markets.
package struct PlantedReturns: Hashable, Sendable {
  /// How a return depends on those before it.
  package enum Nature: String, Hashable, Sendable, CaseIterable {
    /// Not at all: what significance tests of the mean assume.
    case independent
    /// By a GARCH(1, 1) variance (0.08 of the last square, 0.87 of the last variance) and an
    /// autocorrelation of 0.1, which the tests do not know of.
    case persistent
  }

  package var nature: Nature
  /// Mean over deviation of one period, times the root of the periods of a year.
  package var annualSharpe: Double
  /// Deviation of one period, times the root of the periods of a year.
  package var annualVolatility: Double
  package var periodsPerYear: Double

  package init(
    _ nature: Nature = .independent, annualSharpe: Double, annualVolatility: Double = 0.15,
    periodsPerYear: Double
  ) {
    self.nature = nature
    self.annualSharpe = annualSharpe
    self.annualVolatility = annualVolatility
    self.periodsPerYear = periodsPerYear
  }

  /// The returns that a seed and a stream name.
  package func walk(seed: UInt64, stream: UInt64) -> Walk {
    Walk(self, Philox4x32(seed: seed, stream: stream))
  }

  /// Returns one after the other, without end. A copy goes on by itself with the same numbers.
  package struct Walk: Sendable {
    private let mean: Double
    private let deviation: Double
    private let isPersistent: Bool
    private var chance: Philox4x32
    private var variance = 1.0
    private var shock = 0.0
    private var level = 0.0

    /// Of the variance that is long past, the last square and the last variance.
    private static let garch = (rest: 0.05, square: 0.08, variance: 0.87)
    private static let autocorrelation = 0.1
    /// What it takes to forget the beginning.
    private static let warmUp = 250

    fileprivate init(_ planted: PlantedReturns, _ chance: Philox4x32) {
      deviation = planted.annualVolatility / planted.periodsPerYear.squareRoot()
      mean = planted.annualSharpe * planted.annualVolatility / planted.periodsPerYear
      isPersistent = planted.nature == .persistent
      self.chance = chance
      if isPersistent { for _ in 0..<Self.warmUp { _ = next() } }
    }

    /// The next return.
    package mutating func next() -> Double {
      let innovation = studentOfFive()
      guard isPersistent else { return mean + deviation * innovation }
      variance =
        Self.garch.rest + Self.garch.square * shock * shock + Self.garch.variance * variance
      shock = variance.squareRoot() * innovation
      level = Self.autocorrelation * level + shock
      let scale = (1 - Self.autocorrelation * Self.autocorrelation).squareRoot()
      return mean + deviation * scale * level
    }

    /// A number of Student's t distribution with five degrees of freedom, over its deviation: a
    /// normal number over the root of a chi-square of five, which is the square of another normal
    /// number and twice an exponential number of shape 2.
    private mutating func studentOfFive() -> Double {
      // 1 - u lies in (0, 1], so logarithms are finite.
      let radius = (-2 * Elementary.log(1 - chance.nextUniform())).squareRoot()
      let angle = 2 * Double.pi * chance.nextUniform()
      let normal = radius * Elementary.cos(angle)
      let other = radius * Elementary.sin(angle)
      let exponential =
        -2 * Elementary.log((1 - chance.nextUniform()) * (1 - chance.nextUniform()))
      let chiSquare = max(exponential + other * other, .leastNormalMagnitude)
      return normal * (3 / chiSquare).squareRoot()
    }
  }
}
