import Mathematics

/// Sums over the present values of one padded row, in a fixed order.
struct RowStatistics {
  private let row: UnsafePointer<Double>
  private let stride: Int
  let count: Int
  let mean: Double

  /// - Parameter row: `stride` values of which the padding is missing.
  init(row: UnsafePointer<Double>, stride: Int) {
    self.row = row
    self.stride = stride
    var sum = Lanes.zero
    var number = Lanes.zero
    var i = 0
    while i < stride {
      let x = row.lanes(at: i)
      sum += x.orZero(where: x.isPresent)
      number += Lanes.ones(where: x.isPresent)
      i += 8
    }
    count = Int(number.orderedSum)
    mean = count > 0 ? sum.orderedSum / Double(count) : .nan
  }

  /// The standard deviation, 0 where fewer than two values are present or all are equal.
  func deviation(sample: Bool) -> Double {
    guard count > 1 else { return 0 }
    let center = Lanes(repeating: mean)
    var squares = Lanes.zero
    var i = 0
    while i < stride {
      let x = row.lanes(at: i)
      let d = (x - center).orZero(where: x.isPresent)
      squares += d * d
      i += 8
    }
    let (low, high) = extremes
    guard high > low else { return 0 }
    return (squares.orderedSum / Double(sample ? count - 1 : count)).squareRoot()
  }

  var sumOfMagnitudes: Double {
    var sum = Lanes.zero
    var i = 0
    while i < stride {
      let x = row.lanes(at: i)
      let present = x.orZero(where: x.isPresent)
      sum += present.magnitudes
      i += 8
    }
    return sum.orderedSum
  }

  /// The smallest and the largest value; infinities the wrong way round where nothing is present.
  var extremes: (low: Double, high: Double) {
    var low = Lanes(repeating: .infinity)
    var high = Lanes(repeating: -.infinity)
    var i = 0
    while i < stride {
      let x = row.lanes(at: i)
      low.replace(with: x, where: x .< low)
      high.replace(with: x, where: x .> high)
      i += 8
    }
    return (low.min(), high.max())
  }
}
