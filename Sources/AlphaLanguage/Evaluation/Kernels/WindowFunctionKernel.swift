import Mathematics

/// Operators that need the whole trailing window of one instrument at a time.
///
/// For each cell the windows are gathered newest first into contiguous memory and handed to a plain
/// function: the general way, `window` times the number of inputs steps for each cell and whatever
/// the function does.
final class WindowFunctionKernel: MatrixKernel {
  typealias Function = (borrowing WindowView) -> Double

  private let inputs: [RowBuffer]
  private let window: Int
  private let function: Function
  private let zeroWhereEmpty: Int
  private let columns: Int
  private let gathered: LaneMemory

  /// - Parameters:
  ///   - window: the rows that the function sees.
  ///   - zeroWhereEmpty: the result is 0 where none of this many latest rows has all inputs; with
  ///     no rows it never is, and a window without any value gives a missing value.
  init(
    output: RowBuffer, inputs: [RowBuffer], window: Int, columns: Int, zeroWhereEmpty: Int,
    function: @escaping Function
  ) {
    self.inputs = inputs
    self.window = window
    self.columns = columns
    self.zeroWhereEmpty = zeroWhereEmpty
    self.function = function
    gathered = LaneMemory(count: 2 * inputs.count * window, filledWith: .nan)
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    let stride = output.stride
    let scratch = gathered.base + inputs.count * window
    for row in 0..<block.count {
      let target = output.block + row * stride
      for column in 0..<columns {
        var isEmpty = true
        for (index, input) in inputs.enumerated() {
          let source = input.block + row * stride + column
          let values = gathered.base + index * window
          for age in 0..<window {
            let value = source[-age * stride]
            values[age] = value
            if value == value { isEmpty = false }
          }
        }
        let view = WindowView(base: gathered.base, scratch: scratch, window: window)
        if zeroWhereEmpty > 0, !view.hasComplete(rows: zeroWhereEmpty, inputs: inputs.count) {
          target[column] = 0
        } else {
          target[column] = isEmpty ? .nan : function(view).finiteOrMissing
        }
      }
    }
  }
}

/// The trailing windows of one cell, newest value first, missing values as NaN.
struct WindowView: ~Copyable {
  fileprivate let base: UnsafeMutablePointer<Double>
  /// Memory for as many numbers as all windows together hold.
  let scratch: UnsafeMutablePointer<Double>
  let window: Int

  fileprivate init(
    base: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>, window: Int
  ) {
    self.base = base
    self.scratch = scratch
    self.window = window
  }

  /// The value of an input `age` rows ago.
  subscript(input: Int, age: Int) -> Double { base[input * window + age] }

  /// Today's value of the first input.
  var today: Double { base[0] }

  /// Copies the present values of the first input to `scratch`, newest first, and returns how many
  /// there are in the whole window or in its latest rows.
  func gatherPresent(rows: Int? = nil) -> Int {
    var count = 0
    for age in 0..<(rows ?? window) {
      let value = base[age]
      if value == value {
        scratch[count] = value
        count += 1
      }
    }
    return count
  }

  /// The number of rows in which all of the first `inputs` inputs are present.
  func countComplete(inputs: Int) -> Int {
    var count = 0
    for age in 0..<window where isComplete(age, inputs: inputs) { count += 1 }
    return count
  }

  /// Whether any of the latest `rows` has all of the first `inputs` inputs.
  func hasComplete(rows: Int, inputs: Int) -> Bool {
    for age in 0..<rows where isComplete(age, inputs: inputs) { return true }
    return false
  }

  func isComplete(_ age: Int, inputs: Int) -> Bool {
    for input in 0..<inputs where self[input, age].isNaN { return false }
    return true
  }
}
