import Essentials
import Markets
import Storage
import TestKit
import Testing

@Suite("Panel check")
struct PanelCheckTests {
  /// Four stocks over thirty days, rising a little every day, with changes by (row, column).
  private func panel(
    spacing: TimeAxis.Spacing = .tradingDay, changes: [(row: Int, column: Int, close: Double)] = [],
    volumes: [(row: Int, column: Int, volume: Double)] = [], stamps: [Int]? = nil
  ) -> Panel {
    let rows = 30
    var close: [Double] = []
    for cell in 0..<(rows * 4) { close.append(Double(100 + cell / 4 + cell % 4 * 10)) }
    var volume: [Double] = []
    for cell in 0..<(rows * 4) { volume.append(Double(1000 + cell)) }
    for change in changes { close[change.row * 4 + change.column] = change.close }
    for change in volumes { volume[change.row * 4 + change.column] = change.volume }
    let axis = TimeAxis(
      stamps: (stamps ?? Array(0..<rows)).map {
        Timestamp(startOf: CalendarDate(daysSinceEpoch: Int32(19_723 + $0)))
      }, spacing: spacing)
    func field(_ name: String, _ values: [Double]) -> PanelField {
      PanelField(
        description: FieldDescription(name: name, kind: .matrix),
        values: .matrix(MatrixColumn(rows: rows, columns: 4, values: values)))
    }
    return Panel(
      name: "p", fingerprint: Fingerprint(of: ""), axis: axis,
      instruments: ["A", "B", "C", "D"].map { Instrument(symbol: $0) },
      fields: [
        field("open", close), field("high", close), field("low", close), field("close", close),
        field("volume", volume),
      ])
  }

  @Test("a clean panel has no findings")
  func clean() {
    let report = PanelCheck().run(on: panel())
    #expect(report.findings.isEmpty && report.worst == nil)
    #expect(report.bars == 120 && report.rows == 30 && report.instruments == 4)
  }

  @Test("a gap inside the life of an instrument is a missing bar, its ends are not")
  func gaps() {
    let changes =
      [(5, 1), (6, 1), (0, 2), (29, 2)].map { (row: $0.0, column: $0.1, close: Double.nan) }
    let report = PanelCheck().run(on: panel(changes: changes))
    #expect(report.finding(.missingBar)?.count == 2)
    #expect(report.finding(.missingBar)?.examples.first?.description == "B 2024-01-06")
    #expect(report.findings.count == 1)
  }

  @Test("a bar where most instruments have none is lonely, and the others have no gap there")
  func lonely() {
    let report = PanelCheck().run(
      on: panel(changes: [1, 2, 3].map { (row: 7, column: $0, close: Double.nan) }))
    #expect(report.finding(.lonelyBar)?.count == 1)
    #expect(report.finding(.missingBar) == nil)
  }

  @Test("a jump by the ratio of a split is an error, another jump a note, a known one neither")
  func jumps() throws {
    var changes: [(row: Int, column: Int, close: Double)] = []
    for row in 10..<30 {
      changes.append((row, 0, (100 + Double(row)) / 2))
      changes.append((row, 1, (110 + Double(row)) * 1.72))
    }
    let jumpy = panel(changes: changes)
    let report = PanelCheck().run(on: jumpy)
    #expect(report.finding(.unadjustedSplit)?.count == 1)
    #expect(
      report.finding(.unadjustedSplit)?.examples.first?.detail.contains("split of 2.0") == true)
    #expect(report.finding(.extremeReturn)?.examples.first?.instrument == "B")
    #expect(report.worst == .error)
    let folder = TemporaryFolder()
    let manifest = try PanelStore(folder: folder.path).write(
      jumpy,
      provenance: PanelProvenance(defects: [
        .init(kind: "true_jump", instrument: "A", date: "2024-01-11", handling: "Kept.")
      ]))
    #expect(PanelCheck().run(on: jumpy, manifest: manifest).finding(.unadjustedSplit) == nil)
  }

  @Test("repeated bars, bars without volume and impossible bars are counted")
  func bars() {
    let stale = (10..<16).map { (row: $0, column: 3, close: 50.0) }
    let quiet = (10..<16).map { (row: $0, column: 3, volume: 7.0) }
    let report = PanelCheck().run(
      on: panel(changes: stale + [(20, 2, -1)], volumes: quiet + [(3, 0, 0)]))
    #expect(report.finding(.staleRun)?.count == 1)
    #expect(report.finding(.staleRun)?.examples.first?.detail == "6 rows")
    #expect(report.finding(.zeroVolume)?.examples.first?.description == "A 2024-01-04")
    #expect(report.finding(.impossibleBar)?.count == 1)
    #expect(report.tableRows.first?.count == PanelCheckReport.tableHeader.count)
    #expect(report.findings.map(\.severity) == report.findings.map(\.severity).sorted(by: >))
  }

  @Test("missing time, empty instruments and empty fields are found")
  func empty() {
    let report = PanelCheck().run(
      on: panel(
        spacing: .bar(seconds: 86_400),
        changes: (0..<30).map { (row: $0, column: 1, close: Double.nan) },
        stamps: (0..<30).map { $0 < 15 ? $0 : $0 + 3 }))
    #expect(report.finding(.missingTime)?.examples.first?.detail == "3 rows before it")
    #expect(report.finding(.emptyInstrument)?.examples.first?.instrument == "B")
    let nothing = Panel(
      name: "n", fingerprint: Fingerprint(of: ""), axis: panel().axis,
      instruments: [Instrument(symbol: "A")],
      fields: [
        PanelField(
          description: FieldDescription(name: "x", kind: .matrix),
          values: .matrix(
            MatrixColumn(rows: 30, columns: 1, values: [Double](repeating: .nan, count: 30))))
      ])
    #expect(PanelCheck().run(on: nothing).finding(.emptyField)?.examples.first?.detail == "x")
  }

  @Test("a file is checked row by row without being imported")
  func file() throws {
    let folder = TemporaryFolder()
    let path = folder.write(
      """
      date,ticker,open,high,low,close,volume
      2024-01-02,A,1,1,1,1,5
      2024-01-02,A,1,1,1,1,5
      2024-01-04,A,1,1,2,1,5
      2024-01-03,A,1,1,1,1,0
      2024-01-05,A,1,1,1,x,0
      """, to: "bars.csv")
    let report = try PanelCheck().run(onTable: path)
    #expect(
      report.findings.map(\.kind) == [
        .unreadableFile, .duplicateBar, .outOfOrder, .impossibleBar, .zeroVolume,
      ])
    #expect(report.finding(.duplicateBar)?.examples.first?.detail == "row 3")
    #expect(report.finding(.unreadableFile)?.examples.first?.detail.contains(":6:6") == true)
    #expect(report.description(of: .outOfOrder).contains("A 2024-01-03 row 5"))
  }
}

extension PanelCheckReport {
  fileprivate func description(of kind: PanelFinding.Kind) -> String {
    finding(kind)?.description ?? ""
  }
}
