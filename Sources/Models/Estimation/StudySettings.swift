import Essentials

/// What every study of labeled rows has in common: the last part of the time is held out and judges,
/// purged and embargoed, and there must be enough before it to learn from.
package struct StudySettings: Hashable, Sendable {
  /// The share of instants that is held out.
  package var holdoutShare: Double
  /// What is left out between what is learned from and what is judged on, over and above the labels
  /// themselves.
  package var splits: LabelSplits
  /// Rows without overlap that are needed before the held-out ones.
  package var samplesMin: Int

  package init(holdoutShare: Double = 0.2, splits: LabelSplits, samplesMin: Int) {
    self.holdoutShare = holdoutShare
    self.splits = splits
    self.samplesMin = samplesMin
  }

  /// The places of rows that judge and of those before them.
  func holdout(of rows: [LabeledRow]) throws(StudyShortfall) -> LabelSplits.Fold {
    guard let holdout = splits.holdout(holdoutShare, of: rows.map(\.interval)) else {
      throw .cannotSplit
    }
    return holdout
  }

  /// Throws where too few of the rows, which come by time, do not overlap.
  func requireSamples(in rows: [LabeledRow]) throws(StudyShortfall) {
    let independent = LabeledRows.independentCount(of: rows)
    guard independent >= samplesMin else {
      throw .tooFewSamples(have: independent, needed: samplesMin)
    }
  }
}

/// Why nothing came of a study.
package enum StudyShortfall: Error, Hashable, Sendable {
  /// The labels that do not overlap, before the held-out ones.
  case tooFewSamples(have: Int, needed: Int)
  /// Nothing is left on one side of a cut.
  case cannotSplit
  /// No feature is known or determines anything, all labels are of one class, or no search led to a
  /// minimum.
  case noFit
  /// Trees were asked for and not grown.
  case noTrees(TreeFailure)

  /// The reason in one word of snake_case.
  package var name: String {
    switch self {
    case .tooFewSamples(let have, let needed): "too_few_samples_\(have)_of_\(needed)"
    case .cannotSplit: "cannot_split"
    case .noFit: "no_fit"
    case .noTrees(let failure): failure.key
    }
  }
}
