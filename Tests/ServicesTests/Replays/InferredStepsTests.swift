import Essentials
import Markets
import Testing

@testable import Services

@Suite("Steps of recorded prices")
struct InferredStepsTests {
  private func series(_ prices: [Double], volumes: [Double]? = nil) -> BarSeries {
    var series = BarSeries(.minute)
    for (place, price) in prices.enumerated() {
      series.append(
        Bar(
          openTime: Timestamp(millisecondsSinceEpoch: Int64(place) * 60_000), open: price,
          high: price, low: price, close: price, volume: volumes?[place] ?? 1))
    }
    return series
  }

  @Test(
    "the tick is the greatest step of all prices",
    arguments: [
      ([102_955.8, 102_966.7, 102_901.3], "0.1"), ([100.5, 101.0, 102.5], "0.5"),
      ([2.3456, 2.3457, 2.3461], "0.0001"), ([0.00001234, 0.00001235], "0.00000001"),
      ([7, 14, 21], "7"), ([0.1 + 0.2, 0.4], "0.1"),
    ])
  func ticks(prices: [Double], tick: String) {
    #expect(InferredSteps.tick(of: series(prices))?.description == tick)
  }

  @Test(
    "the lot is the greatest step of all volumes, however large they are",
    arguments: [
      ([65.534, 100.683, 0], "0.001"), ([1e12, 3e12 + 1], "1"), ([0, 0, 0], nil),
      ([250, 1000, 50], "50"),
    ] as [([Double], String?)])
  func lots(volumes: [Double], lot: String?) {
    let series = series(volumes.map { _ in 5 }, volumes: volumes)
    #expect(InferredSteps.lot(of: series)?.description == lot)
  }

  @Test("without volumes a lot is a power of ten that is worth one coin at most")
  func worth() {
    #expect(InferredSteps.lot(worthUnitAt: 102_955)?.description == "0.000001")
    #expect(InferredSteps.lot(worthUnitAt: 0.2)?.description == "1")
  }
}
