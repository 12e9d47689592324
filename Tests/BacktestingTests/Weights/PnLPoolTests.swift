import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("PnL pool")
struct PnLPoolTests {
  static func entry(
    _ name: String, days: [Int32], seed: UInt64, mixedWith other: [Double] = [], share: Double = 0
  ) -> PnLPool.Entry {
    var generator = SplitMix64(seed: seed)
    let noise = days.map { _ in generator.nextUniform() - 0.5 }
    let pnl =
      other.isEmpty ? noise : zip(noise, other).map { (1 - share) * $0 + share * $1 }
    return PnLPool.Entry(
      name: name, stamps: days.map { Timestamp(startOf: CalendarDate(daysSinceEpoch: $0)) },
      pnl: pnl, sharpe: 1)
  }

  @Test("correlations run over common days and come in falling order")
  func commonDays() {
    let days = (0..<200).map { Int32(15_000 + $0) }
    let own = Self.entry("own", days: days, seed: 1)
    let twin = Self.entry("twin", days: days, seed: 2, mixedWith: own.pnl, share: 0.9)
    let evenDays = days.filter { $0 % 2 == 0 }
    let other = Self.entry("other", days: evenDays, seed: 3)
    let report = PnLPool([other, own, twin]).compare(own)
    #expect(report.records.map(\.name) == ["twin", "other"])
    func pearson(_ x: [Double], _ y: [Double]) -> Double {
      let n = Double(x.count)
      let mx = x.reduce(0, +) / n
      let my = y.reduce(0, +) / n
      let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
      let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
      let yy = y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
      return xy / (xx * yy).squareRoot()
    }
    let even = days.indices.filter { days[$0] % 2 == 0 }.map { own.pnl[$0] }
    #expect(agree(report.records[0].correlation, pearson(own.pnl, twin.pnl)))
    #expect(agree(report.records[1].correlation, pearson(even, other.pnl)))
    #expect(report.largest == report.records[0].correlation)
  }

  @Test("days more than four years before the last do not count")
  func window() {
    let days = (0..<2000).map { Int32(15_000 + $0) }
    let own = Self.entry("own", days: days, seed: 4)
    var past = own
    past.name = "past"
    // Equal in the years that count, opposite before: 15000 + 1999 less four years.
    let start = CalendarPeriod(years: 4).before(CalendarDate(daysSinceEpoch: 16_999))
    for i in days.indices where days[i] <= start.daysSinceEpoch { past.pnl[i] = -own.pnl[i] }
    let report = PnLPool([past]).compare(own)
    #expect(agree(report.largest ?? 0, 1))
  }

  @Test("too few common days and constant series are named, not called unlike")
  func incomparable() {
    let days = (0..<100).map { Int32(15_000 + $0) }
    let own = Self.entry("own", days: days, seed: 5)
    let short = Self.entry("short", days: Array(days.suffix(19)), seed: 6)
    var constant = Self.entry("constant", days: days, seed: 7)
    constant.pnl = days.map { _ in 2 }
    let report = PnLPool([short, constant]).compare(own)
    #expect(report.records.isEmpty)
    #expect(report.incomparable == ["short", "constant"])
    #expect(report.largest == nil)
  }

  @Test("a pool settles the check that is pending without one")
  func settlesCheck() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 60, columns: 9), seed: 90)
    var settings = SimulationSettings()
    settings.neutralization = .market
    settings.truncation = 0
    let alpha = SimulationBench.alpha(rows: 60, columns: 9, seed: 91)
    let first = try SimulationBench.run(panel, settings, alpha)
    #expect(first.checks.first { $0.name == .selfCorrelation }?.verdict == .pending)
    let alone = try SimulationBench.run(panel, settings, alpha, pool: PnLPool())
    #expect(alone.checks.first { $0.name == .selfCorrelation }?.verdict == .pass)
    var twin = first.poolEntry
    twin.sharpe = 50
    let refused = try SimulationBench.run(panel, settings, alpha, pool: PnLPool([twin]))
    let check = try #require(refused.checks.first { $0.name == .selfCorrelation })
    #expect(check.verdict == .fail)
    #expect(agree(check.value ?? 0, 1))
    #expect(check.note?.contains(twin.name) == true)
  }
}
