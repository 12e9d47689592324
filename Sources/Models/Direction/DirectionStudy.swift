import Essentials

/// How a model of the direction is chosen, fitted and judged.
///
/// The last part of the time is held out and decides nothing. In what lies before, every learner and
/// threshold is tried on purged folds and the one with the best ``DirectionScore/selection`` out of
/// fold is taken; its log odds out of fold calibrate it. What is reported is the score of that model on the
/// held-out rows. The model that is handed out is fitted again, in the same way, on all rows.
package struct DirectionStudy: Hashable, Sendable {
  /// Which learners take part.
  package enum Learning: String, Hashable, Sendable, CaseIterable {
    case logistic
    case trees = "lightgbm"
    /// Both.
    case all = "grid"
  }

  /// How the study is made.
  package struct Settings: Hashable, Sendable {
    package var learning: Learning
    /// The penalties to choose from, ``LogisticRegression/fit(_:targets:ridge:iterationsMax:)``.
    package var ridges: [Double]
    /// The kinds of trees to choose from.
    package var trees: [TreeSettings]
    /// The numbers of trees to choose from besides all.
    package var stops: [Int]
    /// The chances of a side to choose from, from which somebody acts on it. That of `rules` does not
    /// count.
    package var thresholds: [Double]
    package var common: StudySettings
    package var folds: Int
    /// Rows with a class that a regime needs for a part of its own, labels without overlap counted.
    package var regimeSamplesMin: Int
    package var defaultRegime: RegimeTag?
    package var rules: DirectionScore.Rules

    package init(
      learning: Learning = .logistic, ridges: [Double] = [0.1, 0.3, 1, 3, 10],
      trees: [TreeSettings] = TreeSettings.grid, stops: [Int] = TreeSettings.stops,
      thresholds: [Double] = [0.52, 0.55, 0.6], folds: Int = 5, common: StudySettings,
      regimeSamplesMin: Int = 250, defaultRegime: RegimeTag? = .chop,
      rules: DirectionScore.Rules = DirectionScore.Rules()
    ) {
      precondition(!ridges.isEmpty && ridges.allSatisfy { $0 >= 0 }, "no ridge to try")
      precondition(!thresholds.isEmpty && !trees.isEmpty, "nothing to try")
      self.learning = learning
      self.ridges = ridges
      self.trees = trees
      self.stops = stops
      self.thresholds = thresholds
      self.common = common
      self.folds = folds
      self.regimeSamplesMin = regimeSamplesMin
      self.defaultRegime = defaultRegime
      self.rules = rules
    }

    /// What is left out between test and training, over and above the labels themselves.
    package var splits: LabelSplits { common.splits }
  }

  /// A learner and a threshold, and what they brought out of fold, on rows before the held-out ones.
  package struct Trial: Hashable, Sendable {
    package let learner: DirectionLearner
    package let threshold: Double
    package let score: DirectionScore
  }

  package let settings: Settings
  /// Fitted on all rows.
  package let model: DirectionModel
  /// The rows that were given.
  package let rows: Int
  package let source: LabelSource
  /// How many labels of a symbol are open at once on average.
  package let overlap: Double
  /// What led to a model, best selection first.
  package let trials: [Trial]
  /// The score on held-out rows of a model that never saw them. This is what may be quoted.
  package let outOfSample: DirectionScore
  /// The score of the handed-out model on the rows that it was fitted on, to be compared with
  /// ``outOfSample`` and not quoted.
  package let inSample: DirectionScore
  /// The rows that were purged or embargoed before the held-out ones.
  package let purged: Int

  /// Studies rows that come by time.
  ///
  /// - Parameter grower: whoever grows trees; without one, trees are not tried.
  package init(
    _ labeled: LabeledRows, featureNames: [String], settings: Settings, grower: TreeGrower? = nil
  ) throws(StudyShortfall) {
    let rows = labeled.rows
    precondition(
      rows.allSatisfy { $0.values.count == featureNames.count }, "values without names")
    let holdout = try settings.common.holdout(of: rows)
    let before = holdout.train.map { rows[$0] }
    try settings.common.requireSamples(in: before.filter { $0.isUp != nil })
    guard settings.splits.folds(settings.folds, of: before.map(\.interval)) != nil else {
      throw .cannotSplit
    }
    let workshop = DirectionWorkshop(
      settings: settings, featureNames: featureNames, rows: rows, grower: grower)
    let trials: [Trial]
    var judged: DirectionModel?
    var whole: DirectionModel?
    do throws(TreeFailure) {
      trials = try workshop.trials(on: holdout.train).sorted(by: Self.isBetter)
      if let best = trials.first {
        judged = try workshop.model(on: holdout.train, by: best.learner)
        whole = try workshop.model(on: Array(rows.indices), by: best.learner)
      }
    } catch {
      throw .noTrees(error)
    }
    guard let judged, let model = whole, let best = trials.first else { throw .noFit }
    self.settings = settings
    self.model = model
    self.trials = trials
    self.rows = rows.count
    source = labeled.source
    overlap = labeled.overlap
    purged = holdout.purged
    outOfSample = workshop.score(
      judged, on: holdout.test.map { rows[$0] }, threshold: best.threshold)
    inSample = workshop.score(model, on: rows, threshold: best.threshold)
  }

  /// Of equals the simpler learner and the surer call come first.
  private static func isBetter(_ one: Trial, _ other: Trial) -> Bool {
    if one.score.selection != other.score.selection {
      return one.score.selection > other.score.selection
    }
    if one.learner != other.learner { return one.learner.isSimpler(than: other.learner) }
    return one.threshold > other.threshold
  }

  /// The trial that was taken.
  package var best: Trial { trials[0] }
  /// What was taken.
  package var learner: DirectionLearner { best.learner }

  /// Whether the held-out rows show that acting earns: the interval of the expectancy lies above
  /// zero. Otherwise no model is better than this one.
  package var earns: Bool { outOfSample.expectancyInterval.map { $0.lowerBound > 0 } ?? false }
}
