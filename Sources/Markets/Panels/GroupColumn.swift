/// The class of each instrument, such as its sector, fixed over time or by row.
///
/// Classes are numbered from 0 in the order of `labels`; -1 means that the class is not known.
package struct GroupColumn: Sendable {
  package let labels: [String]
  package let columns: Int
  /// `columns` codes where the classes are fixed, `rows * columns` (time-major) where they change.
  package let codes: [Int32]
  package let isFixed: Bool

  /// - Precondition: `codes` fill one row, or whole rows, with values from -1 to the last label.
  package init(labels: [String], columns: Int, codes: [Int32]) {
    precondition(columns > 0 && codes.count % columns == 0 && !codes.isEmpty)
    precondition(codes.allSatisfy { $0 >= -1 && $0 < Int32(labels.count) })
    self.labels = labels
    self.columns = columns
    self.codes = codes
    isFixed = codes.count == columns
  }

  /// Returns the code of an instrument in a row.
  package func code(row: Int, column: Int) -> Int32 {
    isFixed ? codes[column] : codes[row * columns + column]
  }

  /// Returns the class of an instrument in a row by name, nil where it is not known.
  package func label(row: Int, column: Int) -> String? {
    let code = code(row: row, column: column)
    return code < 0 ? nil : labels[Int(code)]
  }
}
