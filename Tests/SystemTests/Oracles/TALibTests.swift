import AlphaLanguage
import Essentials
import Foundation
import Markets
import Storage
import TestKit
import Testing

/// Indicators of TA-Lib 0.8.1 written in FASTEXPR, against the library's own numbers on 252 bars.
///
/// Recursive averages begin differently there, so they are compared once their beginnings have
/// faded below the tolerance.
@Suite(
  "TA-Lib indicators as formulas",
  .enabled(if: SharedMaterial.isPresent, Comment(rawValue: SharedMaterial.reason)))
struct TALibTests {
  private static let gains = "max(ts_delta(close, 1), 0)"
  private static let losses = "max(-ts_delta(close, 1), 0)"
  private static let trueRange = """
    max(high - low, abs(high - ts_delay(close, 1)), abs(low - ts_delay(close, 1)))
    """
  private static let fastK =
    "100 * (close - ts_min(low, 5)) / (ts_max(high, 5) - ts_min(low, 5))"
  private static let moneyFlow = "((close - low) - (high - close)) / (high - low) * volume"

  /// Wilder's average: each row adds a 14th of itself.
  private static func wilder(_ x: String) -> String {
    "filter(\(x), h=\"\(1.0 / 14)\", t=\"\(13.0 / 14)\")"
  }

  private static func exponential(_ x: String, _ period: Double) -> String {
    "filter(\(x), h=\"\(2 / (period + 1))\", t=\"\((period - 1) / (period + 1))\")"
  }

  private static let macd = "\(exponential("close", 12)) - \(exponential("close", 26))"

  /// The column, the formula, and how many rows at the end are compared.
  static let cases: [(column: String, formula: String, rows: Int)] = [
    ("SMA_30", "ts_mean(close, 30)", 223),
    ("EMA_10", exponential("close", 10), 80),
    ("WMA_30", "ts_decay_linear(close, 30)", 223),
    ("TRIMA_9", "ts_mean(ts_mean(close, 5), 5)", 244),
    (
      "DEMA_14",
      "e = \(exponential("close", 14)); 2 * e - \(exponential("e", 14))", 50
    ),
    (
      "RSI_14",
      "up = \(wilder(gains)); down = \(wilder(losses)); 100 * up / (up + down)", 10
    ),
    (
      "CMO_14",
      "up = \(wilder(gains)); down = \(wilder(losses)); 100 * (up - down) / (up + down)", 10
    ),
    ("MACD_12_26_9.0", macd, 5),
    ("BBANDS_20_2.0", "ts_mean(close, 20) + 2 * ts_std_dev(close, 20)", 233),
    ("BBANDS_20_2.1", "ts_mean(close, 20)", 233),
    ("BBANDS_20_2.2", "ts_mean(close, 20) - 2 * ts_std_dev(close, 20)", 233),
    ("STOCH_5_3_3.0", "ts_mean(\(fastK), 3)", 244),
    ("STOCH_5_3_3.1", "ts_mean(ts_mean(\(fastK), 3), 3)", 244),
    ("ATR_14", wilder(trueRange), 10),
    ("NATR_14", "\(wilder(trueRange)) / close * 100", 10),
    ("TRANGE", trueRange, 251),
    ("WILLR_14", "-100 * (ts_max(high, 14) - close) / (ts_max(high, 14) - ts_min(low, 14))", 239),
    ("ROC_14", "100 * ts_returns(close, 14)", 238),
    ("MOM_14", "ts_delta(close, 14)", 238),
    ("STDDEV_5", "ts_std_dev(close, 5)", 248),
    ("LINREG_14", "ts_regression(close, ts_step(1), 14, rettype=3)", 239),
    ("LINREG_SLOPE_14", "ts_regression(close, ts_step(1), 14, rettype=2)", 239),
    ("CORREL_20_HL", "ts_corr(high, low, 20)", 233),
    ("MIDPOINT_14", "(ts_max(close, 14) + ts_min(close, 14)) / 2", 239),
    ("DONCHIAN_20_MAX", "ts_max(high, 20)", 233),
    ("DONCHIAN_20_MIN", "ts_min(low, 20)", 233),
    (
      "OBV",
      "filter(ts_step(1) == 1 ? volume : sign(ts_delta(close, 1)) * volume, h=\"1\", t=\"1\")", 252
    ),
    ("AD", "filter(\(moneyFlow), h=\"1\", t=\"1\")", 252),
    (
      "ADOSC_3_10",
      """
      ad = filter(\(moneyFlow), h="1", t="1"); \
      \(exponential("ad", 3)) - \(exponential("ad", 10))
      """, 100
    ),
    (
      "MFI_14",
      """
      typical = (high + low + close) / 3; flow = typical * volume; rise = ts_delta(typical, 1); \
      up = ts_sum(rise > 0 ? flow : 0, 14); down = ts_sum(rise < 0 ? flow : 0, 14); \
      100 * up / (up + down)
      """, 238
    ),
  ]

  @Test("an indicator has the library's value in every compared row", arguments: cases.indices)
  func agreesWithLibrary(_ index: Int) throws {
    let (column, formula, rows) = Self.cases[index]
    let table = try Self.readTable()
    let panel = Self.panel(table)
    let graph = try FormulaChecker(schema: panel.schema).check(formula).graph
    let values = Evaluator.values(of: [graph], on: panel)[0]
    let expected = try #require(table[column])
    for row in (expected.count - rows)..<expected.count {
      #expect(
        agree(values[row], expected[row], relative: 1e-6, absolute: 1e-7),
        "\(column) row \(row): \(values[row]) beside \(expected[row])")
    }
  }

  private static func readTable() throws -> [String: [Double]] {
    let reader = try CSVReader(
      path: SharedMaterial.file("oracles/talib/talib_252bars_reference.csv").path)
    var table: [String: [Double]] = [:]
    while try reader.next() {
      for (index, name) in reader.header.enumerated() {
        let isMissing = reader.bytes(index).isEmpty
        table[name, default: []].append(isMissing ? .nan : try reader.decimal(index))
      }
    }
    return table
  }

  private static func panel(_ table: [String: [Double]]) -> Panel {
    let names = ["open", "high", "low", "close", "volume"]
    let rows = table["close"]?.count ?? 0
    return Panel(
      name: "talib", fingerprint: Fingerprint(of: "252 bars of TA-Lib"),
      axis: TimeAxis(
        tradingDays: (0..<rows).map { CalendarDate(daysSinceEpoch: Int32($0)) }),
      instruments: [Instrument(symbol: "X")],
      fields: names.map { name in
        PanelField(
          description: FieldDescription(name: name, kind: .matrix),
          values: .matrix(MatrixColumn(rows: rows, columns: 1, values: table[name] ?? [])))
      })
  }
}
