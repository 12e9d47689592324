import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor data")
struct DataCommandTests {
  /// A store of its own, so that tests do not see each other's panels.
  private struct Desk {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    func file(_ name: String, _ text: String) throws -> String {
      let url = folder.url.appendingPathComponent(name)
      try text.write(to: url, atomically: true, encoding: .utf8)
      return url.path
    }

    func serve(_ arguments: String...) -> (code: Int32, rehearsal: Rehearsal) {
      let rehearsal = Rehearsal(environment: ["ATHANOR_HOME": folder.url.path])
      let door = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      return (door.serve(arguments), rehearsal)
    }

    var panels: [String] {
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: folder.url.appendingPathComponent("panels").path)
      return (names ?? []).filter { name in
        FileManager.default.fileExists(
          atPath: folder.url.appendingPathComponent("panels/\(name)/manifest.json").path)
      }
    }
  }

  @Test("a table of bars becomes a panel that is listed, checked and simulated")
  func wholeWay() throws {
    let desk = try Desk()
    let table = try desk.file("bars.csv", TinyMarket.bars(rows: 80))
    let imported = desk.serve("data", "import", "mine", "--table", table)
    #expect(imported.code == 0, "\(imported.rehearsal.errors)")
    #expect(imported.rehearsal.output.contains("instruments  6"))
    let list = desk.serve("data", "list")
    #expect(list.rehearsal.output.contains("mine"))
    let check = desk.serve("data", "check", "mine", "--json")
    #expect(check.code == 0, "\(check.rehearsal.errors)")
    #expect(try check.rehearsal.object()["bars"] as? Int == 480)
    #expect(desk.serve("simulate", "-returns", "-p", "mine").code == 0)
  }

  @Test(
    "a table that cannot be trusted is refused, and nothing is stored",
    arguments: [
      ("date,symbol,price\n2020-01-01,A,1\n", "wrong_header"),
      ("", "no_header"),
      ("date,symbol,open,high,low,close,volume\n", "too_few_rows"),
      ("date,symbol,open,high,low,close,volume\n2020-01-01,A,1,2,0.5,x,1\n", "unparsable_number"),
      (
        "date,symbol,open,high,low,close,volume\n2020-01-02,A,1,2,0.5,1,1\n"
          + "2020-01-01,A,1,2,0.5,1,1\n", "date_out_of_order"
      ),
      (
        "date,symbol,open,high,low,close,volume\n2020-01-01,A,1,2,0.5,1,1\n"
          + "2020-01-01,A,1,2,0.5,1,1\n", "duplicate_bar"
      ),
      (
        "date,symbol,open,high,low,close,volume\n2020-01-01,A,1,0.5,2,1,1\n"
          + "2020-01-02,A,1,2,0.5,1,1\n", "impossible_bar"
      ),
      (
        "date,symbol,open,high,low,close,volume\n2020-01-01,A,,,,,1\n2020-01-02,A,,,,,1\n", nil
      ),
    ])
  func refusedTables(text: String, error: String?) throws {
    let desk = try Desk()
    let table = try desk.file("bars.csv", text)
    let run = desk.serve("data", "import", "mine", "--table", table, "--json")
    #expect(run.code == 4)
    let found = try run.rehearsal.complaint()["error"] as? String
    if let error { #expect(found == error, "\(run.rehearsal.errors)") }
    #expect(desk.panels == [])
  }

  @Test("what may be mended is mended where it is asked for, and listed as a defect")
  func mended() throws {
    let desk = try Desk()
    let table = try desk.file(
      "bars.csv",
      """
      date,symbol,open,high,low,close,volume
      2020-01-02,A,1,2,0.5,1,1
      2020-01-01,A,1,2,0.5,1,1
      2020-01-01,A,1,2,0.5,1.5,1
      2020-01-03,A,1,2,0.5,1,1
      """)
    let run = desk.serve(
      "data", "import", "mine", "--table", table, "--order", "sort", "--duplicates", "keep-last",
      "--json")
    #expect(run.code == 0, "\(run.rehearsal.errors)")
    let defects = try #require(try run.rehearsal.object()["defects"] as? [Any])
    #expect(!defects.isEmpty)
  }

  @Test("a source that is not there, two sources, no source and a taken name are refused")
  func sources() throws {
    let desk = try Desk()
    let table = try desk.file("bars.csv", TinyMarket.bars(rows: 30))
    func error(_ run: (code: Int32, rehearsal: Rehearsal)) throws -> String? {
      #expect(run.code == 4)
      return try run.rehearsal.complaint()["error"] as? String
    }
    #expect(try error(desk.serve("data", "import", "mine", "--json")) == "no_source")
    #expect(
      try error(
        desk.serve("data", "import", "mine", "--table", table, "--folder", "/", "--json"))
        == "two_sources")
    #expect(
      try error(desk.serve("data", "import", "mine", "--table", "/nowhere.csv", "--json"))
        == "unreadable_file")
    #expect(
      try error(desk.serve("data", "import", "us-equities", "--bundled", "--json"))
        == "no_examples")
    #expect(desk.serve("data", "import", "mine", "--table", table).code == 0)
    #expect(
      try error(desk.serve("data", "import", "mine", "--table", table, "--json"))
        == "panel_exists")
    #expect(desk.serve("data", "import", "mine", "--table", table, "--replace").code == 0)
  }

  @Test("a changed byte of a panel is found")
  func damage() throws {
    let desk = try Desk()
    let table = try desk.file("bars.csv", TinyMarket.bars(rows: 30))
    #expect(desk.serve("data", "import", "mine", "--table", table).code == 0)
    let panel = desk.folder.url.appendingPathComponent("panels/mine")
    let data = try #require(
      try FileManager.default.contentsOfDirectory(atPath: panel.path).first {
        $0.hasPrefix("data-")
      })
    let file = panel.appendingPathComponent("\(data)/close.npy")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 5] ^= 1
    try FileManager.default.removeItem(at: file)
    try bytes.write(to: file)
    let run = desk.serve("data", "check", "mine", "--json")
    #expect(run.code == 6)
    #expect(try run.rehearsal.complaint()["error"] as? String == "damaged_panel")
  }

  @Test("a table is checked before its import, and what makes results wrong exits with 2")
  func checkedTable() throws {
    let desk = try Desk()
    let table = try desk.file(
      "bars.csv",
      "date,symbol,open,high,low,close,volume\n2020-01-01,A,1,0.5,2,1,1\n")
    let run = desk.serve("data", "check", "--table", table, "--json")
    #expect(run.code == 2)
    #expect(try run.rehearsal.object()["worst"] as? String == "error")
    #expect(try run.rehearsal.complaint()["error"] as? String == "impossible_bar")
  }

  @Test("a recording of messages is converted, and its defects are listed")
  func converts() throws {
    let desk = try Desk()
    let trade =
      #"{"e":"trade","E":1010,"T":1009,"s":"BTCUSDT","t":77,"p":"100.0","q":"0.25","m":true}"#
    let recording = try desk.file("feed.jsonl", "1000000000 \(trade)\n1000000001 {\n")
    let target = desk.folder.url.appendingPathComponent("btc.feed").path
    let options = [
      "--venue", "binance-futures", "--symbol", "BTCUSDT", "--tick", "0.1", "--lot", "0.001",
    ]
    let rehearsal = Rehearsal(environment: [:])
    let door = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
    let line = ["data", "convert", "--feed", recording, "--out", target] + options
    #expect(door.serve(line) == 0, "\(rehearsal.errors)")
    #expect(rehearsal.output.contains("not_json"))
    #expect(rehearsal.output.contains("Line 2 is the first that was refused: it is not JSON."))
    #expect(FileManager.default.fileExists(atPath: target))
    let refused = desk.serve(
      "data", "convert", "--feed", recording, "--out", target, "--venue", "bybit", "--symbol",
      "BTCUSDT", "--tick", "1e-1", "--lot", "1")
    #expect(refused.code == 4)
    #expect(refused.rehearsal.errors.contains("--tick 1e-1"))
  }
}
