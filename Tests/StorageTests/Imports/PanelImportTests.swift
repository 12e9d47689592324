import Essentials
import Markets
import Storage
import Testing

@Suite("Panel import")
struct PanelImportTests {
  @Test("a long table becomes a panel whose cells are those of the table")
  func longTable() throws {
    let folder = TemporaryFolder()
    let path = folder.write(
      """
      date,ticker,open,high,low,close,volume
      2024-01-02,B,10,12,9,11,100
      2024-01-03,B,11,13,10,12,200
      2024-01-02,A,20,22,19,21,300
      2024-01-04,A,21,23,20,22,0
      """, to: "bars.csv")
    let store = PanelStore(folder: folder.path + "/store")
    let manifest = try PanelImport(name: "small", source: .longTable(path: path)).run(into: store)
    let panel = try store.open("small", verify: true)
    #expect(manifest.rows == 3)
    #expect(panel.instruments.map(\.symbol) == ["A", "B"])
    #expect(panel.axis.stamps.map(\.description) == ["2024-01-02", "2024-01-03", "2024-01-04"])
    let close = try #require(panel.matrix("close"))
    #expect(close[0, 0] == 21)
    #expect(close[1, 0].isNaN)
    #expect(close[1, 1] == 12)
    let returns = try #require(panel.matrix("returns"))
    #expect(returns[2, 0] == 22.0 / 21 - 1)
    #expect(panel.universes["tradable"]?.contains(row: 2, column: 0) == false)
    #expect(panel.fingerprint.hexadecimal == manifest.fingerprint)
  }
}
