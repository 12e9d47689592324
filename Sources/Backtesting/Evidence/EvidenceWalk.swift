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
    guard let first = ends.first, let last = ends.last, train >= .zero, test > .zero,
      interval > .zero,
      step >= interval
    else { return [] }
    var windows: [Range<Int>] = []
    var start = first - interval + train
    var row = 0
    while start + test <= last {
      while row < ends.count, ends[row] <= start { row += 1 }
      var end = row
      while end < ends.count, ends[end] <= start + test { end += 1 }
      windows.append(row..<end)
      start = start + step
    }
    return windows
  }

  /// Returns the share of test windows that have rows and ended with a gain; nil without any.
  package func positiveShare(
    of returns: [Double], ends: [Timestamp], interval: TimeSpan
  ) -> Double? {
    let windows = tests(ends: ends, interval: interval).filter { !$0.isEmpty }
    guard !windows.isEmpty else { return nil }
    let gains = windows.count { window in
      returns[window].reduce(1) { max(0, $0 * (1 + $1)) } > 1
    }
    return Double(gains) / Double(windows.count)
  }
}
