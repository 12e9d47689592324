package import Essentials

/// A walk forward through time by a strategy that is fixed: test windows that follow a stretch which
/// only tells where the walk begins.
///
/// ```
/// begin          begin + train        + test
///   |--- train -----|---- test 1 -------|
///          |-- step --|---- train ... -----|---- test 2 -----|
/// ```
///
/// Test window j covers the rows that end after begin + train + j step, up to and with
/// begin + train + j step + test. Windows are counted while they end at the last row or before it.
package struct EvidenceWalk: Hashable, Sendable {
  package var train = TimeSpan.days(120)
  package var test = TimeSpan.days(30)
  package var step = TimeSpan.days(30)

  package init() {}

  package init(train: TimeSpan, test: TimeSpan, step: TimeSpan) {
    self.train = train
    self.test = test
    self.step = step
  }

  /// Returns the rows of each test window, given the ends of all rows in ascending order and the
  /// length of a row. A window may be empty where rows are missing. Nothing where no window fits, a
  /// length is not positive, or the step is shorter than a row.
  package func tests(ends: [Timestamp], interval: TimeSpan) -> [Range<Int>] {
    tests(rows: 0..<ends.count, interval: interval) { ends[$0] }
  }

  /// The same of rows whose ends are looked up: for each window twice the logarithm of the rows.
  func tests(
    rows: Range<Int>, interval: TimeSpan, end: (Int) -> Timestamp
  ) -> [Range<Int>] {
    guard !rows.isEmpty, train >= .zero, test > .zero, interval > .zero, step >= interval
    else { return [] }
    let last = end(rows.upperBound - 1)
    func firstRow(after instant: Timestamp, from lowest: Int) -> Int {
      var low = lowest
      var high = rows.upperBound
      while low < high {
        let middle = (low + high) / 2
        if end(middle) <= instant { low = middle + 1 } else { high = middle }
      }
      return low
    }
    var windows: [Range<Int>] = []
    var start = end(rows.lowerBound) - interval + train
    var row = rows.lowerBound
    while start + test <= last {
      row = firstRow(after: start, from: row)
      windows.append(row..<firstRow(after: start + test, from: row))
      start = start + step
    }
    return windows
  }

  /// A window whose equity ends above its beginning by more than this share ended with a gain; what
  /// is less is the rounding of a product.
  static let gainMin = 1e-12

  /// Returns the share of test windows that have rows and ended with a gain; nil without any.
  package func positiveShare(
    of returns: [Double], ends: [Timestamp], interval: TimeSpan
  ) -> Double? {
    let windows = tests(ends: ends, interval: interval).filter { !$0.isEmpty }
    guard !windows.isEmpty else { return nil }
    let gains = windows.count { window in
      returns[window].reduce(1) { max(0, $0 * (1 + $1)) } > 1 + Self.gainMin
    }
    return Double(gains) / Double(windows.count)
  }
}
