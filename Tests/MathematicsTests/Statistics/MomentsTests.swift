import Mathematics
import TestKit
import Testing

@Suite("Moments")
struct MomentsTests {
  @Test("a small sample by hand")
  func byHand() {
    let moments = Moments(of: [2, 4, 4, 4, 5, 5, 7, 9])
    #expect(moments.mean == 5)
    #expect(moments.populationVariance == 4)
    #expect(agree(moments.sampleVariance, 32.0 / 7))
    #expect(agree(moments.skewness, 42.0 / 8 / 8))
    #expect(agree(moments.kurtosis, 356.0 / 8 / 16))
    #expect(agree(moments.excessKurtosis, 356.0 / 8 / 16 - 3))
  }

  @Test("a large offset costs no digits")
  func offset() {
    let small = [0.5, 1.25, -0.75, 2.0]
    let moved = Moments(of: small.map { $0 + 1e12 })
    #expect(moved.sampleVariance == Moments(of: small).sampleVariance)
  }

  @Test("a constant sample varies by exactly nothing", arguments: [0.1, 1e-300, 1e17, -3.3])
  func constant(value: Double) {
    let moments = Moments(of: [Double](repeating: value, count: 37))
    #expect(moments.mean == value)
    #expect(moments.sampleVariance == 0)
    #expect(moments.skewness.isNaN)
    #expect(moments.kurtosis.isNaN)
  }

  @Test("what cannot be known is missing")
  func missing() {
    #expect(Moments(of: []).mean.isNaN)
    #expect(Moments(of: [3]).sampleVariance.isNaN)
    #expect(Moments(of: [3]).populationVariance == 0)
    #expect(Moments(of: [1, .nan, 2]).mean.isNaN)
  }
}
