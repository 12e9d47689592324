import Mathematics
import TestKit
import Testing

@Suite("StandardNormal")
struct StandardNormalTests {
  /// Abramowitz and Stegun, table 26.1, and the customary percentage points to 17 digits.
  static let percentagePoints: [(probability: Double, value: Double)] = [
    (0.5, 0), (0.75, 0.67448975019608171), (0.9, 1.2815515655446004),
    (0.95, 1.6448536269514722), (0.975, 1.9599639845400545), (0.99, 2.3263478740408408),
    (0.995, 2.5758293035489004), (0.001, -3.0902323061678132), (1e-10, -6.3613409024040557),
    (1e-20, -9.2623400897984072), (1e-300, -37.047096299361199),
  ]

  @Test("quantiles agree with tables to the last digits", arguments: percentagePoints)
  func quantilesAgree(probability: Double, value: Double) {
    #expect(agree(StandardNormal.quantile(probability), value, relative: 4e-15))
  }

  @Test("the quantile undoes the cumulative probability over the whole lower tail")
  func quantileUndoesCumulative() {
    for step in 0...370 {
      let x = -Double(step) / 10
      // A relative error of one ulp in p moves x by p / density.
      #expect(
        agree(
          StandardNormal.quantile(StandardNormal.cumulative(x)), x, relative: 2e-15,
          absolute: 4e-16), "x = \(x)")
    }
  }

  @Test("quantiles are odd about one half")
  func quantilesAreOdd() {
    for step in 1..<512 {
      let p = Double(step) / 1024
      #expect(StandardNormal.quantile(p) == -StandardNormal.quantile(1 - p))
    }
  }

  @Test("the ends are infinite and the outside is missing")
  func ends() {
    #expect(StandardNormal.quantile(0) == -.infinity)
    #expect(StandardNormal.quantile(1) == .infinity)
    for p in [-0.1, 1.1, .nan] { #expect(StandardNormal.quantile(p).isNaN) }
    #expect(StandardNormal.cumulative(.nan).isNaN)
  }

  @Test("the density is the slope of the cumulative probability")
  func densityIsSlope() {
    for x in [-3.0, -1.0, 0.0, 0.5, 2.5] {
      let step = 1e-5
      let slope =
        (StandardNormal.cumulative(x + step) - StandardNormal.cumulative(x - step)) / (2 * step)
      #expect(agree(StandardNormal.density(x), slope, relative: 1e-8))
    }
  }
}
