import Mathematics

/// The Gaussian log-likelihood of a GARCH(1,1) process with a constant mean, and its slopes.
///
/// The slopes follow from the recursion of the variances, differentiated term by term: G.
/// Fiorentini, G. Calzolari and L. Panattoni, "Analytic Derivatives and the Computation of GARCH
/// Estimates", Journal of Applied Econometrics 11 (1996).
package struct GARCHLikelihood: Sendable {
  /// What stands for the squared return and the variance of the step before the first.
  package enum Presample: Hashable, Sendable {
    /// The mean squared deviation of the returns from the mean that is tried, as Fiorentini,
    /// Calzolari and Panattoni have it.
    case meanSquare
    /// An average of the first squared deviations from the sample mean, each weighing 0.94 of the
    /// one before, over at most 75: what the program `arch` does.
    case backcast
  }

  /// Mean, ω, α and β of the units of the returns.
  package struct Point: Hashable, Sendable {
    package var mean: Double
    package var omega: Double
    package var alpha: Double
    package var beta: Double

    package init(mean: Double, omega: Double, alpha: Double, beta: Double) {
      self.mean = mean
      self.omega = omega
      self.alpha = alpha
      self.beta = beta
    }
  }

  private let returns: [Double]
  private let presample: Presample
  private let backcast: Double

  /// `about` is the center of the deviations that the backcast averages.
  package init(of returns: [Double], presample: Presample, about center: Double) {
    self.returns = returns
    self.presample = presample
    var sum = 0.0
    var weights = 0.0
    var weight = 1.0
    for value in returns.prefix(75) {
      sum += weight * (value - center) * (value - center)
      weights += weight
      weight *= 0.94
    }
    backcast = weights > 0 ? sum / weights : 0
  }

  /// Returns minus the log-likelihood at a point, its slopes along mean, ω, α and β, and the
  /// variance of the last step. Cost: one pass.
  package func negative(
    at point: Point
  ) -> (value: Double, gradient: SIMD4<Double>, lastVariance: Double) {
    let mu = point.mean
    let (omega, alpha, beta) = (point.omega, point.alpha, point.beta)
    var before = backcast
    var beforeByMean = 0.0
    if presample == .meanSquare {
      var squares = 0.0
      var deviations = 0.0
      for value in returns {
        squares += (value - mu) * (value - mu)
        deviations += value - mu
      }
      before = squares / Double(returns.count)
      beforeByMean = -2 * deviations / Double(returns.count)
    }
    // The step before the first: squared deviation and variance are the same.
    var square = before
    var variance = before
    var squareByMean = beforeByMean
    var slope = SIMD4(beforeByMean, 0, 0, 0)
    var (logs, ratios) = (0.0, 0.0)
    // The logarithm of a product is the sum of logarithms, and one of them for many steps is what a
    // pass costs least; the product is let go before it leaves what a double can hold.
    var product = 1.0
    var gradient = SIMD4<Double>(repeating: 0)
    returns.withUnsafeBufferPointer { returns in
      for index in 0..<returns.count {
        slope = SIMD4(alpha * squareByMean, 1, square, variance) + beta * slope
        variance = omega + alpha * square + beta * variance
        let deviation = returns[index] - mu
        square = deviation * deviation
        squareByMean = -2 * deviation
        let inverse = 1 / variance
        let ratio = square * inverse
        ratios += ratio
        product *= variance
        if product < 1e-100 || product > 1e100 {
          logs += Elementary.log(product)
          product = 1
        }
        gradient += (0.5 * (1 - ratio) * inverse) * slope
        gradient[0] -= deviation * inverse
      }
    }
    let count = Double(returns.count)
    let value = 0.5 * (count * Self.logTwoPi + logs + Elementary.log(product) + ratios)
    return (value, gradient, variance)
  }

  private static let logTwoPi = Elementary.log(2 * Double.pi)
}
