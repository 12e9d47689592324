/// How two equally long samples move together.
///
/// A NaN in either sample makes the result NaN: pairs are never dropped silently. Summation runs from
/// the first pair to the last.
package enum Correlation {
  /// Returns the unbiased covariance (division by the count less one); NaN below two pairs.
  package static func covariance(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "samples of \(x.count) and \(y.count) values")
    guard x.count > 1 else { return .nan }
    return deviationProducts(x, y).xy / Double(x.count - 1)
  }

  /// Returns the correlation of Pearson in [-1, 1]; NaN where a sample is constant or has fewer than
  /// two values.
  package static func pearson(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "samples of \(x.count) and \(y.count) values")
    let products = deviationProducts(x, y)
    guard products.xx > 0, products.yy > 0 else { return .nan }
    let raw = products.xy / (products.xx.squareRoot() * products.yy.squareRoot())
    return raw.isNaN ? .nan : min(1, max(-1, raw))
  }

  /// Returns the rank correlation of Spearman: Pearson's over ranks, ties sharing their average.
  package static func spearman(_ x: [Double], _ y: [Double]) -> Double {
    pearson(Ranks.averaged(x), Ranks.averaged(y))
  }

  private static func deviationProducts(
    _ x: [Double], _ y: [Double]
  ) -> (xx: Double, xy: Double, yy: Double) {
    let meanX = Moments(of: x).mean
    let meanY = Moments(of: y).mean
    var products = (xx: 0.0, xy: 0.0, yy: 0.0)
    for i in 0..<x.count {
      let dx = x[i] - meanX
      let dy = y[i] - meanY
      products.xx += dx * dx
      products.xy += dx * dy
      products.yy += dy * dy
    }
    return products
  }
}
