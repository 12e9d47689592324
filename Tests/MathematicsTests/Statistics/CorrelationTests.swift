import Mathematics
import TestKit
import Testing

@Suite("Correlation, ranks and quantiles")
struct CorrelationTests {
  static func series(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in generator.nextUniform() - 0.5 }
  }

  @Test("a straight line correlates fully, whatever its slope and offset")
  func lines() {
    let x = Self.series(50, seed: 1)
    #expect(agree(Correlation.pearson(x, x.map { 3 * $0 + 7 }), 1, relative: 1e-14))
    #expect(agree(Correlation.pearson(x, x.map { -0.1 * $0 }), -1, relative: 1e-14))
  }

  @Test("the covariance agrees with its other formula")
  func covariance() {
    let x = Self.series(80, seed: 2)
    let y = Self.series(80, seed: 3)
    let products = zip(x, y).map { $0 * $1 }.reduce(0, +)
    let plain = (products - x.reduce(0, +) * y.reduce(0, +) / 80) / 79
    #expect(agree(Correlation.covariance(x, y), plain))
  }

  @Test("rank correlation sees only order")
  func monotone() {
    let x = Self.series(40, seed: 4)
    #expect(agree(Correlation.spearman(x, x.map { $0 * $0 * $0 }), 1, relative: 1e-14))
    #expect(agree(Correlation.spearman([1, 2, 3, 4], [1, 3, 2, 4]), 0.8))
  }

  @Test("constants and missing values have no correlation")
  func undefined() {
    #expect(Correlation.pearson([1, 1, 1], [1, 2, 3]).isNaN)
    #expect(Correlation.pearson([1, .nan, 1], [1, 2, 3]).isNaN)
    #expect(Correlation.spearman([1, .nan, 1], [1, 2, 3]).isNaN)
    #expect(Correlation.pearson([], []).isNaN)
    #expect(Correlation.covariance([1], [1]).isNaN)
  }

  @Test("equal values share the average of their ranks, and missing ones have none")
  func ranks() {
    #expect(Ranks.averaged([30, 10, 20, 10]) == [4, 1.5, 3, 1.5])
    let gappy = Ranks.averaged([5, .nan, 5, 1])
    #expect(gappy[0] == 2.5 && gappy[1].isNaN && gappy[2] == 2.5 && gappy[3] == 1)
    #expect(Ranks.averaged([]).isEmpty)
    #expect(Ranks.averaged([0.0, -0.0]) == [1.5, 1.5])
  }

  @Test(
    "quantiles interpolate between neighbors",
    arguments: [(0, 1), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1, 4)])
  func quantiles(p: Double, expected: Double) {
    #expect(agree(SortedSample([4, 1, 3, 2]).quantile(p), expected))
  }

  @Test("quantiles of nothing, outside and of the unknown are missing")
  func missingQuantiles() {
    #expect(SortedSample([]).quantile(0.5).isNaN)
    #expect(SortedSample([1, 2]).quantile(1.01).isNaN)
    #expect(SortedSample([1, .nan]).quantile(0.5).isNaN)
  }

  @Test("an alternating series is anticorrelated at odd lags")
  func alternating() {
    let values = (0..<100).map { $0.isMultiple(of: 2) ? 1.0 : -1.0 }
    let correlations = Autocorrelation.correlations(of: values, lags: 3)
    #expect(agree(correlations[0], -0.99) && agree(correlations[1], 0.98))
    #expect(Autocorrelation.correlations(of: [2, 2, 2], lags: 1)[0].isNaN)
    #expect(Autocorrelation.covariances(of: [1, 2], lags: 3)[3] == 0)
  }
}
