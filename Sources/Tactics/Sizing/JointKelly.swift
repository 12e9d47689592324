package import Markets
import Mathematics
import Models

/// The shares of the capital that make it grow fastest in several markets together, beside what is
/// held in others: Σ⁻¹ m, with m the drifts after costs and Σ the covariances of the sides that are
/// wanted (H. M. Markowitz; E. O. Thorp, "The Kelly Criterion in Blackjack, Sports Betting, and the
/// Stock Market", section 7).
///
/// 1. Correlations are those that ``JointReturns`` believes, which are drawn to a prior.
/// 2. What is held counts as it stands: each wanted share is what is best beside it.
/// 3. No side is turned and none is wanted below nothing: markets whose share would be negative are left
///    out, and the rest is asked again.
/// 4. No share exceeds what its market alone would deserve: that another position hedges it is no
///    reason to hold more of it, as correlations break when they are needed.
/// 5. The mean loss of the worst outcomes takes back a part of each share, and all together stay below
///    a bound.
package enum JointKelly {
  /// A side that is wanted.
  package struct Wish: Hashable, Sendable {
    package var side: PositionSide
    /// What the trade brings after costs over its hold, as a fraction of the notional.
    package var netReturn: Double
    package var holdSeconds: Double
    package var annualVolatility: Double
    /// The mean of the worst outcomes, below zero.
    package var shortfall: Double

    package init(
      side: PositionSide, netReturn: Double, holdSeconds: Double, annualVolatility: Double,
      shortfall: Double
    ) {
      self.side = side
      self.netReturn = netReturn
      self.holdSeconds = holdSeconds
      self.annualVolatility = annualVolatility
      self.shortfall = shortfall
    }
  }

  /// A position that is held.
  package struct Holding: Hashable, Sendable {
    /// Its value as a multiple of equity, below zero where it is short.
    package var exposure: Double
    package var annualVolatility: Double

    package init(exposure: Double, annualVolatility: Double) {
      self.exposure = exposure
      self.annualVolatility = annualVolatility
    }
  }

  /// Returns a share for each wish, at least 0, as multiples of equity.
  ///
  /// What is not known of a wish gives it nothing, and what is not known of a position gives nothing to
  /// all. Cost: the cube of the number of wishes for each that is left out.
  ///
  /// - Parameters:
  ///   - correlations: of the wishes and behind them the holdings, row by row, positive definite.
  ///   - totalMax: what all shares together may come to.
  package static func shares(
    of wishes: [Wish], beside holdings: [Holding], correlations: [Double], totalMax: Double
  ) -> [Double] {
    let order = wishes.count + holdings.count
    precondition(
      correlations.count == order * order, "\(correlations.count) correlations of \(order)")
    var shares = [Double](repeating: 0, count: wishes.count)
    guard totalMax > 0 else { return shares }
    let drifts = wishes.map { $0.netReturn * Annual.seconds / $0.holdSeconds }
    let besides = wishes.indices.map { place in
      holdings.indices.reduce(drifts[place]) { drift, other in
        let holding = holdings[other]
        return drift
          - wishes[place].side.direction * holding.exposure
          * correlations[place * order + wishes.count + other] * wishes[place].annualVolatility
          * holding.annualVolatility
      }
    }
    var wanted = wishes.indices.filter { besides[$0] > 0 && besides[$0].isFinite }
    while !wanted.isEmpty {
      let found = KellyFraction.multivariate(
        drifts: wanted.map { besides[$0] },
        covariance: wanted.flatMap { row in
          wanted.map { column in
            wishes[row].side.direction * wishes[column].side.direction
              * correlations[row * order + column] * wishes[row].annualVolatility
              * wishes[column].annualVolatility
          }
        }, fraction: 1, totalMax: .infinity)
      if found.allSatisfy({ $0 > 0 }) {
        for (place, share) in zip(wanted, found) { shares[place] = share }
        break
      }
      wanted = zip(wanted, found).filter { $0.1 > 0 }.map(\.0)
    }
    for place in wishes.indices {
      let alone = KellyFraction.continuous(
        annualDrift: drifts[place], annualVolatility: wishes[place].annualVolatility)
      shares[place] =
        min(shares[place], alone) * KellyFraction.left(afterShortfall: wishes[place].shortfall)
    }
    let total = shares.reduce(0, +)
    return total > totalMax ? shares.map { $0 * totalMax / total } : shares
  }
}
