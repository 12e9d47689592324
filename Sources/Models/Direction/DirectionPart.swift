/// A logistic model of the direction on standardized features, for all regimes or one of them.
package struct DirectionPart: Hashable, Sendable {
  package let scale: StandardScale
  /// The weights of standardized features.
  package let regression: LogisticRegression
  package let calibration: PlattScale
  /// The rows with a class that it was fitted on.
  package let samples: Int

  /// Nil where scale and weights are not of the same number of features, or not finite.
  package init?(
    scale: StandardScale, regression: LogisticRegression, calibration: PlattScale, samples: Int
  ) {
    guard scale.means.count == regression.weights.count, samples >= 0,
      regression.weights.allSatisfy(\.isFinite), regression.bias.isFinite
    else { return nil }
    self.scale = scale
    self.regression = regression
    self.calibration = calibration
    self.samples = samples
  }

  /// Says one half whatever it is told; stands in for what a defective document does not give.
  init(silentOn count: Int) {
    let zeros = [Double](repeating: 0, count: count)
    scale = StandardScale(of: [], count: count)
    regression = LogisticRegression(weights: zeros, bias: 0)
    calibration = .none
    samples = 0
  }

  /// The log odds before calibration; missing values count as their means.
  package func logOdds(_ values: [Double]) -> Double {
    regression.logOdds(scale.standardized(values))
  }

  /// The calibrated chance that the price will rise.
  package func chanceLong(_ values: [Double]) -> Double {
    calibration.chance(logOdds: logOdds(values))
  }

  /// The same with another calibration.
  func calibrated(_ calibration: PlattScale) -> DirectionPart {
    DirectionPart(self, calibration)
  }

  private init(_ part: DirectionPart, _ calibration: PlattScale) {
    scale = part.scale
    regression = part.regression
    self.calibration = calibration
    samples = part.samples
  }

  /// Fits scale and weights, without calibration; nil where the fit has not converged.
  static func fit(_ rows: [[Double]], isUp: [Bool], ridge: Double) -> DirectionPart? {
    guard let first = rows.first else { return nil }
    let scale = StandardScale(of: rows, count: first.count)
    let fit = LogisticRegression.fit(
      rows.map(scale.standardized), targets: isUp.map { $0 ? 1 : 0 }, ridge: ridge)
    guard let regression = fit.estimate else { return nil }
    return DirectionPart(
      scale: scale, regression: regression, calibration: .none, samples: rows.count)
  }
}
