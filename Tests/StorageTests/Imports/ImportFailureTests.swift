import Essentials
import Markets
import Storage
import Testing

@Suite("Import failures")
struct ImportFailureTests {
  private static let header = "date,ticker,open,high,low,close,volume\n"

  /// Imports a long table; `change` sets the options.
  private func run(
    _ text: String, in folder: TemporaryFolder = TemporaryFolder(),
    change: (inout PanelImport) -> Void = { _ in }
  ) throws -> PanelManifest {
    let path = folder.write(text, to: "bars.csv")
    var panelImport = PanelImport(name: "p", source: .longTable(path: path))
    change(&panelImport)
    let store = PanelStore(folder: folder.path + "/store")
    defer { #expect(folder.names(in: "store/p").filter { $0.hasPrefix(".partial") }.isEmpty) }
    return try panelImport.run(into: store)
  }

  @Test(
    "every defect of a table is an error that names the row, and nothing is stored",
    arguments: [
      ("date,ticker,open,high\n", "wrong_header", "low, close"),
      ("", "no_header", "bars.csv"),
      (header, "too_few_rows", "0 usable rows"),
      (header + "2024-01-02,A,1,1,1,1,1\n", "too_few_rows", "1 usable rows"),
      (header + "2024-01-02,A,1,1,1,x,1\n", "unparsable_number", "bars.csv:2:6"),
      (header + "2024-01-02x,A,1,1,1,1,1\n", "unparsable_date", "bars.csv:2:1"),
      (header + "2024-01-02,,1,1,1,1,1\n", "invalid_value", "bars.csv:2:2"),
      (
        header + "2024-01-03,A,1,1,1,1,1\n2024-01-02,B,1,1,1,1,1\n2024-01-02,A,1,1,1,1,1\n",
        "date_out_of_order",
        "bars.csv:4:1: the bar of A at 2024-01-02 comes after that at 2024-01-03"
      ),
      (
        header + "2024-01-02,A,1,1,1,1,1\n2024-01-02,A,1,1,1,1,1\n", "duplicate_bar",
        "the first is in row 2"
      ),
      (header + "2024-01-02,A,1,1,2,1,1\n", "impossible_bar", "high 1.0 is below its low 2.0"),
      (header + "2024-01-02,A,3,2,1,1,1\n", "impossible_bar", "below its open 3.0"),
      (header + "2024-01-02,A,2,2,2,1,1\n", "impossible_bar", "above its open 2.0"),
      (header + "2024-01-02,A,0,1,1,1,1\n", "impossible_bar", "its open is 0.0"),
      (header + "2024-01-02,A,1,1,1,1,-1\n", "impossible_bar", "its volume is -1.0"),
      (
        header + "2024-01-02,A,1,1,1,1,\n2024-01-03,A,1,1,1,1,nan\n", "field_without_numbers",
        "volume"
      ),
      (
        "ts,ticker,open,high,low,close\n1746835200000,A,1,1,1,1\n1746835260000,A,1,1,1,1\n"
          + "1746835320000,A,1,1,1,1\n1746835350000,A,1,1,1,1\n", "irregular_spacing",
        "60-second bars"
      ), (header + "2024-01-02,A,1,1\n", "ragged_row", "bars.csv:2:5"),
    ])
  func tables(text: String, key: String, part: String) {
    let folder = TemporaryFolder()
    let failure = #expect(throws: ImportFailure.self) { try run(text, in: folder) }
    #expect(failure?.key == key)
    #expect(failure?.explanation.contains(part) == true, "\(failure?.explanation ?? "")")
    #expect(failure?.outcome == .badConfiguration)
    #expect(failure?.remedy.isEmpty == false)
    #expect(!PanelStore(folder: folder.path + "/store").holds("p"))
  }

  private static let good =
    header + "2024-01-02,A,1,2,1,2,1\n2024-01-03,A,1,2,1,2,1\n2024-01-04,A,1,2,1,2,1\n"

  @Test(
    "every defect of a companion table is an error too",
    arguments: [
      ("events", "ex_date,ticker\n", "wrong_header"),
      ("events", "ex_date,ticker,dividend,split\n2024-01-03,A,0,0\n", "invalid_value"),
      ("events", "ex_date,ticker,dividend,split\n2024-01-03,A,-1,1\n", "invalid_value"),
      ("instruments", "name\nx\n", "wrong_header"),
      ("instruments", "ticker,name\nA,x\nA,y\n", "duplicate_entry"),
      ("instruments", "ticker,sp500_spans\nA,2024-01-01\n", "invalid_value"),
      ("instruments", "ticker,sp500_spans\nA,2024-01-02..2024-01-01\n", "invalid_value"),
      ("fundamentals", "ticker,period_end\nA,2023-12-31\n", "wrong_header"),
      (
        "fundamentals", "ticker,period_end,revenue\nA,2023-12-31,1\nA,2023-12-31,2\n",
        "duplicate_entry"
      ),
      (
        "fundamentals", "ticker,period_end,filing_date,revenue\nA,2023-12-31,2023-12-01,1\n",
        "invalid_value"
      ), ("defects", "ticker,date\n", "wrong_header"),
      ("membership", "ticker,start_date\n", "wrong_header"),
      ("funding", "ts,rate\n1746835200000,0\n1746835200000,0\n", "date_out_of_order"),
      ("funding", "ts,open\n", "wrong_header"),
    ])
  func companions(kind: String, text: String, key: String) {
    let folder = TemporaryFolder()
    let path = folder.write(text, to: "companion.csv")
    let failure = #expect(throws: ImportFailure.self) {
      try run(Self.good, in: folder) { panelImport in
        switch kind {
        case "events": panelImport.eventsPath = path
        case "instruments": panelImport.instrumentsPath = path
        case "fundamentals": panelImport.fundamentalsPath = path
        case "defects": panelImport.defectsPath = path
        case "membership": panelImport.membership = ("index", path)
        default: panelImport.funding = [SymbolTable(symbol: "A", path: path)]
        }
      }
    }
    #expect(failure?.key == key)
  }

  @Test("options that cannot be used are refused before anything is read")
  func options() throws {
    let changes: [(String, (inout PanelImport) -> Void)] = [
      ("invalid_panel_name", { $0.name = "A/B" }), ("invalid_option", { $0.rules.barSeconds = 7 }),
      ("invalid_option", { $0.fundamentalLagDays = -1 }),
      ("invalid_option", { $0.prices = .adjusted }),
      ("invalid_option", { $0.source = .tables([]) }),
      ("bar_length_mismatch", { $0.rules.barSeconds = 3600 }),
      ("unreadable_file", { $0.source = .longTable(path: "/nowhere/bars.csv") }),
      ("unreadable_file", { $0.source = .folder(path: "/nowhere", barLength: nil) }),
      ("unreadable_file", { $0.eventsPath = "/nowhere/events.csv" }),
    ]
    for (key, change) in changes {
      let failure = #expect(throws: ImportFailure.self) { try run(Self.good, change: change) }
      #expect(failure?.key == key)
    }
    let folder = TemporaryFolder()
    _ = try run(Self.good, in: folder)
    let failure = #expect(throws: ImportFailure.self) { try run(Self.good, in: folder) }
    #expect(failure?.key == "panel_exists")
  }

  @Test("disorder, duplicates and impossible bars are handled on demand, and said so")
  func policies() throws {
    let text =
      Self.header
      + "2024-01-04,A,1,5,1,3,1\n2024-01-02,A,1,5,1,2,1\n2024-01-04,A,1,5,1,4,1\n2024-01-03,A,1,0.5,1,2,1\n"
    for (duplicates, close) in [(BarRules.Duplicates.keepFirst, 3.0), (.keepLast, 4.0)] {
      let folder = TemporaryFolder()
      let manifest = try run(text, in: folder) {
        $0.rules.order = .sort
        $0.rules.duplicates = duplicates
        $0.rules.impossible = .leaveOut
      }
      let panel = try PanelStore(folder: folder.path + "/store").open("p")
      #expect(panel.matrix("close")?.values() == [2, close])
      #expect(
        manifest.provenance.defects.map(\.kind).sorted() == [
          "date_out_of_order", "duplicate_bar", "impossible_bar",
        ])
      #expect(manifest.provenance.options["duplicates"] == duplicates.rawValue)
    }
  }

  @Test("of many defects of one kind a hundred are listed and the rest are counted")
  func manyDefects() throws {
    var text = Self.header
    for day in 0..<260 {
      let high = day < 250 ? "0.5" : "1"
      text += "\(CalendarDate(daysSinceEpoch: Int32(19_000 + day))),A,1,\(high),1,1,1\n"
    }
    let manifest = try run(text) { $0.rules.impossible = .leaveOut }
    #expect(manifest.provenance.defects.count == 101)
    #expect(manifest.provenance.defects.last?.note == "150 more")
    #expect(manifest.rows == 10)
  }

  @Test("a folder without bars, or with bars of two lengths, is refused")
  func folders() {
    let folder = TemporaryFolder()
    folder.write("readme", to: "empty/readme.txt")
    let none = #expect(throws: ImportFailure.self) {
      try SymbolFolder(path: folder.path + "/empty")
    }
    #expect(none?.key == "no_files")
    folder.write("", to: "two/A_1m.csv")
    folder.write("", to: "two/A_5m.csv")
    let several = #expect(throws: ImportFailure.self) {
      try SymbolFolder(path: folder.path + "/two")
    }
    #expect(several?.key == "ambiguous_files")
    #expect(several?.explanation.contains("1m, 5m") == true)
  }
}
