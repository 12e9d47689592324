import Mathematics
import TestKit
import Testing

@Suite("Ridge regression")
struct RidgeRegressionTests {
  private let x = [1.0, -2, 3, -1, 0.5, 2]
  private let y = [2.1, -3.9, 6.2, -2.1, 0.9, 4.2]

  @Test("one regressor is drawn to zero by its share of the penalty")
  func one() {
    let xx = zip(x, x).reduce(0) { $0 + $1.0 * $1.1 }
    let xy = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    for penalty in [0, 0.5, 3] {
      let fit = RidgeRegression(of: y, on: [x], penalty: penalty)
      #expect(agree(fit?.coefficients[0] ?? .nan, xy / xx / (1 + penalty)))
    }
    let plain = RidgeRegression(of: y, on: [x], penalty: 0)
    let squares = zip(x, y).reduce(0) {
      let rest = $1.1 - xy / xx * $1.0
      return $0 + rest * rest
    }
    #expect(agree(plain?.standardErrors[0] ?? .nan, (squares / 5 / xx).squareRoot()))
  }

  @Test("the unit of a regressor changes nothing but that of its coefficient")
  func units() {
    let z = [0.3, 1, -0.2, 0.4, -1, 0.7]
    let one = RidgeRegression(of: y, on: [x, z], penalty: 0.1)
    let other = RidgeRegression(of: y, on: [x, z.map { $0 * 1000 }], penalty: 0.1)
    #expect(agree(one?.coefficients[0] ?? .nan, other?.coefficients[0] ?? 0))
    #expect(agree(one?.coefficients[1] ?? .nan, (other?.coefficients[1] ?? 0) * 1000))
  }

  @Test("what has no unique fit has none, unless the penalty makes one")
  func dependent() {
    #expect(RidgeRegression(of: y, on: [x, x], penalty: 0) == nil)
    let fit = RidgeRegression(of: y, on: [x, x], penalty: 0.1)
    #expect(agree(fit?.coefficients[0] ?? .nan, fit?.coefficients[1] ?? 0))
    #expect(RidgeRegression(of: y, on: [[0, 0, 0, 0, 0, 0]], penalty: 1) == nil)
    #expect(RidgeRegression(of: [1, .nan], on: [[1, 2]], penalty: 1) == nil)
    #expect(RidgeRegression(of: [1], on: [[1]], penalty: 1) == nil)
  }
}
