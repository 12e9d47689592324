/// The rows to learn from and the rows to be tested on.
package struct RowSplit: Hashable, Sendable {
  /// Ascending, disjoint ranges that are not empty.
  package var train: [Range<Int>]
  /// The rows to be tested on.
  package var test: Range<Int>

  /// Joins the rows.
  package init(train: [Range<Int>], test: Range<Int>) {
    self.train = train
    self.test = test
  }

  /// The number of rows to learn from.
  package var trainRows: Int { train.reduce(0) { $0 + $1.count } }
}
