import AlphaLanguage
import Essentials
import Foundation
import Markets
import Storage
import TestKit
import Testing

/// The 60 formulas of Kakushadze, "101 Formulaic Alphas" (2016), on which two other libraries agree,
/// written in FASTEXPR with the oracle's conventions: ranks as average-tie percentiles, sample
/// deviations, positions counted from the oldest row.
@Suite(
  "Alpha101 against two other libraries",
  .enabled(if: SharedMaterial.isPresent, Comment(rawValue: SharedMaterial.reason)))
struct Alpha101Tests {
  @Test("each of the 60 formulas agrees with the oracle to six digits in every cell")
  func agreesWithOracle() throws {
    let oracle = try Oracle()
    let panel = try oracle.panel()
    let checker = FormulaChecker(schema: panel.schema)
    let text = try String(
      contentsOf: checkoutFolder.appendingPathComponent(
        "Tests/SystemTests/Fixtures/alpha101-oracle.txt"), encoding: .utf8)
    var names: [String] = []
    var graphs: [FormulaGraph] = []
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      names.append(String(parts[0]))
      graphs.append(try checker.check(String(parts[1])).graph)
    }
    #expect(names.count == 60)
    let values = Evaluator.values(of: graphs, on: panel)
    for (name, series) in zip(names, values) {
      var wrong: [String] = []
      for (key, row) in oracle.expected {
        guard let expected = row[name] else { continue }
        let calculated = series[oracle.cell(key)]
        if !agree(calculated, expected, relative: 1e-6, absolute: 1e-9) {
          wrong.append("\(key.date) \(key.ticker): \(calculated) beside \(expected)")
        }
      }
      let examples = wrong.sorted().prefix(3).joined(separator: "; ")
      #expect(wrong.count == 0, "\(name), for example \(examples)")
    }
  }
}

/// The oracle's inputs and outputs as its description states them.
private struct Oracle {
  struct Key: Hashable {
    let date: CalendarDate
    let ticker: String
  }

  private(set) var expected: [Key: [String: Double]] = [:]
  private var tickers: [String] = []
  private var dates: [CalendarDate] = []
  private var bars: [Key: [Double]] = [:]

  init() throws {
    let values = try CSVReader(
      path: SharedMaterial.file("oracles/alpha101/alpha101_values_last12days.csv.gz").path)
    while try values.next() {
      let key = Key(date: try #require(CalendarDate(values.text(0))), ticker: values.text(1))
      var row: [String: Double] = [:]
      for column in 2..<values.header.count {
        switch values.text(column) {
        case "True": row[values.header[column]] = 1
        case "False": row[values.header[column]] = 0
        case "": row[values.header[column]] = .nan
        default: row[values.header[column]] = try values.decimal(column)
        }
      }
      expected[key] = row
    }
    tickers = Set(expected.keys.map(\.ticker)).sorted()
    let wanted = Set(tickers)
    let table = try CSVReader(path: SharedMaterial.file("sample/us_eq_daily/bars.csv.gz").path)
    var seen: Set<CalendarDate> = []
    while try table.next() {
      let date = try #require(CalendarDate(table.text(0)))
      seen.insert(date)
      guard wanted.contains(table.text(1)) else { continue }
      bars[Key(date: date, ticker: table.text(1))] = try (2...7).map { try table.decimal($0) }
    }
    dates = Array(seen.sorted().suffix(600))
  }

  func cell(_ key: Key) -> Int {
    let row = dates.firstIndex(of: key.date) ?? 0
    let column = tickers.firstIndex(of: key.ticker) ?? 0
    return row * tickers.count + column
  }

  func panel() throws -> Panel {
    func column(_ value: ([Double]) -> Double) throws -> [Double] {
      try dates.flatMap { date in
        try tickers.map { value(try #require(bars[Key(date: date, ticker: $0)])) }
      }
    }
    let close = try column { $0[3] * $0[5] }
    // The oracle takes the amount traded as the input and divides it by the volume again.
    let vwap = try column {
      let typical = ($0[1] * $0[5] + $0[2] * $0[5] + $0[3] * $0[5]) / 3
      return typical * $0[4] / ($0[4] + 1e-7)
    }
    let volume = try column { $0[4] }
    var returns = [Double](repeating: .nan, count: close.count)
    for cell in tickers.count..<close.count {
      returns[cell] = close[cell] / close[cell - tickers.count] - 1
    }
    let matrices: [(String, [Double])] = [
      ("open", try column { $0[0] * $0[5] }), ("high", try column { $0[1] * $0[5] }),
      ("low", try column { $0[2] * $0[5] }), ("close", close), ("vwap", vwap),
      ("volume", volume), ("returns", returns),
    ]
    let market = GroupColumn(
      labels: ["all"], columns: tickers.count, codes: [Int32](repeating: 0, count: tickers.count))
    return Panel(
      name: "oracle", fingerprint: Fingerprint(of: "alpha101 oracle"),
      axis: TimeAxis(tradingDays: dates), instruments: tickers.map { Instrument(symbol: $0) },
      fields: matrices.map { name, values in
        PanelField(
          description: FieldDescription(name: name, kind: .matrix),
          values: .matrix(
            MatrixColumn(rows: dates.count, columns: tickers.count, values: values)))
      } + [
        PanelField(
          description: FieldDescription(name: "market", kind: .group), values: .group(market))
      ])
  }
}
