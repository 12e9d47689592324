/// The lower triangular L with L Lᵀ = A of a small symmetric positive definite matrix A.
///
/// For systems of a handful of unknowns; cost order³ / 3.
package struct CholeskyFactor: Hashable, Sendable {
  /// The number of rows and of columns.
  package let order: Int
  /// The elements of L row by row, zeros above the diagonal.
  package let lower: [Double]

  /// The share of a diagonal element that must remain after elimination. With less, twelve of its
  /// sixteen digits have cancelled, and the column is taken for a combination of earlier ones.
  private static let smallestPivotShare = 1e-12

  /// Factors a matrix given row by row, of which only the lower triangle is read. Returns nil where
  /// it is not positive definite to working precision, or not finite.
  package init?(of matrix: [Double], order: Int) {
    precondition(matrix.count == order * order, "\(matrix.count) elements for order \(order)")
    var lower = [Double](repeating: 0, count: matrix.count)
    for row in 0..<order {
      for column in 0...row {
        var rest = matrix[row * order + column]
        for k in 0..<column { rest -= lower[row * order + k] * lower[column * order + k] }
        if row == column {
          let diagonal = matrix[row * order + row]
          guard diagonal > 0, diagonal.isFinite, rest > Self.smallestPivotShare * diagonal
          else { return nil }
          lower[row * order + row] = rest.squareRoot()
        } else {
          lower[row * order + column] = rest / lower[column * order + column]
        }
      }
    }
    self.order = order
    self.lower = lower
  }

  /// Returns the x with A x = b.
  package func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "a right side of \(b.count) elements for order \(order)")
    var x = b
    for row in 0..<order {
      for k in 0..<row { x[row] -= lower[row * order + k] * x[k] }
      x[row] /= lower[row * order + row]
    }
    for row in stride(from: order - 1, through: 0, by: -1) {
      for k in stride(from: row + 1, to: order, by: 1) { x[row] -= lower[k * order + row] * x[k] }
      x[row] /= lower[row * order + row]
    }
    return x
  }

  /// Returns the inverse of A, row by row.
  package func inverse() -> [Double] {
    var inverse = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      var unit = [Double](repeating: 0, count: order)
      unit[column] = 1
      let solution = solve(unit)
      for row in 0..<order { inverse[row * order + column] = solution[row] }
    }
    return inverse
  }
}
