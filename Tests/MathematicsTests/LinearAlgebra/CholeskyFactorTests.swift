import Mathematics
import TestKit
import Testing

@Suite("CholeskyFactor")
struct CholeskyFactorTests {
  @Test("a solution satisfies its equations, and the inverse undoes the matrix")
  func solves() throws {
    let matrix = [4.0, 2, 0.6, 2, 3, 0.4, 0.6, 0.4, 2]
    let factor = try #require(CholeskyFactor(of: matrix, order: 3))
    let solution = factor.solve([1, -2, 3])
    let inverse = factor.inverse()
    for (row, expected) in [1.0, -2, 3].enumerated() {
      var sum = 0.0
      for k in 0..<3 { sum += matrix[row * 3 + k] * solution[k] }
      #expect(agree(sum, expected, relative: 1e-14))
      for column in 0..<3 {
        var product = 0.0
        for k in 0..<3 { product += matrix[row * 3 + k] * inverse[k * 3 + column] }
        #expect(agree(product, row == column ? 1 : 0, relative: 1e-14))
      }
    }
  }

  @Test(
    "a matrix that is not positive definite has no factor",
    arguments: [[1, 1, 1, 1], [1, 2, 2, 1], [0, 0, 0, 0], [-1, 0, 0, 1], [.nan, 0, 0, 1]])
  func refused(matrix: [Double]) {
    #expect(CholeskyFactor(of: matrix, order: 2) == nil)
  }
}
