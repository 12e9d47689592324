import Mathematics
import Testing

@testable import Services

@Suite("Planted returns")
struct PlantedReturnsTests {
  private static func sample(
    _ nature: PlantedReturns.Nature, sharpe: Double, count: Int = 60_000
  ) -> [Double] {
    var walk = PlantedReturns(nature, annualSharpe: sharpe, periodsPerYear: 365)
      .walk(seed: 7, stream: 3)
    return (0..<count).map { _ in walk.next() }
  }

  @Test("mean and deviation are those that were planted", arguments: PlantedReturns.Nature.allCases)
  func moments(nature: PlantedReturns.Nature) {
    let moments = Moments(of: Self.sample(nature, sharpe: 2))
    let deviation = 0.15 / 365.0.squareRoot()
    #expect(abs(moments.sampleDeviation / deviation - 1) < 0.05)
    // Five standard errors of 60,000 days; memory makes them a little larger.
    let error = 365.0.squareRoot() / 60_000.0.squareRoot() * 5 * 1.2
    #expect(abs(moments.mean / moments.sampleDeviation * 365.0.squareRoot() - 2) < error)
  }

  @Test("tails are heavy, and only one nature has a memory")
  func memory() {
    let independent = Self.sample(.independent, sharpe: 0)
    let persistent = Self.sample(.persistent, sharpe: 0)
    #expect(Moments(of: independent).kurtosis > 5)
    func correlation(_ values: [Double]) -> Double {
      Autocorrelation.correlations(of: values, lags: 1)[0]
    }
    #expect(abs(correlation(independent)) < 0.02)
    #expect(abs(correlation(persistent) - 0.1) < 0.03)
    #expect(abs(correlation(independent.map { min($0 * $0, 4e-3) })) < 0.02)
    #expect(correlation(persistent.map { min($0 * $0, 4e-3) }) > 0.04)
  }

  @Test("a copy goes on with the same numbers, and streams differ")
  func copies() {
    let planted = PlantedReturns(annualSharpe: 1, periodsPerYear: 252)
    var walk = planted.walk(seed: 1, stream: 1)
    for _ in 0..<10 { _ = walk.next() }
    var copy = walk
    #expect((0..<20).map { _ in walk.next() } == (0..<20).map { _ in copy.next() })
    var first = planted.walk(seed: 1, stream: 1)
    var other = planted.walk(seed: 1, stream: 2)
    #expect(first.next() != other.next())
  }
}
