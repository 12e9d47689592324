package import AlphaLanguage
package import Markets

extension MetadataCatalogue {
  /// Describes the fields of a local panel, whose coverage is measured.
  ///
  /// Fields that look into the future are left out, since no formula may read them. A panel belongs
  /// to no region and no universe, so the catalogue serves every target.
  /// Cost: one pass over the numbers of the panel.
  package init(panel: Panel, operators: OperatorCatalog = .fastexpr) {
    let fields = panel.fields.values.filter { $0.description.leadRows <= 0 }
      .sorted { $0.name < $1.name }
    var rows: [Field] = []
    var shelves: [String: (shelf: PanelShelf, fields: Int, coverage: Double)] = [:]
    for field in fields {
      let description = field.description
      let shelf = PanelShelf.shelf(of: description)
      let coverage = field.values.coverage(rows: panel.rows, columns: panel.columns)
      rows.append(
        Field(
          id: field.name, datasetID: shelf.datasetID, kind: description.kind,
          meaning: description.summary, unit: description.unit, coverage: coverage))
      let sum = shelves[shelf.datasetID] ?? (shelf, 0, 0)
      shelves[shelf.datasetID] = (shelf, sum.fields + 1, sum.coverage + coverage)
    }
    let datasets = shelves.keys.sorted().compactMap { shelves[$0] }.map { shelf, count, coverage in
      Dataset(
        id: shelf.datasetID, name: shelf.datasetName, meaning: shelf.meaning,
        subcategory: (shelf.subcategory.rawValue, shelf.subcategory.name),
        category: shelf.subcategory.category, coverage: coverage / Double(count),
        fieldCount: count)
    }
    self.init(
      origin: "panel \(panel.name)", target: nil, datasets: datasets, fields: rows,
      operators: operators.usable(over: Set(rows.map(\.id))))
  }
}

extension PanelField.Values {
  /// The share of cells that hold a number, an event or a class, with four decimals; 0 for a panel
  /// without cells.
  fileprivate func coverage(rows: Int, columns: Int) -> Double {
    let cells = rows * columns
    guard cells > 0 else { return 0 }
    var present = 0
    switch self {
    case .matrix(let column):
      // Two megabytes at a time, or a row where that is more.
      let size = max(1, (1 << 18) / columns)
      let buffer = UnsafeMutablePointer<Double>.allocate(capacity: size * columns)
      defer { buffer.deallocate() }
      for start in stride(from: 0, to: rows, by: size) {
        let end = min(rows, start + size)
        column.copy(rows: start..<end, to: buffer)
        for cell in 0..<(end - start) * columns where !buffer[cell].isNaN { present += 1 }
      }
    case .vector(let column):
      for cell in 0..<cells where column.offsets[cell] < column.offsets[cell + 1] { present += 1 }
    case .group(let column):
      for row in 0..<(column.isFixed ? 1 : rows) {
        for instrument in 0..<columns where column.code(row: row, column: instrument) >= 0 {
          present += column.isFixed ? rows : 1
        }
      }
    }
    return (Double(present) / Double(cells) * 1e4).rounded() / 1e4
  }
}
