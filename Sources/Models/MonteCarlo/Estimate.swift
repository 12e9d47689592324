import Mathematics

/// A quantity found by simulation, with what is known of its error.
package struct Estimate: Hashable, Sendable {
  /// The estimated value.
  package let value: Double
  /// The standard deviation of the estimate over repetitions with other chance; zero for a closed
  /// form, NaN where it cannot be told.
  package let standardError: Double
  /// The number of paths.
  package let count: Int
  /// How many independent paths without any reduction of variance would leave the same error;
  /// infinite where there is none.
  package let effectiveCount: Double

  /// Joins a value and its error.
  package init(value: Double, standardError: Double, count: Int, effectiveCount: Double) {
    self.value = value
    self.standardError = standardError
    self.count = count
    self.effectiveCount = effectiveCount
  }

  /// A value known without error.
  package init(exactly value: Double) {
    self.init(value: value, standardError: 0, count: 0, effectiveCount: .infinity)
  }

  /// Returns the value and the error times a factor and shifted.
  package func scaled(by factor: Double, plus addend: Double = 0) -> Estimate {
    Estimate(
      value: value * factor + addend, standardError: standardError * factor.magnitude,
      count: count, effectiveCount: effectiveCount)
  }

  /// An average over pairs of twins: `pairVariance` is the variance of a pair's mean, `variance`
  /// that of one path.
  init(mean: Double, pairVariance: Double, variance: Double, paths: Int) {
    let pairs = Double(paths / 2)
    self.init(
      value: mean, standardError: (max(0, pairVariance) / pairs).squareRoot(), count: paths,
      effectiveCount: pairVariance > 0 ? variance / pairVariance * pairs : .infinity)
  }

  /// A share of paths, from the number of paths and of pairs that belong to it.
  init(share hits: Int, pairs both: Int, paths: Int) {
    let share = Double(hits) / Double(paths)
    // The mean of the squares of a pair's mean: (a + b + 2ab) / 4.
    let square = Double(hits + 2 * both) / Double(2 * paths)
    self.init(
      mean: share, pairVariance: square - share * share, variance: share * (1 - share),
      paths: paths)
  }
}
