/// Rows that were left out of a table for one reason.
package struct RowDefect: Hashable, Sendable {
  /// The reason in snake_case, such as `impossible_bar`.
  package let key: String
  package fileprivate(set) var count: Int
  /// What is wrong with the first of them, and where.
  package let first: String
}

/// Goes through the rows of a table that is about one instrument, leaves out what cannot be used,
/// and counts it: no value is ever made up.
struct HistoryRows {
  /// The rows of the table, bad ones included.
  private(set) var rowCount = 0
  /// In the order of their first rows.
  private(set) var defects: [RowDefect] = []

  /// Hands each readable row to `take`, which notes what is wrong with it. A row that cannot be read
  /// is noted here; what concerns the table as a whole is thrown.
  mutating func read(
    _ table: ImportTable, _ take: (inout HistoryRows) throws(ImportFailure) -> Void
  ) throws(ImportFailure) {
    let symbol = ColumnNames(table.reader.header).position(of: ColumnNames.symbol)
    var instrument: String?
    while true {
      do throws(ImportFailure) {
        guard try table.next() else { return }
        rowCount += 1
        if let symbol {
          let name = table.reader.text(symbol)
          instrument = instrument ?? name
          guard name == instrument else {
            note(
              "another_instrument",
              "\(table.reader.place(symbol)): the row is about \(name), the first one about "
                + "\(instrument ?? "").")
            continue
          }
        }
        try take(&self)
      } catch .table(let failure) {
        switch failure {
        case .raggedRow:
          rowCount += 1
          note(failure.key, failure.explanation)
        case .unparsableNumber, .unparsableDate: note(failure.key, failure.explanation)
        default: throw .table(failure)
        }
      }
    }
  }

  /// Counts a row that is left out.
  mutating func note(_ key: String, _ first: String) {
    if let index = defects.firstIndex(where: { $0.key == key }) {
      defects[index].count += 1
    } else {
      defects.append(RowDefect(key: key, count: 1, first: first))
    }
  }
}
