import Essentials
import Foundation
import Markets
import TestKit
import Testing

@testable import Storage

@Suite("Histories of bars, funding and marks")
struct BarHistoryTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func file(_ name: String, _ lines: [String]) throws -> String {
    let path = scratch.url.appendingPathComponent(name).path
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func bar(_ minute: Int, _ rest: String = "100,101,99,100.5,3") -> String {
    "\(1_746_835_200_000 + 60_000 * minute),\(rest)"
  }

  private static let header = "ts,open,high,low,close,volume"

  @Test("good bars are kept as they are, a hole stays a hole, and the length is the usual distance")
  func whole() throws {
    let path = try file(
      "BTCUSDT_1m.csv", [Self.header] + [0, 1, 2, 5, 6].map { bar($0) })
    let history = try BarHistory(reading: path)
    #expect(history.series.span == .minute)
    #expect(history.series.count == 5 && history.rowCount == 5 && history.defects.isEmpty)
    #expect(history.series.counts.missing == 2)
    #expect(history.series[0].close == 100.5 && history.series[0].volume == 3)
    #expect(history.hasVolume && history.fingerprint.count == 64)
  }

  @Test(
    "a bad row is left out, counted and named with its line",
    arguments: [
      ("100,101,99,,3", "missing_price"), ("100,101,99,zero,3", "unparsable_number"),
      ("100,101,99,0,3", "impossible_bar"), ("100,101,99,-5,3", "impossible_bar"),
      ("100,99,98,100,3", "impossible_bar"), ("100,101,99,100,-3", "impossible_bar"),
      ("100,101,99,100,", "impossible_bar"), ("100,101", "ragged_row"),
    ])
  func badRow(row: String, reason: String) throws {
    let path = try file("X_1m.csv", [Self.header, bar(0), bar(1), bar(2, row), bar(3)])
    let history = try BarHistory(reading: path)
    #expect(history.series.count == 3)
    #expect(history.defects.map(\.key) == [reason])
    #expect(history.defects.first?.count == 1)
    #expect(history.defects.first?.first.contains(":4") == true, "\(history.defects)")
  }

  @Test("a bar that comes twice, too late, or between the others is left out")
  func order() throws {
    let between = "1746835290000,100,101,99,100.5,3"
    let path = try file(
      "X_1m.csv",
      [Self.header, bar(0), bar(1), between, bar(1), bar(2), bar(3), bar(0), bar(4)])
    let history = try BarHistory(reading: path)
    #expect(history.series.count == 5)
    #expect(
      Set(history.defects.map(\.key)) == ["duplicate_bar", "out_of_order", "misaligned_bar"]
        || Set(history.defects.map(\.key)) == ["out_of_order", "misaligned_bar"])
  }

  @Test("a table that is none of bars is refused as a whole")
  func refused() throws {
    let few = try file("X_1m.csv", [Self.header, bar(0)])
    #expect(throws: ImportFailure.tooFewRows(path: few, rows: 1)) { try BarHistory(reading: few) }
    let other = try file("Y_1m.csv", ["a,b", "1,2"])
    #expect(throws: ImportFailure.self) { try BarHistory(reading: other) }
  }

  @Test("without volumes they are zero, and it is said that nobody knows them")
  func silent() throws {
    let path = try file(
      "X_1m.csv", ["date,open,high,low,close", "2025-05-10,1,2,1,2", "2025-05-11,2,3,2,3"])
    let history = try BarHistory(reading: path)
    #expect(!history.hasVolume && history.series.volume.allSatisfy { $0 == 0 })
    #expect(history.series.span.length == .days(1))
  }

  @Test("rates are read exactly; those that cannot be are left out")
  func funding() throws {
    let path = try file(
      "X_funding.csv",
      [
        "ts,rate", "1746835200001,9.657e-05", "1746864000000,0.0001", "1746864000000,0.0001",
        "1746892800000,", "1746921600000,7", "1746950400000,-0.00375",
      ])
    let table = try FundingTable(reading: path)
    #expect(
      table.history.payments.map(\.rate.hundredMillionths) == [9657, 10_000, -375_000])
    #expect(table.defects.map(\.key) == ["out_of_order", "missing_rate", "impossible_rate"])
  }

  @Test("a bar of marks says its open when it begins, and the last one its close when it ends")
  func marks() throws {
    let path = try file(
      "X_mark8h.csv",
      ["ts,open,high,low,close", "1746835200000,100,110,90,105", "1746864000000,105,106,100,101"])
    let table = try MarkTable(reading: path)
    #expect(table.span.length == .hours(8))
    #expect(table.marks.map(\.mark.value) == [100, 105, 101])
    #expect(
      table.marks.map(\.instant.millisecondsSinceEpoch) == [
        1_746_835_200_000, 1_746_864_000_000, 1_746_892_800_000,
      ])
  }

  @Test("files and folders that somebody names are sorted by what they hold")
  func sorting() throws {
    let bars = try file("BTCUSDT_1m.csv", [Self.header, bar(0), bar(1)])
    let funding = try file("BTCUSDT_funding.csv", ["ts,rate"])
    let named = try SymbolFolder(paths: [bars, funding])
    let whole = try SymbolFolder(paths: [scratch.url.path])
    #expect(named == whole)
    #expect(named.bars.map(\.symbol) == ["BTCUSDT"] && named.funding.count == 1)
    #expect(throws: ImportFailure.self) { try SymbolFolder(paths: [bars + ".none"]) }
  }

  @Test(
    "the sample of perpetuals is whole",
    arguments: ["BTCUSDT", "ETHUSDT", "XRPUSDT"])
  func sample(symbol: String) throws {
    let folder = checkoutFolder.appendingPathComponent("Examples/Data/crypto-perps").path
    let history = try BarHistory(reading: "\(folder)/\(symbol)_1m.csv.gz")
    #expect(history.series.count == 20_160 && history.defects.isEmpty)
    #expect(history.series.counts.missing == 0 && history.series.span == .minute)
    #expect(
      try FundingTable(reading: "\(folder)/\(symbol)_funding.csv.gz").history.payments.count == 42)
    #expect(try MarkTable(reading: "\(folder)/\(symbol)_mark8h.csv.gz").marks.count == 43)
  }
}
