import Mathematics
import Testing

@Suite("Student's t as a mixture")
struct StudentMixtureTests {
  @Test(
    "the polynomial reproduces the mixing deviation",
    arguments: [(3.0, 2e-4), (4, 3e-5), (6, 3e-6), (30, 2e-6)])
  func deviation(degrees: Double, tolerance: Double) {
    let mixture = StudentMixture(degreesOfFreedom: degrees)
    let chiSquared = ChiSquaredDistribution(degreesOfFreedom: degrees)
    for y in stride(from: -6.5, through: 6.5, by: 0.5) {
      let quantile =
        y < 0
        ? chiSquared.quantile(StandardNormal.cumulative(y))
        : chiSquared.quantile(upperTail: StandardNormal.cumulative(-y))
      let exact = ((degrees - 2) / quantile).squareRoot()
      #expect((mixture.deviation(y) / exact - 1).magnitude < tolerance, "y \(y)")
    }
  }

  /// Integrates Φ(x / M(y)) over y, which must be the t distribution scaled to unit variance.
  @Test("the mixture's distribution is Student's, far into the tails")
  func distribution() {
    let degrees = 6.0
    let mixture = StudentMixture(degreesOfFreedom: degrees)
    let student = StudentDistribution(degreesOfFreedom: degrees)
    for x in [-12.0, -6, -3, -1, -0.2] {
      var sum = 0.0
      for y in stride(from: -6.7, through: 6.7, by: 0.01) {
        sum +=
          StandardNormal.density(y) * StandardNormal.cumulative(x / mixture.deviation(y)) * 0.01
      }
      let exact = student.cumulative(x / ((degrees - 2) / degrees).squareRoot())
      #expect((sum / exact - 1).magnitude < 1e-3, "x \(x)")
    }
  }

  @Test("the unit variance factor for six degrees of freedom is the square root of two thirds")
  func factor() {
    // At the median of y the deviation is that of the median of chi-squared.
    let mixture = StudentMixture(degreesOfFreedom: 6)
    var variance = 0.0
    for y in stride(from: -6.7, through: 6.7, by: 0.01) {
      let deviation = mixture.deviation(y)
      variance += StandardNormal.density(y) * deviation * deviation * 0.01
    }
    #expect((variance - 1).magnitude < 1e-5)
  }
}
