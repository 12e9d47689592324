package import Essentials

/// Splits of labeled rows by which nothing learned overlaps what is tested.
///
/// M. López de Prado, "Advances in Financial Machine Learning" (2018), sections 7.4.1 and 7.4.2, over
/// labels of any length. Cuts are made in time and not in rows: whatever happened at one instant,
/// to any symbol, is on one side of them, so that symbols do not tell each other's moves across. A
/// training row is purged when its label overlaps the time from the first test feature to the last
/// test label, or begins within the embargo after it.
package struct LabelSplits: Hashable, Sendable {
  /// The places of rows to learn from and to test on, each rising.
  package struct Fold: Hashable, Sendable {
    package let train: [Int]
    package let test: [Int]
    /// The rows that belong to neither.
    package let purged: Int
  }

  /// The time after the last test label in which no training row begins.
  package let embargo: TimeSpan

  /// Nil for a negative embargo.
  package init?(embargo: TimeSpan = .zero) {
    guard embargo >= .zero else { return nil }
    self.embargo = embargo
  }

  /// Cuts the instants into successive test ranges whose numbers differ by at most one; nil for less
  /// than two folds, fewer instants than folds, or a fold without anything to learn from.
  package func folds(_ count: Int, of intervals: [LabelInterval]) -> [Fold]? {
    let instants = Self.instants(of: intervals)
    guard count > 1, instants.count >= count else { return nil }
    var folds: [Fold] = []
    for fold in 0..<count {
      let first = instants.count * fold / count
      let last = instants.count * (fold + 1) / count - 1
      guard let fold = split(intervals, testing: instants[first]...instants[last]) else {
        return nil
      }
      folds.append(fold)
    }
    return folds
  }

  /// Tests on the last share of instants what was learned before them; nil for a share outside
  /// (0, 1) or where one side would be empty.
  package func holdout(_ share: Double, of intervals: [LabelInterval]) -> Fold? {
    let instants = Self.instants(of: intervals)
    guard share > 0, share < 1 else { return nil }
    let first = Int((Double(instants.count) * (1 - share)).rounded())
    guard first > 0, first < instants.count else { return nil }
    return split(intervals, testing: instants[first]...instants[instants.count - 1])
  }

  private func split(
    _ intervals: [LabelInterval], testing instants: ClosedRange<Timestamp>
  ) -> Fold? {
    let test = intervals.indices.filter { instants.contains(intervals[$0].start) }
    let lastEnd = test.map { intervals[$0].end }.max() ?? instants.upperBound
    let train = intervals.indices.filter {
      intervals[$0].end <= instants.lowerBound || intervals[$0].start >= lastEnd + embargo
    }
    guard !train.isEmpty, !test.isEmpty else { return nil }
    return Fold(train: train, test: test, purged: intervals.count - train.count - test.count)
  }

  private static func instants(of intervals: [LabelInterval]) -> [Timestamp] {
    var instants: [Timestamp] = []
    for start in intervals.map(\.start).sorted() where start != instants.last {
      instants.append(start)
    }
    return instants
  }
}
