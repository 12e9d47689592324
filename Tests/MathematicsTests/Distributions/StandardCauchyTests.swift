import Mathematics
import TestKit
import Testing

@Suite("StandardCauchy")
struct StandardCauchyTests {
  @Test(
    "quantiles are the tangents of their angles",
    arguments: [
      (0.5, 0), (0.75, 1), (0.25, -1), (0.9, 3.0776835371752531), (0.975, 12.706204736174698),
      (0.001, -318.30883898555044),
    ])
  func quantiles(probability: Double, value: Double) {
    #expect(agree(StandardCauchy.quantile(probability), value, relative: 1e-13))
  }

  @Test("the quantile undoes the cumulative probability")
  func inverse() {
    for x in [-1e9, -50, -1, -0.3, 0, 0.7, 1, 20] {
      #expect(agree(StandardCauchy.quantile(StandardCauchy.cumulative(x)), x, relative: 1e-12))
    }
  }

  @Test("the ends are infinite and the outside is missing")
  func ends() {
    #expect(StandardCauchy.quantile(0) == -.infinity)
    #expect(StandardCauchy.quantile(1) == .infinity)
    for p in [-0.1, 1.1, .nan] { #expect(StandardCauchy.quantile(p).isNaN) }
  }
}
