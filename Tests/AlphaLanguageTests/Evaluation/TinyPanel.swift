import Essentials
import Markets

let nan = Double.nan

/// Panels written out in a test.
enum TinyPanel {
  /// - Parameters:
  ///   - matrices: by name, rows of instruments.
  ///   - groups: by name, the class of each instrument; -1 where it is not known.
  ///   - vectors: by name, the events of each cell, row by row.
  static func make(
    _ matrices: [(String, [[Double]])], groups: [(String, [Int32])] = [],
    vectors: [(String, [[[Double]]])] = []
  ) -> Panel {
    let rows = matrices.first?.1.count ?? vectors.first?.1.count ?? 0
    let columns = matrices.first?.1.first?.count ?? vectors.first?.1.first?.count ?? 0
    var fields: [PanelField] = []
    func add(_ name: String, _ kind: FieldDescription.Kind, _ values: PanelField.Values) {
      fields.append(
        PanelField(description: FieldDescription(name: name, kind: kind), values: values))
    }
    for (name, values) in matrices {
      let flat = values.flatMap { $0 }
      add(name, .matrix, .matrix(MatrixColumn(rows: rows, columns: columns, values: flat)))
    }
    for (name, codes) in groups {
      let classes = Int((codes.max() ?? -1) + 1)
      let labels = (0..<classes).map { "\(name)-\($0)" }
      add(name, .group, .group(GroupColumn(labels: labels, columns: columns, codes: codes)))
    }
    for (name, cells) in vectors {
      var offsets: [Int32] = [0]
      for cell in cells.flatMap({ $0 }) {
        offsets.append((offsets.last ?? 0) + Int32(cell.count))
      }
      let events = cells.flatMap { $0.flatMap { $0 } }
      add(
        name, .vector,
        .vector(VectorColumn(rows: rows, columns: columns, offsets: offsets, values: events)))
    }
    return Panel(
      name: "tiny", fingerprint: Fingerprint(of: "tiny panel"),
      axis: TimeAxis(
        tradingDays: (0..<rows).map { CalendarDate(daysSinceEpoch: Int32(14_610 + $0)) }),
      instruments: (0..<columns).map { Instrument(symbol: "T\($0)") }, fields: fields)
  }

  /// A panel of one instrument, its values in order of time.
  static func series(_ matrices: KeyValuePairs<String, [Double]>) -> Panel {
    make(matrices.map { ($0.key, $0.value.map { [$0] }) })
  }
}
