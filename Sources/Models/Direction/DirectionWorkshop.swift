import Essentials
import Mathematics

/// Fits and judges models of the direction for a ``DirectionStudy``.
struct DirectionWorkshop {
  let settings: DirectionStudy.Settings
  let featureNames: [String]
  /// All rows of the study, by time.
  let rows: [LabeledRow]
  /// Nil where nothing is learned by trees.
  let grower: TreeGrower?

  /// Something to be learned from the rows at some places.
  private struct Lesson {
    let learner: DirectionLearner
    let places: [Int]
  }

  // MARK: - Trials

  /// The trials of everything that was asked for, on rows at places of which none is held out. No
  /// interval is made: it would be one of the best of many.
  func trials(on places: [Int]) throws(TreeFailure) -> [DirectionStudy.Trial] {
    guard let folds = folds(of: places) else { return [] }
    let own = places.map { rows[$0] }
    var learners: [DirectionLearner] = []
    if settings.learning != .trees {
      learners += settings.ridges.map { DirectionLearner.logistic(ridge: $0) }
    }
    if settings.learning != .logistic {
      learners += settings.trees.map { DirectionLearner.trees($0) }
    }
    let learned = try learn(
      learners.flatMap { learner in folds.map { Lesson(learner: learner, places: $0.train) } })
    var trials: [DirectionStudy.Trial] = []
    for (place, learner) in learners.enumerated() {
      let parts = learned[place * folds.count..<(place + 1) * folds.count].compactMap(\.self)
      guard parts.count == folds.count else { continue }
      for (learner, logOdds) in stages(of: learner, parts, folds, count: places.count) {
        guard let calibration = calibration(logOdds, own) else { continue }
        let chances = logOdds.map { calibration.chance(logOdds: $0) }
        for threshold in settings.thresholds {
          var rules = settings.rules
          rules.resamples = 0
          rules.threshold = threshold
          trials.append(
            DirectionStudy.Trial(
              learner: learner, threshold: threshold,
              score: DirectionScore(of: chances, on: own, by: rules)))
        }
      }
    }
    return trials
  }

  /// The log odds out of fold of a learner, for trees those of every number of them that may be
  /// chosen: the first trees of many are what fewer would have been.
  private func stages(
    of learner: DirectionLearner, _ parts: [LearnedDirection], _ folds: [PlacedFold], count: Int
  ) -> [(DirectionLearner, [Double])] {
    guard case .trees(let settings) = learner else {
      return [(learner, Self.outOfFold(parts, folds, rows, count: count))]
    }
    let stops = self.settings.stops.filter { $0 < settings.rounds } + [settings.rounds]
    var logOdds = stops.map { _ in [Double](repeating: 0, count: count) }
    for (part, fold) in zip(parts, folds) {
      guard case .trees(let trees) = part, let factor = trees.logOddsFactor else { continue }
      let counts = stops.map { min($0, trees.count) }
      for (place, row) in zip(fold.testPlaces, fold.test) {
        guard let sums = trees.scores(rows[row].values, after: counts) else { continue }
        for stop in stops.indices { logOdds[stop][place] = factor * sums[stop] }
      }
    }
    return zip(stops, logOdds).map { stop, odds in
      var stopped = settings
      stopped.rounds = stop
      return (.trees(stopped), odds)
    }
  }

  // MARK: - Models

  /// The calibrated model of rows, with parts for the regimes that earn one; nil where there is no
  /// fit. Trees come with logistic parts, for readers that have none.
  func model(
    on places: [Int], by learner: DirectionLearner
  ) throws(TreeFailure) -> DirectionModel? {
    let ridge = if case .logistic(let ridge) = learner { ridge } else { fallbackRidge }
    guard let plane = try parts(on: places, by: .logistic(ridge: ridge)),
      case .logistic(let global) = plane.global.learned
    else { return nil }
    var byRegime: [RegimeTag: DirectionPart] = [:]
    for (tag, part) in plane.byRegime {
      if case .logistic(let logistic) = part.learned {
        byRegime[tag] = logistic.calibrated(part.calibration)
      }
    }
    var model = DirectionModel(
      named: featureNames, global: global.calibrated(plane.global.calibration),
      byRegime: byRegime, defaultRegime: settings.defaultRegime)
    guard case .trees = learner else { return model }
    guard let forest = try parts(on: places, by: learner),
      let trees = forest.global.trees
    else { return nil }
    model.trees = trees
    for tag in RegimeTag.allCases {
      if let trees = forest.byRegime[tag]?.trees { model.adopt(trees, in: tag) }
    }
    return model
  }

  /// The penalty of the logistic parts beside trees.
  private var fallbackRidge: Double { settings.ridges.max() ?? 1 }

  private struct CalibratedPart {
    let learned: LearnedDirection
    let calibration: PlattScale

    var trees: DirectionTrees? {
      guard case .trees(let trees) = learned else { return nil }
      return DirectionTrees(trees, calibration: calibration)
    }
  }

  /// What a learner makes of all rows and of those of each regime that has enough of them. All
  /// lessons are taught at once.
  private func parts(
    on places: [Int], by learner: DirectionLearner
  ) throws(TreeFailure) -> (global: CalibratedPart, byRegime: [RegimeTag: CalibratedPart])? {
    var groups: [(tag: RegimeTag?, places: [Int], folds: [PlacedFold])] = []
    guard let folds = folds(of: places) else { return nil }
    groups.append((nil, places, folds))
    for tag in RegimeTag.allCases {
      let own = places.filter { rows[$0].regime == tag }
      let known = own.lazy.map { rows[$0] }.filter { $0.isUp != nil }
      guard LabeledRows.independentCount(of: known) >= settings.regimeSamplesMin,
        let folds = self.folds(of: own)
      else { continue }
      groups.append((tag, own, folds))
    }
    let lessons = groups.flatMap { group in
      (group.folds.map(\.train) + [group.places]).map { Lesson(learner: learner, places: $0) }
    }
    var learned = try learn(lessons)[...]
    var common: (part: CalibratedPart, logOdds: [Int: Double])?
    var byRegime: [RegimeTag: CalibratedPart] = [:]
    for group in groups {
      let parts = learned.prefix(group.folds.count + 1)
      learned = learned.dropFirst(group.folds.count + 1)
      let own = group.places.map { rows[$0] }
      let judges = parts.dropLast().compactMap(\.self)
      guard judges.count == group.folds.count, let whole = parts.last ?? nil else {
        if group.tag == nil { return nil }
        continue
      }
      let logOdds = Self.outOfFold(judges, group.folds, rows, count: own.count)
      guard let calibration = calibration(logOdds, own) else {
        if group.tag == nil { return nil }
        continue
      }
      let part = CalibratedPart(learned: whole, calibration: calibration)
      guard let tag = group.tag else {
        let pairs = zip(group.places, logOdds)
        common = (part, Dictionary(uniqueKeysWithValues: pairs))
        continue
      }
      // A part takes the place of the whole where it foretells its rows better, unseen.
      guard let common else { return nil }
      let loss = logLoss(logOdds, own, calibration)
      let others = group.places.map { common.logOdds[$0] ?? 0 }
      if loss < logLoss(others, own, common.part.calibration) { byRegime[tag] = part }
    }
    return common.map { ($0.part, byRegime) }
  }

  func score(
    _ model: DirectionModel, on rows: [LabeledRow], threshold: Double
  ) -> DirectionScore {
    // Whoever knows nothing says one half, and does not act.
    let chances = rows.map { model.forecast($0.values, regime: $0.regime)?.chanceLong ?? 0.5 }
    var rules = settings.rules
    rules.threshold = threshold
    return DirectionScore(of: chances, on: rows, by: rules)
  }

  // MARK: - Steps

  /// A fold of some of the rows: places among all rows, and of the tested ones also among the some.
  private struct PlacedFold {
    let train: [Int]
    let test: [Int]
    let testPlaces: [Int]
  }

  private func folds(of places: [Int]) -> [PlacedFold]? {
    let folds = settings.splits.folds(settings.folds, of: places.map { rows[$0].interval })
    return folds?.map { fold in
      PlacedFold(
        train: fold.train.map { places[$0] }, test: fold.test.map { places[$0] },
        testPlaces: fold.test)
    }
  }

  private static func outOfFold(
    _ parts: [LearnedDirection], _ folds: [PlacedFold], _ rows: [LabeledRow], count: Int
  ) -> [Double] {
    var logOdds = [Double](repeating: 0, count: count)
    for (part, fold) in zip(parts, folds) {
      for (place, row) in zip(fold.testPlaces, fold.test) {
        logOdds[place] = part.logOdds(rows[row].values)
      }
    }
    return logOdds
  }

  /// Teaches lessons, those of trees in one go; nil for one of which nothing came.
  private func learn(_ lessons: [Lesson]) throws(TreeFailure) -> [LearnedDirection?] {
    var learned: [LearnedDirection?] = []
    var tasks: [TreeTask] = []
    var pupils: [Int] = []
    for (place, lesson) in lessons.enumerated() {
      switch lesson.learner {
      case .logistic(let ridge):
        learned.append(plane(of: lesson.places, ridge: ridge).map(LearnedDirection.logistic))
      case .trees(let settings):
        learned.append(nil)
        let known = lesson.places.filter { rows[$0].isUp != nil }
        guard hasBothClasses(known) else { continue }
        tasks.append(TreeTask(settings, on: known))
        pupils.append(place)
      }
    }
    guard !tasks.isEmpty, let grower else { return learned }
    // A row without a class teaches nothing; its target is never looked at.
    let table = TreeTable(
      featureNames: featureNames, rows: rows.map(\.values),
      targets: rows.map { $0.isUp == true ? 1 : 0 }, aim: .chance)
    for (place, trees) in zip(pupils, try grower.grow(table, tasks)) {
      learned[place] = .trees(trees)
    }
    return learned
  }

  private func hasBothClasses(_ places: [Int]) -> Bool {
    places.contains { rows[$0].isUp == true } && places.contains { rows[$0].isUp == false }
  }

  private func plane(of places: [Int], ridge: Double) -> DirectionPart? {
    var values: [[Double]] = []
    var classes: [Bool] = []
    for place in places {
      guard let isUp = rows[place].isUp else { continue }
      values.append(rows[place].values)
      classes.append(isUp)
    }
    return DirectionPart.fit(values, isUp: classes, ridge: ridge)
  }

  private func calibration(_ logOdds: [Double], _ rows: [LabeledRow]) -> PlattScale? {
    var known: [Double] = []
    var classes: [Bool] = []
    for (odds, row) in zip(logOdds, rows) {
      guard let isUp = row.isUp else { continue }
      known.append(odds)
      classes.append(isUp)
    }
    return PlattScale.fit(logOdds: known, isUp: classes)
  }

  /// The sum of the losses of rows with a class.
  private func logLoss(_ logOdds: [Double], _ rows: [LabeledRow], _ scale: PlattScale) -> Double {
    var loss = 0.0
    for (odds, row) in zip(logOdds, rows) {
      guard let isUp = row.isUp else { continue }
      let signed = (isUp ? 1 : -1) * (scale.slope * odds + scale.shift)
      loss += max(-signed, 0) + Elementary.log(onePlus: Elementary.exp(-signed.magnitude))
    }
    return loss
  }
}
