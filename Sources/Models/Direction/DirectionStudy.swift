import Essentials

/// How a model of the direction is chosen, fitted and judged.
///
/// The last part of the time is held out and decides nothing. In what lies before, every ridge is
/// tried on purged folds and the one with the best ``DirectionScore/selection`` out of fold is
/// taken; its log odds out of fold calibrate it. What is reported is the score of that model on the
/// held-out rows. The model that is handed out is fitted again, in the same way, on all rows.
package struct DirectionStudy: Hashable, Sendable {
  /// How the study is made.
  package struct Settings: Hashable, Sendable {
    /// The penalties to choose from, ``LogisticRegression/fit(_:targets:ridge:iterationsMax:)``.
    package var ridges: [Double]
    package var folds: Int
    /// The share of instants that is held out.
    package var holdoutShare: Double
    /// What is left out between test and training, over and above the labels themselves.
    package var splits: LabelSplits
    /// Rows with a class that are needed to fit anything, labels without overlap counted.
    package var samplesMin: Int
    /// The same for a regime.
    package var regimeSamplesMin: Int
    package var defaultRegime: RegimeTag?
    package var rules: DirectionScore.Rules

    package init(
      ridges: [Double] = [0.1, 0.3, 1, 3, 10], folds: Int = 5, holdoutShare: Double = 0.2,
      splits: LabelSplits, samplesMin: Int = 500, regimeSamplesMin: Int = 250,
      defaultRegime: RegimeTag? = .chop, rules: DirectionScore.Rules = DirectionScore.Rules()
    ) {
      precondition(!ridges.isEmpty && ridges.allSatisfy { $0 >= 0 }, "no ridge to try")
      self.ridges = ridges
      self.folds = folds
      self.holdoutShare = holdoutShare
      self.splits = splits
      self.samplesMin = samplesMin
      self.regimeSamplesMin = regimeSamplesMin
      self.defaultRegime = defaultRegime
      self.rules = rules
    }
  }

  /// A ridge and what it brought out of fold, on rows before the held-out ones.
  package struct Trial: Hashable, Sendable {
    package let ridge: Double
    package let score: DirectionScore
  }

  /// Why no model came of it.
  package enum Shortfall: Error, Hashable, Sendable {
    /// The labels with a class that do not overlap, before the held-out ones.
    case tooFewSamples(have: Int, needed: Int)
    /// The rows cannot be split into folds with something to learn from and to test on.
    case cannotSplit
    /// All labels are of one class, or no ridge led to a minimum.
    case noFit

    /// The reason in one word of snake_case.
    package var name: String {
      switch self {
      case .tooFewSamples(let have, let needed): "too_few_samples_\(have)_of_\(needed)"
      case .cannotSplit: "cannot_split"
      case .noFit: "no_fit"
      }
    }
  }

  package let settings: Settings
  /// Fitted on all rows.
  package let model: DirectionModel
  /// The rows that were given.
  package let rows: Int
  package let source: LabelSource
  /// How many labels of a symbol are open at once on average.
  package let overlap: Double
  /// The ridges that led to a model, best selection first.
  package let trials: [Trial]
  /// The score on held-out rows of a model that never saw them. This is what may be quoted.
  package let outOfSample: DirectionScore
  /// The score of the handed-out model on the rows that it was fitted on, to be compared with
  /// ``outOfSample`` and not quoted.
  package let inSample: DirectionScore
  /// The rows that were purged or embargoed before the held-out ones.
  package let purged: Int

  /// Studies rows that come by time.
  package init(
    _ labeled: LabeledRows, featureNames: [String], settings: Settings
  ) throws(Shortfall) {
    let rows = labeled.rows
    precondition(
      rows.allSatisfy { $0.values.count == featureNames.count }, "values without names")
    guard let holdout = settings.splits.holdout(settings.holdoutShare, of: rows.map(\.interval))
    else { throw .cannotSplit }
    let before = holdout.train.map { rows[$0] }
    let after = holdout.test.map { rows[$0] }
    let independent = LabeledRows.independentCount(of: before.filter { $0.isUp != nil })
    guard independent >= settings.samplesMin else {
      throw .tooFewSamples(have: independent, needed: settings.samplesMin)
    }
    let workshop = DirectionWorkshop(settings: settings, featureNames: featureNames)
    guard settings.splits.folds(settings.folds, of: before.map(\.interval)) != nil else {
      throw .cannotSplit
    }
    var trials: [Trial] = []
    for ridge in settings.ridges {
      guard let score = workshop.scoreOutOfFold(before, ridge: ridge) else { continue }
      trials.append(Trial(ridge: ridge, score: score))
    }
    // Of equals the larger ridge is the simpler model.
    trials.sort { ($0.score.selection, $0.ridge) > ($1.score.selection, $1.ridge) }
    guard let best = trials.first, let judged = workshop.model(of: before, ridge: best.ridge),
      let model = workshop.model(of: rows, ridge: best.ridge)
    else { throw .noFit }
    self.settings = settings
    self.model = model
    self.trials = trials
    self.rows = rows.count
    source = labeled.source
    overlap = labeled.overlap
    purged = holdout.purged
    outOfSample = workshop.score(judged, on: after)
    inSample = workshop.score(model, on: rows)
  }

  /// The ridge that was taken.
  package var ridge: Double { trials[0].ridge }
}
