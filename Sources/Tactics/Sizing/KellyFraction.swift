import Mathematics

/// The share of capital that makes it grow fastest (J. L. Kelly, "A New Interpretation of
/// Information Rate", 1956). An input that is not known gives 0: nothing is bet.
package enum KellyFraction {
  /// Returns the share for a bet that wins `payoff` times the stake with a probability and loses the
  /// stake otherwise.
  package static func single(winProbability p: Double, payoff b: Double) -> Double {
    guard (0...1).contains(p), b > 0, b.isFinite else { return 0 }
    return clip01((b * p - (1 - p)) / b)
  }

  /// Returns a share that mean losses of the worst outcomes take back: a tenth of the capital takes
  /// all of it.
  package static func tempered(_ share: Double, byShortfall shortfall: Double) -> Double {
    guard share.isFinite, shortfall.isFinite else { return 0 }
    return share * (1 - min(1, 10 * abs(shortfall)))
  }

  /// Returns the share for a drift and a volatility per year, at least 0 and without an upper bound.
  package static func continuous(annualDrift mu: Double, annualVolatility sigma: Double) -> Double {
    guard mu.isFinite, sigma > 0, sigma.isFinite else { return 0 }
    let share = mu / (sigma * sigma)
    return share.isFinite ? max(0, share) : 0
  }

  /// Returns the share, at most 1, for a net expectation with a deviation and a mean of the worst
  /// outcomes over the same hold, which take back all but a twentieth of it.
  package static func expected(
    netReturn: Double, deviation: Double, shortfall: Double
  ) -> Double {
    clip01(
      continuous(annualDrift: netReturn, annualVolatility: deviation)
        * left(afterShortfall: shortfall))
  }

  /// Returns the part of a share that a mean of the worst outcomes leaves, at least a twentieth; nothing
  /// where it is not known.
  static func left(afterShortfall shortfall: Double) -> Double {
    shortfall.isFinite ? max(0.05, 1 - 15 * abs(shortfall)) : 0
  }

  /// Returns the shares `fraction` (covariance + ridge I)^-1 drift of several assets, negative ones
  /// being short, scaled down together where their absolute sum exceeds `totalMax`.
  ///
  /// The covariance is given row by row and only its lower triangle is read. Where a value is not
  /// finite, or the matrix is not positive definite, all shares are 0. Cost: order³ / 3.
  package static func multivariate(
    drifts: [Double], covariance: [Double], fraction: Double, totalMax: Double,
    ridge: Double = 1e-6
  ) -> [Double] {
    let order = drifts.count
    precondition(covariance.count == order * order, "\(covariance.count) elements for \(order)")
    let nothing = [Double](repeating: 0, count: order)
    guard order > 0, fraction.isFinite, totalMax >= 0, drifts.allSatisfy(\.isFinite) else {
      return nothing
    }
    var matrix = covariance
    for index in 0..<order { matrix[index * order + index] += ridge }
    guard matrix.allSatisfy(\.isFinite), let factor = CholeskyFactor(of: matrix, order: order)
    else {
      return nothing
    }
    let shares = factor.solve(drifts).map { $0 * fraction }
    let total = shares.reduce(0) { $0 + abs($1) }
    guard total.isFinite else { return nothing }
    return total > totalMax ? shares.map { $0 * totalMax / total } : shares
  }
}
