import Essentials
import Markets
import Testing

@testable import Models

/// Bars and rows for tests of labels.
enum LabeledMarket {
  static func instant(_ minute: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: Int64(minute) * 60_000)
  }

  static func bar(_ minute: Int, close: Double) -> Bar {
    Bar(
      openTime: instant(minute), open: close, high: close, low: close, close: close, volume: 1)
  }

  static func vector(
    _ minute: Int, close: Double, values: [Double] = [0], symbol: String = "A"
  ) throws -> FeatureVector {
    try #require(
      FeatureVector(values, of: symbol, closing: bar(minute, close: close), span: .minute))
  }

  static func row(
    _ minute: Int, bars: Int = 1, move: Double, values: [Double] = [0], symbol: String = "A",
    regime: RegimeTag? = nil
  ) throws -> LabeledRow {
    let interval = try #require(LabelInterval(from: instant(minute), to: instant(minute + bars)))
    return LabeledRow(
      values: values, symbol: symbol, regime: regime, interval: interval, target: move,
      move: move, isUp: move == 0 ? nil : move > 0)
  }

  static func rows(_ rows: [LabeledRow]) -> LabeledRows {
    var labeled = LabeledRows(source: .move)
    labeled.rows = rows
    return labeled
  }
}
