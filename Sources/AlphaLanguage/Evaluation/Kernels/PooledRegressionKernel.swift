import Mathematics

/// The residual of the first input regressed on the others over the instruments of today and of a
/// number of past days, with an intercept.
///
/// Solved by rotations without forming squares, whatever solver the formula names; a variable that
/// depends on the others gets no weight. Cost: (days + 1) times instruments times inputs squared.
final class PooledRegressionKernel: MatrixKernel {
  private let inputs: [RowBuffer]
  private let columns: Int
  private let days: Int
  private let lag: Int

  init(output: RowBuffer, inputs: [RowBuffer], columns: Int, days: Int, lag: Int) {
    self.inputs = inputs
    self.columns = columns
    self.days = days
    self.lag = lag
    super.init(output: output)
  }

  override func run(_ block: RowBlock) {
    for row in 0..<block.count { fill(row, output.block + row * output.stride) }
  }

  private func fill(_ row: Int, _ target: UnsafeMutablePointer<Double>) {
    var fit = LeastSquares(unknowns: inputs.count)
    for age in 0...days {
      for column in 0..<columns {
        let y = inputs[0].block[(row - age) * output.stride + column]
        guard y == y, let terms = explanation(row - age, column) else { continue }
        fit.add(row: terms, target: y)
      }
    }
    let coefficients = fit.solve()
    for column in 0..<columns {
      let y = inputs[0].block[row * output.stride + column]
      guard y == y, let coefficients, let terms = explanation(row, column) else {
        target[column] = .nan
        continue
      }
      var fitted = 0.0
      for (coefficient, term) in zip(coefficients, terms) { fitted += coefficient * term }
      target[column] = (y - fitted).finiteOrMissing
    }
  }

  /// The intercept and the explanatory values of a cell, nil where one is missing.
  private func explanation(_ row: Int, _ column: Int) -> [Double]? {
    var terms = [1.0]
    for input in inputs.dropFirst() {
      let value = input.block[(row - lag) * output.stride + column]
      if value.isNaN { return nil }
      terms.append(value)
    }
    return terms
  }
}
