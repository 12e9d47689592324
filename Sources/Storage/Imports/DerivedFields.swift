/// Figures that follow from bars, time-major like the matrices they come from.
///
/// None of them is ever infinite: a quotient by zero is a missing value.
enum DerivedFields {
  /// Returns `(high + low + close) / 3`, the usual stand-in for the volume-weighted price of a bar.
  static func typicalPrice(high: [Double], low: [Double], close: [Double]) -> [Double] {
    var result = [Double](repeating: .nan, count: close.count)
    for i in result.indices { result[i] = (high[i] + low[i] + close[i]) / 3 }
    return result
  }

  /// Returns each value times the multiplier of its cell.
  static func product(_ values: [Double], _ multipliers: [Double]) -> [Double] {
    var result = values
    for i in result.indices {
      let value = values[i] * multipliers[i]
      result[i] = value.isFinite ? value : .nan
    }
    return result
  }

  /// Returns each close over the last close before it, minus 1. A gap of missing closes is bridged;
  /// the first close of an instrument has no return.
  static func returns(close: [Double], columns: Int) -> [Double] {
    var result = [Double](repeating: .nan, count: close.count)
    var last = [Double](repeating: .nan, count: columns)
    var cell = 0
    while cell < close.count {
      for column in 0..<columns {
        let value = close[cell + column]
        guard !value.isNaN else { continue }
        let change = value / last[column] - 1
        result[cell + column] = change.isFinite ? change : .nan
        last[column] = value
      }
      cell += columns
    }
    return result
  }

  /// Returns the mean of the values in the last `window` rows, the row itself included; missing
  /// where fewer than half of them are there.
  static func rollingMean(_ values: [Double], columns: Int, window: Int) -> [Double] {
    var result = [Double](repeating: .nan, count: values.count)
    let rows = values.count / columns
    var sums = [Double](repeating: 0, count: columns)
    var counts = [Int](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        sums[column] = 0
        counts[column] = 0
      }
      // Every window is summed afresh, so an error of rounding does not live on.
      for earlier in max(0, row - window + 1)...row {
        let start = earlier * columns
        for column in 0..<columns {
          let value = values[start + column]
          guard !value.isNaN else { continue }
          sums[column] += value
          counts[column] += 1
        }
      }
      for column in 0..<columns where counts[column] * 2 >= window {
        result[row * columns + column] = sums[column] / Double(counts[column])
      }
    }
    return result
  }

  /// Returns the multipliers scaled so that each instrument's last one is 1: adjusted prices end at
  /// the price that was traded, and nothing that happened after the history shows in them. A missing
  /// multiplier of a bar takes that of the bar before.
  static func anchored(_ factors: [Double], close: [Double], columns: Int) -> [Double] {
    var result = factors
    let rows = factors.count / columns
    for column in 0..<columns {
      var last = Double.nan
      for row in 0..<rows {
        let cell = row * columns + column
        guard !close[cell].isNaN else {
          result[cell] = .nan
          continue
        }
        if result[cell].isNaN { result[cell] = last }
        last = result[cell]
      }
      for row in 0..<rows { result[row * columns + column] /= last }
    }
    return result
  }
}
