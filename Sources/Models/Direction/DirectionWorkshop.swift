import Essentials
import Mathematics

/// Fits and judges models of the direction for a ``DirectionStudy``.
struct DirectionWorkshop {
  let settings: DirectionStudy.Settings
  let featureNames: [String]

  /// The calibrated score of rows by models that did not see them; nil where a fold cannot be
  /// fitted. No interval is made: it would be one of the best of many.
  func scoreOutOfFold(_ rows: [LabeledRow], ridge: Double) -> DirectionScore? {
    guard let logOdds = logOddsOutOfFold(rows, ridge: ridge),
      let calibration = calibration(logOdds, rows)
    else { return nil }
    var rules = settings.rules
    rules.resamples = 0
    return DirectionScore(
      of: logOdds.map { calibration.chance(logOdds: $0) }, on: rows, by: rules)
  }

  /// The calibrated model of rows, with parts for the regimes that earn one.
  func model(of rows: [LabeledRow], ridge: Double) -> DirectionModel? {
    guard let globalOdds = logOddsOutOfFold(rows, ridge: ridge),
      let calibration = calibration(globalOdds, rows),
      let global = part(of: rows, ridge: ridge, calibration: calibration)
    else { return nil }
    var byRegime: [RegimeTag: DirectionPart] = [:]
    for tag in RegimeTag.allCases {
      let places = rows.indices.filter { rows[$0].regime == tag }
      let own = places.map { rows[$0] }
      let independent = LabeledRows.independentCount(of: own.filter { $0.isUp != nil })
      guard independent >= settings.regimeSamplesMin,
        let odds = logOddsOutOfFold(own, ridge: ridge), let scale = self.calibration(odds, own),
        let part = part(of: own, ridge: ridge, calibration: scale)
      else { continue }
      // A part takes the place of the whole where it foretells its rows better, unseen.
      let loss = logLoss(odds, own, scale)
      let common = logLoss(places.map { globalOdds[$0] }, own, calibration)
      if loss < common { byRegime[tag] = part }
    }
    return DirectionModel(
      featureNames: featureNames, global: global, byRegime: byRegime,
      defaultRegime: settings.defaultRegime)
  }

  func score(_ model: DirectionModel, on rows: [LabeledRow]) -> DirectionScore {
    // Whoever knows nothing says one half, and does not act.
    let chances = rows.map { model.forecast($0.values, regime: $0.regime)?.chanceLong ?? 0.5 }
    return DirectionScore(of: chances, on: rows, by: settings.rules)
  }

  private func logOddsOutOfFold(_ rows: [LabeledRow], ridge: Double) -> [Double]? {
    guard let folds = settings.splits.folds(settings.folds, of: rows.map(\.interval)) else {
      return nil
    }
    var logOdds = [Double](repeating: 0, count: rows.count)
    for fold in folds {
      guard let part = part(of: fold.train.map { rows[$0] }, ridge: ridge, calibration: .none)
      else { return nil }
      for place in fold.test { logOdds[place] = part.logOdds(rows[place].values) }
    }
    return logOdds
  }

  private func part(
    of rows: [LabeledRow], ridge: Double, calibration: PlattScale
  ) -> DirectionPart? {
    var values: [[Double]] = []
    var classes: [Bool] = []
    for row in rows {
      guard let isUp = row.isUp else { continue }
      values.append(row.values)
      classes.append(isUp)
    }
    return DirectionPart.fit(values, isUp: classes, ridge: ridge, calibration: calibration)
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
