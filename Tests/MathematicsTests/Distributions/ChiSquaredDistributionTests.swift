import Mathematics
import Testing

@Suite("Chi-squared distribution")
struct ChiSquaredDistributionTests {
  @Test("two degrees of freedom are an exponential distribution")
  func exponential() {
    let distribution = ChiSquaredDistribution(degreesOfFreedom: 2)
    for x in [0.001, 0.5, 2, 10, 80] {
      #expect((distribution.cumulative(x) + Elementary.expMinusOne(-x / 2)).magnitude < 1e-14)
      #expect((distribution.upperTail(x) / Elementary.exp(-x / 2) - 1).magnitude < 1e-12)
    }
  }

  /// Tables of the upper 5 % and 1 % points.
  @Test("the percentage points of the tables come out")
  func tables() {
    for (degrees, five, one) in [
      (1.0, 3.841_458_821, 6.634_896_601), (6, 12.591_587_24, 16.811_893_83),
      (30, 43.772_971_83, 50.892_181_31),
    ] {
      let distribution = ChiSquaredDistribution(degreesOfFreedom: degrees)
      #expect((distribution.quantile(upperTail: 0.05) - five).magnitude < 1e-7)
      #expect((distribution.quantile(0.99) - one).magnitude < 1e-7)
    }
  }

  @Test("quantiles invert probabilities, down to very small ones")
  func inverse() {
    let distribution = ChiSquaredDistribution(degreesOfFreedom: 3)
    for p in [1e-12, 1e-4, 0.3, 0.9] {
      #expect((distribution.cumulative(distribution.quantile(p)) / p - 1).magnitude < 1e-9)
      #expect(
        (distribution.upperTail(distribution.quantile(upperTail: p)) / p - 1).magnitude < 1e-9)
    }
    #expect(distribution.quantile(0) == 0)
    #expect(distribution.quantile(1) == .infinity)
    #expect(distribution.quantile(1.5).isNaN)
    #expect(distribution.quantile(upperTail: -1).isNaN)
  }
}
