import Markets
import Storage
import TestKit
import Testing

@Suite("Known defects")
struct KnownDefectTests {
  /// Imports four days of one stock with a defect on the third; returns the panel and the handling.
  private func repaired(
    closes: [Double], factors: [Double], kind: String, events: String = ""
  ) throws -> (panel: Panel, handling: String) {
    let folder = TemporaryFolder()
    var text = "date,ticker,open,high,low,close,volume,adj_factor\n"
    for (day, (close, factor)) in zip(closes, factors).enumerated() {
      text += "2024-01-0\(day + 2),A,\(close),\(close),\(close),\(close),10,\(factor)\n"
    }
    var panelImport = PanelImport(
      name: "p", source: .longTable(path: folder.write(text, to: "bars.csv")))
    panelImport.eventsPath = folder.write(
      "ex_date,ticker,dividend,split\n" + events, to: "events.csv")
    panelImport.defectsPath = folder.write(
      "ticker,date,kind,note\nA,2024-01-04,\(kind),why\nZ,2024-01-04,spin_off,other\n", to: "d.csv")
    let store = PanelStore(folder: folder.path + "/store")
    let manifest = try panelImport.run(into: store)
    let defect = try #require(manifest.provenance.defects.first)
    #expect(manifest.provenance.defects.count == 1)
    #expect(defect.kind == kind && defect.instrument == "A" && defect.date == "2024-01-04")
    #expect(defect.note == "why")
    return (try store.open("p"), defect.handling)
  }

  private func splits(_ panel: Panel) -> [Double] {
    if case .vector(let column) = panel.fields["split_events"]?.values { column.values } else { [] }
  }

  @Test("a split that only the factor knows is added to the splits")
  func unflagged() throws {
    let (panel, handling) = try repaired(
      closes: [100, 100, 51, 51], factors: [0.5, 0.5, 1, 1], kind: "unflagged_split_adjusted")
    #expect(splits(panel) == [2])
    #expect(handling.contains("2.0"))
    #expect(panel.matrix("volume")?.values() == [20, 20, 10, 10])
    #expect(agree(panel.matrix("returns")![2, 0], 0.02))
  }

  @Test("a missing split is added to the splits and the prices, even when flagged a day early")
  func missing() throws {
    let (panel, _) = try repaired(
      closes: [100, 100, 51, 51], factors: [1, 1, 1, 1], kind: "missing_split",
      events: "2024-01-03,A,0,2\n")
    #expect(splits(panel) == [2])
    #expect(panel.matrix("volume")?.values() == [20, 20, 10, 10])
    #expect(agree(panel.matrix("returns")![2, 0], 0.02))
    #expect(panel.matrix("close")?.values() == [50, 50, 51, 51])
  }

  @Test("a spurious split is taken out of the splits and the prices")
  func spurious() throws {
    let (panel, _) = try repaired(
      closes: [100, 100, 102, 102], factors: [0.5, 0.5, 1, 1], kind: "spurious_split",
      events: "2024-01-04,A,0,2\n")
    #expect(splits(panel).isEmpty)
    #expect(agree(panel.matrix("returns")![2, 0], 0.02))
    #expect(agree(panel.matrix("close")![0, 0], 100))
  }

  @Test("a return that nobody knows is missing, and earlier prices are chained without it")
  func wrong() throws {
    let (panel, _) = try repaired(
      closes: [90, 99, 6, 6.6], factors: [1, 1, 1, 1], kind: "wrong_adjustment")
    let returns = try #require(panel.matrix("returns"))
    #expect(agree(returns[1, 0], 0.1) && returns[2, 0].isNaN && agree(returns[3, 0], 0.1))
    #expect(agree(panel.matrix("close")![1, 0], 6))
  }

  @Test(
    "other kinds change nothing and are recorded",
    arguments: ["spin_off", "true_jump", "missing_bar", "adj_return_vs_events", "mystery"])
  func kept(kind: String) throws {
    let (panel, handling) = try repaired(
      closes: [100, 100, 60, 60], factors: [0.6, 0.6, 1, 1], kind: kind)
    #expect(splits(panel).isEmpty)
    #expect(agree(panel.matrix("returns")![2, 0], 0))
    #expect(!handling.isEmpty)
  }

  @Test(
    "a correction that the prices do not support is not made",
    arguments: ["unflagged_split_adjusted", "missing_split", "spurious_split"])
  func unsupported(kind: String) throws {
    let (panel, handling) = try repaired(
      closes: [100, 101, 102, 103], factors: [1, 1, 1, 1], kind: kind)
    #expect(handling.hasPrefix("Not corrected"))
    #expect(panel.matrix("close")?.values() == [100, 101, 102, 103])
  }
}
