import Mathematics
import TestKit
import Testing

@Suite("LinearRegression")
struct LinearRegressionTests {
  @Test("an exact plane is recovered")
  func plane() throws {
    let x = CorrelationTests.series(30, seed: 5)
    let z = CorrelationTests.series(30, seed: 6)
    let y = zip(x, z).map { 2 - 3 * $0 + 0.5 * $1 }
    let fit = try #require(LinearRegression(of: y, on: [x, z]))
    for (calculated, expected) in zip(fit.coefficients, [2, -3, 0.5]) {
      #expect(agree(calculated, expected, relative: 1e-12))
    }
    #expect(agree(fit.rSquared, 1))
    #expect(fit.residuals.allSatisfy { $0.magnitude < 1e-13 })
  }

  @Test("residuals are orthogonal to what they were fitted on, and errors obey the textbook")
  func normalEquations() throws {
    let x = CorrelationTests.series(60, seed: 7).map { $0 + 100 }
    let y = zip(x, CorrelationTests.series(60, seed: 8)).map { 0.3 * $0 + $1 }
    let fit = try #require(LinearRegression(of: y, on: [x]))
    #expect(fit.residuals.reduce(0, +).magnitude < 1e-10)
    #expect(zip(fit.residuals, x).map { $0 * $1 }.reduce(0, +).magnitude < 1e-8)
    let moments = Moments(of: x)
    let variance = fit.residuals.map { $0 * $0 }.reduce(0, +) / 58
    let spread = moments.populationVariance * 60
    #expect(agree(fit.standardErrors[1], (variance / spread).squareRoot()))
    #expect(
      agree(
        fit.standardErrors[0],
        (variance * (1.0 / 60 + moments.mean * moments.mean / spread)).squareRoot()))
    #expect(agree(fit.tStatistics[1], fit.coefficients[1] / fit.standardErrors[1]))
  }

  @Test("without lags the consistent errors are White's")
  func white() throws {
    let x = CorrelationTests.series(50, seed: 9)
    let y = zip(x, CorrelationTests.series(50, seed: 10)).map { $0 + $1 * $0 }
    let fit = try #require(LinearRegression(of: y, on: [x]))
    let mean = Moments(of: x).mean
    let spread = Moments(of: x).populationVariance * 50
    let meat = zip(x, fit.residuals).map { ($0 - mean) * ($0 - mean) * $1 * $1 }.reduce(0, +)
    #expect(
      agree(fit.autocorrelationConsistentErrors(lags: 0)[1], meat.squareRoot() / spread))
  }

  @Test("what has no unique fit is refused")
  func refused() {
    let x = CorrelationTests.series(20, seed: 11)
    #expect(LinearRegression(of: x, on: [[Double](repeating: 1, count: 20)]) == nil)
    #expect(LinearRegression(of: x, on: [x, x.map { 2 * $0 + 1 }]) == nil)
    #expect(LinearRegression(of: [1, 2], on: [[1, 2]]) == nil)
    #expect(LinearRegression(of: [1, .nan, 2, 5], on: [[1, 2, 3, 5]]) == nil)
  }

  @Test("without regressors the intercept is the mean")
  func mean() throws {
    let fit = try #require(LinearRegression(of: [1, 2, 6], on: []))
    #expect(agree(fit.coefficients[0], 3) && fit.coefficients.count == 1)
    #expect(agree(fit.standardErrors[0], (7.0 / 3).squareRoot()))
  }
}
