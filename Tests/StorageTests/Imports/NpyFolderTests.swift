import Essentials
import Foundation
import Markets
import Mathematics
import Storage
import TestKit
import Testing

@Suite("Folders of matrices")
struct NpyFolderTests {
  private func matrix(_ values: [Float], columns: Int) -> [UInt8] {
    NpyHeader.bytes(scalar: .float32, shape: [values.count / columns, columns])
      + values.withUnsafeBytes { Array($0) }
  }

  private func write(_ folder: TemporaryFolder) {
    folder.write("date\n2024-01-02\n2024-01-03\n2024-01-04\n", to: "m/dates.csv")
    folder.write("ticker,name,sector\nB,Bee,x\nA,Ay,y\n", to: "m/instruments.csv")
    for name in ["open", "high", "low", "close"] {
      folder.write(matrix([10, .nan, 11, 21, 12, 22], columns: 2), to: "m/\(name).npy")
    }
    folder.write(matrix([5, .nan, 11, 21, 12, 11], columns: 2), to: "m/adjclose.npy")
    folder.write(matrix([1, .nan, 0, 3, 4, 5], columns: 2), to: "m/volume.npy")
  }

  @Test("matrices become a panel in the order of their instruments and in their precision")
  func import_() throws {
    let folder = TemporaryFolder()
    write(folder)
    let store = PanelStore(folder: folder.path + "/store")
    let panelImport = PanelImport(name: "p", source: .matrices(folder: folder.path + "/m"))
    let manifest = try panelImport.run(into: store)
    let panel = try store.open("p", verify: true)
    #expect(panel.instruments.map(\.symbol) == ["B", "A"])
    #expect(panel.group("sector")?.label(row: 0, column: 1) == "y")
    let close = try #require(panel.matrix("close"))
    #expect(close.scalar == .float32)
    #expect(close[0, 0] == 5 && close[2, 0] == 12)
    #expect(close[1, 1] == 42 && close[2, 1] == 22, "the last factor of an instrument is 1")
    #expect(panel.matrix("raw_close")?[0, 0] == 10)
    #expect(panel.matrix("returns")?[2, 1] == Double(Float(22.0 / 42 - 1)))
    #expect(panel.universes["tradable"]?.members == [1, 0, 0, 1, 1, 1])
    #expect(try panelImport.isSatisfied(by: manifest))
  }

  @Test("folders that do not fit together are refused")
  func refused() throws {
    let cases: [(String, [UInt8], String)] = [
      ("close.npy", matrix([1, 2, 3], columns: 3), "wrong_array_shape"),
      ("low.npy", matrix([99, .nan, 11, 21, 12, 22], columns: 2), "impossible_bar"),
      (
        "volume.npy", matrix([Float](repeating: .nan, count: 6), columns: 2),
        "field_without_numbers"
      ),
      ("dates.csv", Array("date\n2024-01-03\n2024-01-02\n".utf8), "date_out_of_order"),
      ("instruments.csv", Array("ticker\nA\nA\n".utf8), "duplicate_entry"),
    ]
    for (name, bytes, key) in cases {
      let folder = TemporaryFolder()
      write(folder)
      folder.write(bytes, to: "m/\(name)")
      let failure = #expect(throws: ImportFailure.self) {
        try PanelImport(name: "p", source: .matrices(folder: folder.path + "/m"))
          .run(into: PanelStore(folder: folder.path + "/store"))
      }
      #expect(failure?.key == key)
    }
    let folder = TemporaryFolder()
    write(folder)
    try FileManager.default.removeItem(atPath: folder.path + "/m/open.npy")
    let failure = #expect(throws: ImportFailure.self) {
      try PanelImport(name: "p", source: .matrices(folder: folder.path + "/m"))
        .run(into: PanelStore(folder: folder.path + "/store"))
    }
    #expect(failure?.key == "unreadable_file")
  }

  @Test("mutated tables either import whole or fail whole")
  func fuzz() throws {
    var generator = SplitMix64(seed: 99)
    let folder = TemporaryFolder()
    let store = PanelStore(folder: folder.path + "/store")
    var sample = "date,ticker,open,high,low,close,volume,adj_factor\n"
    for day in 2..<9 {
      for symbol in ["A", "B"] {
        sample += "2024-01-0\(day),\(symbol),10,11,9,10.\(day),100,0.5\n"
      }
    }
    let marks = Array("0123456789,.-\n\"eAnN".utf8)
    var imported = 0
    for round in 0..<150 {
      var bytes = Array(sample.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let position = Int.random(in: 50..<bytes.count, using: &generator)
        bytes[position] = marks[Int.random(in: 0..<marks.count, using: &generator)]
      }
      let path = folder.write(bytes, to: "bars.csv")
      do throws(ImportFailure) {
        _ = try PanelImport(name: "p", source: .longTable(path: path))
          .run(into: store, replacing: true)
        imported += 1
        _ = try? store.open("p", verify: true)
      } catch {
        #expect(error.outcome == .badConfiguration, "round \(round): \(error)")
      }
    }
    #expect(imported > 0)
  }
}
