import Mathematics

/// Fills missing members with the mean of the group's values of the last days, each value clipped
/// to a number of sample deviations around their mean first.
final class GroupBackfillKernel: MatrixKernel {
  private let input: RowBuffer
  private let group: GroupBuffer
  private let columns: Int
  private let window: Int
  private let deviations: Double

  init(
    output: RowBuffer, input: RowBuffer, group: GroupBuffer, columns: Int, window: Int,
    deviations: Double
  ) {
    self.input = input
    self.group = group
    self.columns = columns
    self.window = window
    self.deviations = deviations
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count {
      let x = UnsafePointer(input.block) + row * output.stride
      let target = output.block + row * output.stride
      let codes = group.codes(row)
      var fills = [Double?](repeating: nil, count: group.bound)
      for column in 0..<columns {
        let code = Int(codes[column])
        guard x[column].isNaN, code >= 0 else {
          target[column] = x[column]
          continue
        }
        let fill = fills[code] ?? clippedMean(x, codes, Int32(code))
        fills[code] = fill
        target[column] = fill.finiteOrMissing
      }
    }
  }

  /// The members of the class today, with their values of the last days.
  private func clippedMean(
    _ x: UnsafePointer<Double>, _ codes: UnsafePointer<Int32>, _ code: Int32
  ) -> Double {
    var values: [Double] = []
    for age in 0..<window {
      for column in 0..<columns where codes[column] == code {
        let value = x[column - age * output.stride]
        if !value.isNaN { values.append(value) }
      }
    }
    guard !values.isEmpty else { return .nan }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let width = values.count > 1 ? deviations * (squares / (n - 1)).squareRoot() : 0
    return values.reduce(0) { $0 + min(max($1, mean - width), mean + width) } / n
  }
}
