/// A straight line through points of which every one weighs less by a constant factor with each that
/// follows.
///
/// Sums are of deviations from the weighted means, so a large common offset costs no digits: the
/// updating formulas of D. West, "Updating Mean and Variance Estimates", Communications of the ACM 22
/// (1979), with weights that decay. Constant cost and memory.
package struct DiscountedRegression: Hashable, Sendable {
  /// Everything that points have changed.
  package struct Sums: Hashable, Sendable {
    package var count = 0
    /// Of the weights and of their squares.
    package var weight = 0.0
    package var squaredWeight = 0.0
    package var meanX = 0.0
    package var meanY = 0.0
    /// Weighted sums of products of deviations.
    package var xx = 0.0
    package var xy = 0.0
    package var yy = 0.0

    package init() {}
  }

  package var sums = Sums()
  private let discount: Double

  /// Begins without points.
  package init(halfLife: Double) {
    discount = 1 - DiscountedMean.gain(halfLife: halfLife)
  }

  /// Adds a point, both parts of which must be finite.
  package mutating func add(x: Double, y: Double) {
    let before = discount * sums.weight
    let after = before + 1
    let share = before / after
    let dx = x - sums.meanX
    let dy = y - sums.meanY
    sums.xx = discount * sums.xx + share * dx * dx
    sums.xy = discount * sums.xy + share * dx * dy
    sums.yy = discount * sums.yy + share * dy * dy
    sums.meanX += dx / after
    sums.meanY += dy / after
    sums.weight = after
    sums.squaredWeight = discount * discount * sums.squaredWeight + 1
    sums.count += 1
  }

  /// How many equally weighted points would say as much.
  package var effectiveCount: Double {
    sums.squaredWeight > 0 ? sums.weight * sums.weight / sums.squaredWeight : 0
  }

  /// The slope; nil where all x are equal or fewer than three points count.
  package var slope: Double? {
    effectiveCount > 2 && sums.xx > 0 ? sums.xy / sums.xx : nil
  }

  /// The value of the line where x is zero.
  package var intercept: Double? { slope.map { sums.meanY - $0 * sums.meanX } }

  /// The variance of y about the line.
  package var residualVariance: Double? {
    guard let slope else { return nil }
    let unexplained = max(0, sums.yy - slope * sums.xy) / sums.weight
    return unexplained * (effectiveCount / (effectiveCount - 2))
  }

  /// The standard error of the slope, for errors that are uncorrelated and equally large.
  package var slopeError: Double? {
    guard let variance = residualVariance else { return nil }
    return (variance * (sums.weight / effectiveCount) / sums.xx).squareRoot()
  }
}
