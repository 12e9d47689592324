import Mathematics

// Statistics of a plain list of numbers, each from its definition. A list without numbers has no
// mean, extreme or quantile: they are NaN.

extension [Double] {
  /// The numbers that are not missing.
  var present: [Double] { filter { !$0.isNaN } }

  var total: Double { reduce(0, +) }

  var mean: Double { total / Double(count) }

  var lowest: Double { self.min() ?? .nan }

  var highest: Double { self.max() ?? .nan }

  /// Whether two of the numbers differ.
  var varies: Bool { contains { $0 != self[0] } }

  /// The mean of the deviations from the mean, raised to a power.
  func centralMoment(_ order: Int) -> Double {
    let center = mean
    return map { deviation in
      (0..<order).reduce(1) { power, _ in power * (deviation - center) }
    }.mean
  }

  /// The standard deviation of the population; exactly 0 where nothing varies.
  var deviation: Double { varies ? centralMoment(2).squareRoot() : (isEmpty ? .nan : 0) }

  /// The standard deviation of a sample.
  var sampleDeviation: Double {
    varies ? (centralMoment(2) * Double(count) / Double(count - 1)).squareRoot() : 0
  }

  var skewness: Double {
    varies ? centralMoment(3) / (deviation * deviation * deviation) : .nan
  }

  var excessKurtosis: Double {
    varies ? centralMoment(4) / (centralMoment(2) * centralMoment(2)) - 3 : .nan
  }

  /// Type 7 of Hyndman and Fan: linear interpolation at (n - 1) * share of the sorted numbers.
  func quantile(_ share: Double) -> Double {
    guard !isEmpty else { return .nan }
    let ordered = sorted()
    let position = Double(count - 1) * share
    let lower = Int(position.rounded(.down))
    let upper = Int(position.rounded(.up))
    return ordered[lower] + (position - Double(lower)) * (ordered[upper] - ordered[lower])
  }

  var median: Double { quantile(0.5) }

  /// (rank - 1) / (n - 1) of a number that is in the list, ties averaged; 1/2 where it is alone.
  func rank(of value: Double) -> Double {
    if count == 1 { return 0.5 }
    let below = filter { $0 < value }.count
    let equal = filter { $0 == value }.count
    return (Double(below) + Double(equal - 1) / 2) / Double(count - 1)
  }

  /// The rank carried to the quantile of a distribution; 0 where the number is alone.
  func quantileOfRank(of value: Double, driver: String) -> Double {
    if count == 1 { return 0 }
    let n = Double(count)
    let share = 1 / n + rank(of: value) * (1 - 2 / n)
    switch driver {
    case "uniform": return share - 0.5
    case "cauchy": return StandardCauchy.quantile(share)
    default: return StandardNormal.quantile(share)
    }
  }

  func innerProduct(_ other: [Double]) -> Double { zip(self, other).map(*).total }

  /// What remains of the list after the part that lies in the span of `columns` is removed.
  func residuals(on columns: [[Double]]) -> [Double] {
    removing(Self.orthogonal(columns))
  }

  /// Orthogonal lists of the same span, made one after the other. A column that depends on those
  /// before it, but for a ten-billionth of its length, adds none.
  static func orthogonal(_ columns: [[Double]]) -> [[Double]] {
    columns.reduce(into: []) { basis, column in
      let left = column.removing(basis)
      if left.innerProduct(left) > 1e-20 * column.innerProduct(column) { basis.append(left) }
    }
  }

  /// Removes orthogonal directions, twice, for the first time leaves traces of rounding.
  private func removing(_ directions: [[Double]]) -> [Double] {
    (directions + directions).reduce(self) { rest, direction in
      let share = rest.innerProduct(direction) / direction.innerProduct(direction)
      return zip(rest, direction).map { $0 - share * $1 }
    }
  }
}

/// The line of least squares y = intercept + slope * x.
struct PlainLine {
  let x: [Double]
  let y: [Double]
  let intercept: Double
  let slope: Double

  /// Nil where x does not vary.
  init?(x: [Double], y: [Double]) {
    guard x.varies else { return nil }
    self.x = x
    self.y = y
    let (mx, my) = (x.mean, y.mean)
    let dx = x.map { $0 - mx }
    let dy = y.map { $0 - my }
    slope = dx.innerProduct(dy) / dx.innerProduct(dx)
    intercept = my - slope * mx
  }

  /// The value of the line, by way of the means, where the intercept may be far away.
  func fitted(_ at: Double) -> Double { y.mean + slope * (at - x.mean) }

  var squaredTotal: Double { y.centralMoment(2) * Double(y.count) }

  /// What is less than a ten-trillionth of the total is rounding, and the fit perfect.
  var squaredErrors: Double {
    let errors = zip(x, y).map { ($1 - fitted($0)) * ($1 - fitted($0)) }.total
    return errors > 1e-13 * squaredTotal ? errors : 0
  }

  var meanSquaredError: Double { y.count > 2 ? squaredErrors / Double(y.count - 2) : .nan }

  var spreadOfX: Double { x.centralMoment(2) * Double(x.count) }
}
