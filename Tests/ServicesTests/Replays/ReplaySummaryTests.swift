import Backtesting
import Essentials
import Markets
import TestKit
import Testing

@testable import Services

@Suite("Summaries of replays")
struct ReplaySummaryTests {
  private static let start = Timestamp(millisecondsSinceEpoch: 1_746_835_200_000)

  private func summary(
    _ equity: [Double], every step: TimeSpan, exposure: [Double]? = nil
  ) -> ReplaySummary {
    let points = equity.enumerated().map { place, worth in
      EquityPoint(
        instant: Self.start + TimeSpan(milliseconds: step.milliseconds * Int64(place + 1)),
        equity: CoinAmount(worth) ?? .zero, wallet: .zero,
        exposure: CoinAmount(exposure?[place] ?? 0) ?? .zero)
    }
    return ReplaySummary(
      points, capital: CoinAmount(1000) ?? .zero, from: Self.start,
      to: points.last?.instant ?? Self.start)
  }

  @Test("the deepest fall is told with its beginning, its bottom and its recovery")
  func fall() throws {
    let figures = summary([1000, 1100, 1050, 990, 1100, 1090, 1101], every: .hours(1))
    let fall = try #require(figures.deepest)
    #expect(agree(fall.depth, 0.1) && agree(fall.amount, 110))
    #expect(fall.start == Self.start + .hours(2) && fall.trough == Self.start + .hours(4))
    #expect(fall.recovery == Self.start + .hours(5))
    #expect(summary([1000, 900, 950], every: .hours(1)).deepest?.recovery == nil)
    #expect(summary([1000, 1000, 1200], every: .hours(1)).deepest == nil)
  }

  @Test("a fall from the capital begins where trading did")
  func fromCapital() {
    #expect(summary([950, 960], every: .hours(1)).deepest?.start == Self.start)
  }

  @Test("ratios rest on hours below sixty days and on days above, and count what stands still")
  func pace() {
    let hours = summary([1010, 1010, 1020], every: .hours(2))
    #expect(hours.pace == .hourly && hours.returns.count == 6)
    #expect(agree(hours.returns.reduce(1) { $0 * (1 + $1) }, 1.02))
    #expect(hours.returns.count { $0 != 0 } == 2)
    let days = summary((0..<61).map { 1000 + Double($0) }, every: .days(1))
    #expect(days.pace == .daily && days.returns.count == 61)
    #expect(days.sharpe.map { $0 > 10 } == true)
  }

  @Test("nothing is said of a year below thirty days, and of ratios that do not exist")
  func missing() {
    let short = summary([1000, 1010], every: .days(1))
    #expect(short.annualReturn == nil && short.calmar == nil)
    let month = summary((0..<31).map { 1000 + Double($0) }, every: .days(1))
    #expect(month.annualReturn.map { agree($0, 0.4163, relative: 1e-3) } == true)
    let flat = summary([1000, 1000, 1000], every: .hours(1))
    #expect(flat.sharpe == nil && flat.sortino == nil && flat.totalReturn == 0)
    let none = summary([], every: .hours(1))
    #expect(none.equity == 1000 && none.timeInMarket == nil && none.returns.isEmpty)
  }

  @Test("exposure is over all instants, leverage over those at which something was held")
  func exposure() {
    let figures = summary(
      [1000, 1000, 1000, 1000], every: .hours(1), exposure: [0, 2000, 1000, 0])
    #expect(figures.timeInMarket == 0.5 && figures.mostExposure == 2)
    #expect(figures.meanExposure == 0.75 && figures.meanLeverage == 1.5)
  }
}
