import Essentials
import TestKit
import Testing

@testable import Markets

private func bar(_ minute: Int64, _ price: Double = 10) -> Bar {
  Bar(
    openTime: Timestamp(millisecondsSinceEpoch: minute * 60_000), open: price, high: price + 1,
    low: price - 1, close: price, volume: 1, quoteVolume: price, trades: 2)
}

@Suite("Bar resampler")
struct BarResamplerTests {
  @Test("five bars make one, with the first open and the last close")
  func five() throws {
    var series = BarSeries(.minute)
    for minute in 0..<11 as Range<Int64> { series.append(bar(minute, 10 + Double(minute))) }
    let longer = try #require(series.resampled(to: .fiveMinutes))
    #expect(longer.count == 2)
    #expect(
      longer[1]
        == Bar(
          openTime: Timestamp(millisecondsSinceEpoch: 300_000), open: 15, high: 20, low: 14,
          close: 19, volume: 5, quoteVolume: 85, trades: 10))
    #expect(longer.place(notBefore: Timestamp(millisecondsSinceEpoch: 1)) == 1)
    #expect(series.resampled(to: try #require(BarSpan(.seconds(90)))) == nil)
  }

  @Test("a bar is published with its last part, or with what comes behind it")
  func gaps() throws {
    var resampler = try #require(BarResampler(from: .minute, to: .fiveMinutes))
    var published: [Bar] = []
    for minute in [3, 4, 5, 6, 8, 11, 12, 13, 14] as [Int64] {
      resampler.observe(bar(minute)) { published.append($0) }
    }
    // The stream begins in the middle of the first span; the second lacks two parts, the third one.
    #expect(published.map(\.openTime.millisecondsSinceEpoch) == [300_000, 600_000])
    #expect(published.map(\.volume) == [3, 4])
    #expect(resampler.counts.headless == 1)
    #expect(resampler.counts.incomplete == 2)
    #expect(resampler.counts.missing == 3)
    #expect(resampler.forming == nil)
  }

  @Test(
    "one-minute bars make the five-minute bars that the exchange published",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"),
    arguments: ["BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT", "XRPUSDT", "BCHUSDT"])
  func recorded(symbol: String) throws {
    #if DEBUG
      let count = 300
    #else
      let count = 50_000
    #endif
    let minutes = try series(
      packedTable("bench/crypto_perp_1m_binance/\(symbol)_1m.csv.gz", first: count), .minute)
    let longer = try #require(minutes.resampled(to: .fiveMinutes))
    // The five-minute file begins 35,898 bars before the other one.
    let wanted = try packedLines(
      "bench/crypto_perp_5m_binance/\(symbol)_5m.csv.gz", first: count / 5 + 20, after: 35_890
    ).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let published = try series(wanted, .fiveMinutes)
    var compared = 0
    for place in 0..<longer.count {
      let ours = longer[place]
      let other = published.place(notBefore: ours.openTime)
      guard other < published.count, published[other].openTime == ours.openTime else { continue }
      let theirs = published[other]
      compared += 1
      #expect(ours.open == theirs.open && ours.high == theirs.high)
      #expect(ours.low == theirs.low && ours.close == theirs.close)
      #expect(agree(ours.volume, theirs.volume))
    }
    #expect(compared > count / 6)
    #expect(minutes.counts.accepted == minutes.count)
  }

  private func series(_ rows: some Sequence<[Substring]>, _ span: BarSpan) throws -> BarSeries {
    var series = BarSeries(span)
    for row in rows {
      series.append(
        Bar(
          openTime: Timestamp(millisecondsSinceEpoch: try #require(Int64(row[0]))),
          open: try #require(Double(row[1])), high: try #require(Double(row[2])),
          low: try #require(Double(row[3])), close: try #require(Double(row[4])),
          volume: try #require(Double(row[5]))))
    }
    return series
  }
}
