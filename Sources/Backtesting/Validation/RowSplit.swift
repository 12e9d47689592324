/// The rows to learn from and the rows to be tested on.
package struct RowSplit: Hashable, Sendable {
  /// Ascending, disjoint ranges that are not empty.
  package var train: [Range<Int>]
  package var test: Range<Int>

  package init(train: [Range<Int>], test: Range<Int>) {
    self.train = train
    self.test = test
  }

  package var trainRows: Int { train.reduce(0) { $0 + $1.count } }
}
