import Mathematics
import Testing

@Suite("Scores of chances")
struct BrierScoreTests {
  @Test("the Brier score has its published value, and its parts those by hand")
  func brier() throws {
    let small = try #require(
      BrierScore(chances: [0.6, 0.7, 0.4, 0.55], came: [true, false, false, true]))
    #expect(abs(small.value - 0.253125) < 1e-12)
    // Two forecasts, each for ten rows: every part by hand.
    let chances = [Double](repeating: 0.8, count: 10) + [Double](repeating: 0.3, count: 10)
    let came = (0..<20).map { $0 < 6 || $0 >= 18 }
    let parts = try #require(BrierScore(chances: chances, came: came, bins: 2))
    #expect(abs(parts.reliability - (0.04 + 0.01) / 2) < 1e-12)
    #expect(abs(parts.resolution - 0.04) < 1e-12)
    #expect(abs(parts.uncertainty - 0.24) < 1e-12)
    #expect(abs(parts.withinBins) < 1e-12)
    #expect(BrierScore(chances: [], came: []) == nil)
  }

  @Test("bins hold equal chances together and every forecast once")
  func bins() {
    let chances = [0.5, 0.1, 0.5, 0.5, 0.9, 0.2, 0.5]
    let came = [true, false, false, true, true, true, false]
    let bins = ForecastBin.bins(of: chances, came: came, count: 3)
    #expect(bins.map(\.chances) == [0.1...0.5, 0.9...0.9])
    #expect(bins.map(\.came) == [Proportion(3, of: 6), Proportion(1, of: 1)])
    #expect(abs(bins[0].said - 2.3 / 6) < 1e-12)
    #expect(ForecastBin.bins(of: [], came: [], count: 3).isEmpty)
  }
}
