import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Candles of a page")
struct CandleColumnsTests {
  /// Minute bars with every seventh missing.
  private static func bars(_ count: Int) -> BarSeries {
    var generator = SplitMix64(seed: 3)
    var series = BarSeries(.minute)
    var price = 100.0
    for minute in 0..<count {
      let open = price
      price *= 0.99 + 0.02 * generator.nextUniform()
      guard minute % 7 != 3 else { continue }
      series.append(
        Bar(
          openTime: start + .minutes(Int64(minute)), open: open, high: max(open, price) + 1,
          low: min(open, price) - 1, close: price, volume: 1))
    }
    return series
  }

  private static let start = Timestamp(startOf: CalendarDate("2025-10-01")!)

  @Test("candles are what the bars within each of them make", arguments: [1, 4, 5, 61, 700, 3001])
  func gathering(count: Int) {
    let bars = Self.bars(count)
    let end = Self.start + .minutes(Int64(count))
    let candles = CandleColumns(of: bars, from: Self.start, to: end, atMost: 100)
    #expect(candles.count <= 100 && candles.count > 0)
    #expect(zip(candles.instants, candles.instants.dropFirst()).allSatisfy { $0 < $1 })
    for place in 0..<candles.count {
      let first = candles.instants[place].millisecondsSinceEpoch
      let span = first..<(first + candles.length.milliseconds)
      let inside = (0..<bars.count).filter { span.contains(bars.openTimes[$0]) }
      #expect(candles.open[place] == bars.open[inside[0]])
      #expect(candles.close[place] == bars.close[inside[inside.count - 1]])
      #expect(candles.high[place] == inside.map { bars.high[$0] }.max())
      #expect(candles.low[place] == inside.map { bars.low[$0] }.min())
    }
  }

  @Test("only bars that begin within the period count")
  func period() {
    let bars = Self.bars(300)
    let candles = CandleColumns(
      of: bars, from: Self.start + .minutes(10), to: Self.start + .minutes(20))
    #expect(candles.instants.first == Self.start + .minutes(11))
    #expect(candles.instants.last == Self.start + .minutes(20))
    #expect(candles.length == .minutes(1))
    let none = CandleColumns(of: bars, from: Self.start + .days(9), to: Self.start)
    #expect(none.count == 0)
  }

  @Test("candles have the shortest round length that fits")
  func lengths() {
    let cases: [(reach: TimeSpan, bar: TimeSpan, length: TimeSpan)] = [
      (.zero, .minutes(1), .minutes(1)), (.minutes(1999), .minutes(1), .minutes(1)),
      (.minutes(2000), .minutes(1), .minutes(2)), (.days(30), .minutes(1), .minutes(30)),
      (.days(365), .minutes(1), .hours(6)), (.days(365), .hours(1), .hours(6)),
      (.days(30), .minutes(7), .minutes(28)), (.days(40_000), .days(1), .days(21)),
      (.seconds(5000), .seconds(1), .seconds(3)),
    ]
    for (reach, bar, length) in cases {
      let found = CandleColumns.length(fitting: reach, into: 2000, multipleOf: bar)
      #expect(found == length, "\(reach) of \(bar): \(found)")
      #expect(reach.milliseconds / found.milliseconds + 1 <= 2000)
    }
  }

  @Test("the script's numbers give back each candle to the tick")
  func script() throws {
    var content = ReplayPageTests.empty
    content.end = content.start + .days(2)
    let candles = CandleColumns(of: Self.bars(2880), from: content.start, to: content.end)
    content.markets = [.init("X", decimals: 2, candles: candles)]
    let scan = MarkupScanner(ReplayPage(content).html())
    let block = try #require(scan.blocks.first { $0.tag.attributes["type"] == "application/json" })
    let data = try JSONValue(parsing: block.text)
    func numbers(_ name: String) -> [Int] {
      guard case .array(let values)? = data[name] else { return [] }
      return values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    }
    #expect(data["length"] == .integer(Int(candles.length.milliseconds)))
    let length = candles.length.milliseconds
    var instants: [Timestamp] = []
    let runs = numbers("runs")
    for run in stride(from: 0, to: runs.count, by: 2) {
      for step in 0..<runs[run + 1] {
        instants.append(Timestamp(millisecondsSinceEpoch: Int64(runs[run] + step) * length))
      }
    }
    #expect(instants == candles.instants)
    let steps = numbers("steps")
    try #require(steps.count == 4 * candles.count)
    var before = 0
    for place in 0..<candles.count {
      let open = before + steps[4 * place]
      let close = open + steps[4 * place + 1]
      func ticks(_ price: Double) -> Int { Int((price * 100).rounded()) }
      #expect(open == ticks(candles.open[place]) && close == ticks(candles.close[place]))
      #expect(max(open, close) + steps[4 * place + 2] == ticks(candles.high[place]))
      #expect(min(open, close) - steps[4 * place + 3] == ticks(candles.low[place]))
      before = close
    }
  }
}
