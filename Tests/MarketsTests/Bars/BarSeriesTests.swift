import Essentials
import TestKit
import Testing

@testable import Markets

/// The closed five-minute bars of a file of the shared data behind the first `skipped` of them.
private func recordedBars(_ path: String, after skipped: Int, count: Int) throws -> BarSeries {
  var series = BarSeries(.fiveMinutes, capacity: count)
  for line in try packedLines(path, first: count, after: skipped + 1) {
    let row = line.split(separator: ",")
    series.append(
      Bar(
        openTime: Timestamp(millisecondsSinceEpoch: try #require(Int64(row[0]))),
        open: try #require(Double(row[1])), high: try #require(Double(row[2])),
        low: try #require(Double(row[3])), close: try #require(Double(row[4])),
        volume: try #require(Double(row[5]))))
  }
  return series
}

@Suite("Bar series")
struct BarSeriesTests {
  private static let file = "bench/crypto_perp_5m_binance/BTCUSDT_5m.csv.gz"

  /// The bars of the file before an instant, which begins with 2024-12-31 and has no gaps.
  private func bars(before milliseconds: Int64) -> Int {
    Int((milliseconds - 1_735_603_200_000) / 300_000)
  }

  @Test(
    "an outage shows as silent bars that are kept and counted",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func outage() throws {
    // 2025-01-29 01:00
    let series = try recordedBars(Self.file, after: bars(before: 1_738_112_400_000), count: 24)
    #expect(series.count == 24)
    #expect(series.counts.silent == series.volume.filter { $0 == 0 }.count)
    #expect(series.counts.silent > 0)
    #expect(series.counts.missing == 0)
  }

  @Test(
    "the bars of a crash are possible ones, however far they fall",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func crash() throws {
    // 2025-10-10 20:00
    let series = try recordedBars(Self.file, after: bars(before: 1_760_126_400_000), count: 36)
    #expect(series.count == 36)
    #expect(series.counts.impossible == 0 && series.counts.missing == 0)
    let fall = zip(series.low, series.open).map { $0 / $1 }.min() ?? 1
    #expect(fall < 0.97)
  }

  @Test("columns and bars are two views of the same numbers")
  func columns() {
    var series = BarSeries(.minute)
    let bar = Bar(
      openTime: Timestamp(millisecondsSinceEpoch: 60_000), open: 10, high: 12, low: 9, close: 11,
      volume: 3, quoteVolume: 33, trades: 4)
    #expect(series.isEmpty)
    let isNew = series.append(bar)
    let isNewAgain = series.append(bar)
    #expect(isNew && !isNewAgain)
    #expect(series[0] == bar)
    #expect(series.openTimes == [60_000] && series.quoteVolume == [33] && series.trades == [4])
    #expect(series.counts.duplicate == 1)
  }
}
