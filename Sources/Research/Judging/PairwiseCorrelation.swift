package import Backtesting

/// Pearson's correlation of two profit series over the rows in which both have a number.
///
/// A missing value is left out with its partner. Filling it with zero, as is often done, pulls the
/// correlation of alphas that trade on different days toward whatever their gaps share.
package enum PairwiseCorrelation {
  /// Fewer common rows say too little.
  package static let commonRowsMinimum = PnLPool.commonRowsMinimum

  /// Returns the correlation of series row by row; rows beyond the shorter are left out. Nil for
  /// fewer than `rowsMin` common rows, or where either series does not vary over them.
  package static func of(
    _ left: [Double], _ right: [Double], rowsMin: Int = commonRowsMinimum
  ) -> Double? {
    let count = min(left.count, right.count)
    return of(rowsMin: rowsMin) { take in
      for row in 0..<count { take(left[row], right[row]) }
    }
  }

  /// Returns the correlation over common stamps; nil as for plain series.
  package static func of(
    _ left: PnLPool.Entry, _ right: PnLPool.Entry, rowsMin: Int = commonRowsMinimum
  ) -> Double? {
    if left.stamps == right.stamps { return of(left.pnl, right.pnl, rowsMin: rowsMin) }
    return of(rowsMin: rowsMin) { take in
      var i = 0
      var j = 0
      while i < left.stamps.count, j < right.stamps.count {
        if left.stamps[i] == right.stamps[j] {
          take(left.pnl[i], right.pnl[j])
          i += 1
          j += 1
        } else if left.stamps[i] < right.stamps[j] {
          i += 1
        } else {
          j += 1
        }
      }
    }
  }

  /// Correlates the pairs that `visit` hands out in the same order on each of its two calls.
  private static func of(
    rowsMin: Int, visit: (_ take: (Double, Double) -> Void) -> Void
  ) -> Double? {
    var count = 0.0
    var (leftSum, rightSum) = (0.0, 0.0)
    visit { x, y in
      guard x.isFinite, y.isFinite else { return }
      count += 1
      leftSum += x
      rightSum += y
    }
    guard count >= Double(max(2, rowsMin)) else { return nil }
    let (leftMean, rightMean) = (leftSum / count, rightSum / count)
    var (product, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
    visit { x, y in
      guard x.isFinite, y.isFinite else { return }
      product += (x - leftMean) * (y - rightMean)
      leftSquares += (x - leftMean) * (x - leftMean)
      rightSquares += (y - rightMean) * (y - rightMean)
    }
    let correlation = product / (leftSquares.squareRoot() * rightSquares.squareRoot())
    return correlation.isFinite ? min(1, max(-1, correlation)) : nil
  }
}
