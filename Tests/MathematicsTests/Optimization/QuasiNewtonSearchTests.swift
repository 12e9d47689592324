import Mathematics
import TestKit
import Testing

@Suite("Quasi-Newton search")
struct QuasiNewtonSearchTests {
  private typealias Height = QuasiNewtonSearch.Height

  @Test("the curved valley of Rosenbrock is walked to its end")
  func rosenbrock() {
    let search = QuasiNewtonSearch(from: [-1.2, 1]) { point in
      let (x, y) = (point[0], point[1])
      let bend = y - x * x
      return Height(
        value: (1 - x) * (1 - x) + 100 * bend * bend,
        gradient: [-2 * (1 - x) - 400 * x * bend, 200 * bend])
    }
    #expect(search.hasConverged && search.iterations < 100)
    #expect(agree(search.point[0], 1, absolute: 1e-6))
    #expect(agree(search.point[1], 1, absolute: 1e-6))
  }

  @Test("a bowl of very unequal sides has its minimum where it is", arguments: [1.0, 1e6])
  func bowl(ratio: Double) {
    let search = QuasiNewtonSearch(from: [5, -3, 2]) { point in
      let center = [1.0, 2, 3]
      let weights = [1, ratio, ratio.squareRoot()]
      var value = 0.0
      var gradient: [Double] = []
      for index in 0..<3 {
        let away = point[index] - center[index]
        value += weights[index] * away * away
        gradient.append(2 * weights[index] * away)
      }
      return Height(value: value, gradient: gradient)
    }
    #expect(search.hasConverged)
    for index in 0..<3 { #expect(agree(search.point[index], Double(index + 1), absolute: 1e-5)) }
  }

  @Test("points that are refused are walked around")
  func refused() {
    // −ln x + x has its minimum at one and is nothing at or below zero.
    let search = QuasiNewtonSearch(from: [8]) { point in
      Height(
        value: point[0] > 0 ? point[0] - Elementary.log(point[0]) : .nan,
        gradient: [1 - 1 / point[0]])
    }
    #expect(search.hasConverged && agree(search.point[0], 1, absolute: 1e-6))
  }

  @Test("what has no minimum, is cut short or begins nowhere does not converge")
  func endings() {
    let slope = QuasiNewtonSearch(from: [0], iterationsMax: 20) {
      Height(value: -$0[0], gradient: [-1])
    }
    #expect(!slope.hasConverged)
    let nowhere = QuasiNewtonSearch(from: [0]) { _ in Height(value: .nan, gradient: [0]) }
    #expect(nowhere.ending == .startNotFinite && !nowhere.hasConverged)
  }

  @Test("standard errors are those of a normal sample, in any units")
  func curvature() {
    // Minus the log-likelihood of n draws with mean m and deviation s, at its peak: errors s/√n and
    // s/√2n.
    let (n, m, s) = (50.0, 3.0, 1e-4)
    func gradient(_ point: [Double]) -> [Double] {
      let (mean, deviation) = (point[0], point[1])
      let cube = deviation * deviation * deviation
      return [
        n * (mean - m) / (deviation * deviation),
        n / deviation - n * (s * s + (m - mean) * (m - mean)) / cube,
      ]
    }
    let errors = LikelihoodCurvature.standardErrors(
      at: [m, s], scales: [s, s], gradient: gradient)
    #expect(agree(errors?[0] ?? .nan, s / n.squareRoot(), relative: 1e-3))
    #expect(agree(errors?[1] ?? .nan, s / (2 * n).squareRoot(), relative: 1e-6))
    #expect(
      LikelihoodCurvature.standardErrors(at: [1, 1], scales: [1, 1]) { point in
        [point[0] + point[1], point[0] + point[1]]
      } == nil)
  }
}
