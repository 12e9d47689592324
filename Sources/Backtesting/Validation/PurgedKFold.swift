/// Folds in which nothing learned overlaps what is tested.
///
/// M. López de Prado, "Advances in Financial Machine Learning" (2018), sections 7.4.1 and 7.4.2. The
/// label of row i is known only after rows i through i + `labelHorizon`. A training row is purged
/// when its label shares a row with the label of a test row; further `embargo` rows are dropped as
/// well, because serial correlation leaks where labels do not.
package struct PurgedKFold: Hashable, Sendable {
  /// The row from which the embargo is counted.
  package enum EmbargoOrigin: String, Hashable, Sendable, CaseIterable {
    /// The last row that the label of a test row reaches: purge and embargo add up.
    case lastLabel
    /// The last row of the test: the longer of purge and embargo counts.
    case lastTestRow
  }

  /// The number of test ranges, at least 2.
  package var folds: Int
  /// The rows after its own until a row's label is known.
  package var labelHorizon: Int
  /// The rows dropped after ``embargoOrigin``.
  package var embargo: Int
  package var embargoOrigin: EmbargoOrigin

  /// Makes a plan; it is checked when rows are split.
  package init(
    folds: Int, labelHorizon: Int = 0, embargo: Int = 0,
    embargoOrigin: EmbargoOrigin = .lastLabel
  ) {
    self.folds = folds
    self.labelHorizon = labelHorizon
    self.embargo = embargo
    self.embargoOrigin = embargoOrigin
  }

  /// Cuts the rows into `folds` successive test ranges whose lengths differ by at most one, the
  /// earlier ones being longer, each with the rows that remain to learn from.
  package func splits(rows: Int) throws(ValidationFailure) -> [RowSplit] {
    guard folds > 1 else {
      throw .unusableSetting(name: "folds", value: folds, allowed: "at least 2")
    }
    guard labelHorizon >= 0 else {
      throw .unusableSetting(
        name: "labelHorizon", value: labelHorizon, allowed: "zero or positive")
    }
    guard embargo >= 0 else {
      throw .unusableSetting(name: "embargo", value: embargo, allowed: "zero or positive")
    }
    guard rows >= folds else {
      throw .tooFewRows(rows: rows, needed: folds, purpose: "\(folds) folds")
    }
    let dropped =
      switch embargoOrigin {
      case .lastLabel: labelHorizon + embargo
      case .lastTestRow: max(labelHorizon, embargo)
      }
    var splits: [RowSplit] = []
    var start = 0
    for fold in 0..<folds {
      let end = start + rows / folds + (fold < rows % folds ? 1 : 0)
      // The last test label ends at row end - 1 + labelHorizon.
      let before = 0..<max(0, start - labelHorizon)
      let after = min(rows, end + dropped)..<rows
      let train = [before, after].filter { !$0.isEmpty }
      guard !train.isEmpty else {
        throw .tooFewRows(
          rows: rows, needed: end + dropped + 1,
          purpose: "\(folds) folds with \(dropped) rows purged and embargoed")
      }
      splits.append(RowSplit(train: train, test: start..<end))
      start = end
    }
    return splits
  }
}
