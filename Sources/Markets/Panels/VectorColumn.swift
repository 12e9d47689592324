/// Any number of event values for each row and instrument, such as the dividends of a day.
///
/// ```
/// offsets:  0     2     2        5          cell i holds values[offsets[i]..<offsets[i + 1]]
/// values:   a  b        c  d  e             cells run time-major, like a matrix
/// ```
package struct VectorColumn: Sendable {
  package let rows: Int
  package let columns: Int
  package let offsets: [Int32]
  package let values: [Double]

  /// - Precondition: `offsets` hold `rows * columns + 1` ascending positions in `values`.
  package init(rows: Int, columns: Int, offsets: [Int32], values: [Double]) {
    precondition(offsets.count == rows * columns + 1 && offsets.first == 0)
    precondition(Int(offsets[rows * columns]) == values.count)
    self.rows = rows
    self.columns = columns
    self.offsets = offsets
    self.values = values
  }

  /// The events of one cell, in the order in which they were recorded.
  package func events(row: Int, column: Int) -> ArraySlice<Double> {
    let cell = row * columns + column
    return values[Int(offsets[cell])..<Int(offsets[cell + 1])]
  }
}
