/// A linear least-squares fit that takes its rows one at a time and keeps only the triangle.
///
/// Each row is rotated into the upper triangular factor by Givens rotations (Golub and Van Loan,
/// "Matrix Computations", section 5.2.5): orthogonal, so the squares of the data are never formed.
/// A column that depends on earlier ones gets the coefficient zero. Cost: unknowns squared a row.
struct LeastSquares {
  private let unknowns: Int
  private var triangle: [Double]
  private var target: [Double]
  private var rows = 0

  init(unknowns: Int) {
    self.unknowns = unknowns
    triangle = [Double](repeating: 0, count: unknowns * unknowns)
    target = [Double](repeating: 0, count: unknowns)
  }

  mutating func add(row: [Double], target value: Double) {
    rows += 1
    rotate(row, value, from: 0)
  }

  /// Rotates a row that is zero before column `first` into the triangle.
  private mutating func rotate(_ row: [Double], _ value: Double, from first: Int) {
    var row = row
    var value = value
    for i in first..<max(first, unknowns) where row[i] != 0 {
      let pivot = triangle[i * unknowns + i]
      let length = (pivot * pivot + row[i] * row[i]).squareRoot()
      let c = pivot / length
      let s = row[i] / length
      for j in i..<unknowns {
        let above = triangle[i * unknowns + j]
        triangle[i * unknowns + j] = c * above + s * row[j]
        row[j] = c * row[j] - s * above
      }
      let above = target[i]
      target[i] = c * above + s * value
      value = c * value - s * above
    }
  }

  /// Whether no column depends on the others.
  var hasFullRank: Bool { (0..<unknowns).allSatisfy(isIndependent) }

  /// Whether a column is more than rounding away from the span of the ones before it: its pivot is
  /// their distance, the norm of its column of the triangle the column's own length.
  private func isIndependent(_ column: Int) -> Bool {
    var square = 0.0
    for i in 0...column {
      let entry = triangle[i * unknowns + column]
      square += entry * entry
    }
    return Swift.abs(triangle[column * unknowns + column]) > 1e-10 * square.squareRoot()
  }

  /// Gives up a column that depends on others: what its row says of later columns is theirs.
  private mutating func drop(_ column: Int) {
    var row = [Double](repeating: 0, count: unknowns)
    for j in column..<unknowns {
      if j > column { row[j] = triangle[column * unknowns + j] }
      triangle[column * unknowns + j] = 0
    }
    let value = target[column]
    target[column] = 0
    rotate(row, value, from: column + 1)
  }

  /// Returns the coefficients, or nil where there are fewer rows than unknowns.
  func solve() -> [Double]? {
    guard rows >= unknowns else { return nil }
    var fit = self
    for column in 0..<unknowns where !fit.isIndependent(column) { fit.drop(column) }
    var solution = [Double](repeating: 0, count: unknowns)
    for i in stride(from: unknowns - 1, through: 0, by: -1) {
      let pivot = fit.triangle[i * unknowns + i]
      guard pivot != 0 else { continue }
      var rest = fit.target[i]
      for j in (i + 1)..<max(i + 1, unknowns) {
        rest -= fit.triangle[i * unknowns + j] * solution[j]
      }
      solution[i] = rest / pivot
    }
    return solution
  }
}
