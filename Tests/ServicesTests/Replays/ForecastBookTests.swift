import Backtesting
import Essentials
import Markets
import Tactics
import TestKit
import Testing

@testable import Services

@Suite("Forecasts of trades and what came")
struct ForecastBookTests {
  private static let start = Timestamp(millisecondsSinceEpoch: Int64(RecordedFolder.start))

  /// Minutes of high, low and close about a first price of 100.
  private func material(_ bars: [(Double, Double, Double)]) throws -> ReplayMaterial {
    let folder = try RecordedFolder(minutes: 2, symbols: ["AUSDT"])
    var lines = ["ts,open,high,low,close,volume"]
    for (place, bar) in bars.enumerated() {
      lines.append(
        "\(RecordedFolder.start + 60_000 * place),\(bar.2),\(bar.0),\(bar.1),\(bar.2),1")
    }
    try folder.write("AUSDT_1m.csv", lines)
    var request = ReplayRequest(paths: [folder.path], configuration: TacticsConfiguration())
    request.warmUp = .zero
    return try ReplayMaterial(for: request)
  }

  private func decision(
    _ minute: Int64, _ side: PositionSide = .long, target: Double = 0.02, stop: Double = 0.02,
    horizon: Int64 = 3
  ) -> ReplayDecision {
    ReplayDecision(
      at: Self.start + .minutes(minute), of: ContractID(place: 0), .refused, word: "refused",
      side: side, reason: "x",
      forecast: TradeForecast(
        side: side, price: 100, horizon: .minutes(horizon), takeProfit: target, stopLoss: stop,
        cost: 0.001, profit: 0.5, target: 0.3, stop: 0.2))
  }

  private func came(
    _ decisions: [ReplayDecision], _ bars: [(Double, Double, Double)]
  ) throws -> [[Bool]] {
    let material = try material(bars)
    var book = ForecastBook(contracts: 1)
    for decision in decisions { book.take(decision) }
    return book.outcomes(on: material, through: material.to).map(\.came)
  }

  private static let flat = (100.0, 100.0, 100.0)

  @Test("profit, target and stop are what the bars of the horizon say, for both sides")
  func endings() throws {
    let up = [Self.flat, (103, 100, 101), Self.flat, Self.flat, Self.flat]
    #expect(try came([decision(0)], up) == [[true], [true], [false]])
    #expect(try came([decision(0, .short)], up) == [[false], [false], [true]])
    let down = [Self.flat, (100, 97, 99), Self.flat, Self.flat, Self.flat]
    #expect(try came([decision(0)], down) == [[false], [false], [true]])
    #expect(try came([decision(0, .short)], down) == [[true], [true], [false]])
  }

  @Test("the time that is over decides where nothing was touched, costs included")
  func timeOut() throws {
    let late = [Self.flat, Self.flat, (101, 100, 101), (105, 100, 105), Self.flat]
    #expect(try came([decision(0)], late) == [[true], [false], [false]])
    let little = [Self.flat, Self.flat, (100.05, 100, 100.05), Self.flat, Self.flat]
    #expect(try came([decision(0)], little) == [[false], [false], [false]])
  }

  @Test("where a bar holds both, the stop counts")
  func both() throws {
    let wild = [(103, 97, 100), Self.flat, Self.flat, Self.flat]
    #expect(try came([decision(0)], wild) == [[false], [false], [true]])
  }

  @Test("forecasts within the horizon of another do not count, nor those that are not over")
  func apart() throws {
    let bars = Array(repeating: Self.flat, count: 8)
    #expect(try came([0, 1, 2, 3, 4, 6].map { decision($0) }, bars)[0].count == 2)
    #expect(try came([decision(0, target: .infinity)], bars)[1].isEmpty)
  }
}
