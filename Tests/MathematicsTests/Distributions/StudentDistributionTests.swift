import Mathematics
import TestKit
import Testing

@Suite("StudentDistribution")
struct StudentDistributionTests {
  @Test("one degree of freedom is the Cauchy distribution")
  func oneIsCauchy() {
    let student = StudentDistribution(degreesOfFreedom: 1)
    for x in [-20.0, -1.0, 0.0, 0.4, 3.0] {
      #expect(agree(student.cumulative(x), StandardCauchy.cumulative(x), relative: 1e-12))
    }
    for p in [0.001, 0.2, 0.6, 0.975] {
      #expect(agree(student.quantile(p), StandardCauchy.quantile(p), relative: 1e-11))
    }
  }

  @Test("two degrees of freedom have a closed form")
  func twoIsClosed() {
    let student = StudentDistribution(degreesOfFreedom: 2)
    for t in [-8.0, -0.5, 0.0, 1.0, 4.0] {
      #expect(
        agree(student.cumulative(t), 0.5 + t / (2 * (2 + t * t).squareRoot()), relative: 1e-12))
    }
  }

  @Test("many degrees of freedom are almost normal")
  func manyIsNormal() {
    let student = StudentDistribution(degreesOfFreedom: 1e6)
    #expect(agree(student.quantile(0.975), 1.9599639845400545, relative: 3e-6))
  }

  @Test("tabulated percentage points at 10 degrees of freedom")
  func table() {
    let student = StudentDistribution(degreesOfFreedom: 10)
    #expect(agree(student.quantile(0.95), 1.8124611228116764, relative: 1e-12))
    #expect(agree(student.quantile(0.975), 2.2281388519862747, relative: 1e-12))
    #expect(agree(student.twoSidedTail(-2.2281388519862747), 0.05, relative: 1e-12))
  }

  @Test("ends and outside")
  func ends() {
    let student = StudentDistribution(degreesOfFreedom: 5)
    #expect(student.cumulative(.infinity) == 1)
    #expect(student.cumulative(-.infinity) == 0)
    #expect(student.cumulative(.nan).isNaN)
    #expect(student.quantile(0.5) == 0)
    #expect(student.quantile(0) == -.infinity)
    #expect(student.quantile(1.5).isNaN)
    #expect(IncompleteBeta.regularized(0.5, a: 0, b: 1).isNaN)
    #expect(IncompleteBeta.regularized(0, a: 2, b: 1) == 0)
  }
}
