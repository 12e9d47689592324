import Essentials
import Testing

@testable import Markets

@Suite("Bars of what is heard")
struct ListenedBarsTests {
  /// Tells instants in seconds; a price is a trade, none is a sign of life.
  private func bars(_ told: [(seconds: Int64, price: Double?)]) -> ([Bar], BarCounts) {
    var maker = ListenedBars(.minute)
    var bars: [Bar] = []
    for (seconds, price) in told {
      let instant = Timestamp(millisecondsSinceEpoch: seconds * 1000)
      if let bar = maker.pass(to: instant) { bars.append(bar) }
      maker.hear(at: instant)
      guard let price else { continue }
      maker.observe(Trade(instant: instant, price: price, units: 2, taker: .buy))
    }
    return (bars, maker.counts)
  }

  @Test("the first bar is that of the first minute which begins while somebody listens")
  func beginning() {
    let (bars, _) = bars([(30, 10), (59, 11), (61, 12), (119, 13), (120, 14)])
    #expect(bars.map(\.openTime.millisecondsSinceEpoch) == [60_000])
    #expect(bars[0].open == 12 && bars[0].close == 13 && bars[0].volume == 4)
  }

  @Test("a heard minute without trades has a bar at the last price, and an unheard one has none")
  func silence() {
    let (bars, counts) = bars([
      (30, 10), (61, nil), (121, 12), (185, nil),
      // Nobody listens from the fifth to the seventh minute.
      (450, nil), (481, nil), (545, 20), (601, nil),
    ])
    #expect(bars.map(\.openTime.millisecondsSinceEpoch) == [60_000, 120_000, 180_000, 540_000])
    #expect(bars.map(\.close) == [10, 12, 12, 20] && bars.map(\.volume) == [0, 2, 0, 2])
    #expect(bars[0].isClosed && bars[0].quoteVolume == 0 && counts.silent == 2)
  }

  @Test("a trade of a minute that is over changes no bar and is counted")
  func late() {
    var maker = ListenedBars(.minute)
    let instant = Timestamp(millisecondsSinceEpoch: 61_000)
    _ = maker.pass(to: instant)
    maker.hear(at: instant)
    maker.observe(
      Trade(
        instant: Timestamp(millisecondsSinceEpoch: 59_000), price: 1, units: 1, taker: .buy))
    #expect(maker.counts.late == 1 && maker.counts.accepted == 0)
    #expect(maker.isBegun(by: Timestamp(millisecondsSinceEpoch: 120_000)))
    #expect(!maker.isBegun(by: instant))
  }
}
