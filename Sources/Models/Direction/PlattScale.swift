import Mathematics

/// Chances from log odds that claim too much or too little: a slope and a shift of them.
///
/// J. Platt, "Probabilistic Outputs for Support Vector Machines" (1999). The log odds that it is
/// fitted on must come from models that did not see the rows.
package struct PlattScale: Hashable, Sendable {
  /// What the log odds are multiplied by; at least zero.
  package let slope: Double
  /// What is added then.
  package let shift: Double

  /// Leaves everything as it is.
  package static let none = PlattScale(checkedSlope: 1, shift: 0)

  /// Nil for a negative slope, which would turn every call around, and for numbers that are not
  /// finite.
  package init?(slope: Double, shift: Double) {
    guard slope >= 0, slope.isFinite, shift.isFinite else { return nil }
    self.init(checkedSlope: slope, shift: shift)
  }

  private init(checkedSlope slope: Double, shift: Double) {
    self.slope = slope
    self.shift = shift
  }

  /// The chance for the log odds of a model.
  package func chance(logOdds: Double) -> Double {
    LogisticRegression.chance(logOdds: slope * logOdds + shift)
  }

  /// Fits slope and shift by maximum likelihood. Targets are drawn in from 0 and 1 as by one more
  /// row of each class, so that few rows cannot ask for certainty. Log odds that point the wrong way
  /// have nothing to tell: the slope is zero then and the chance that of the class. Nil for one class
  /// alone and for log odds that are not finite.
  package static func fit(logOdds: [Double], isUp: [Bool]) -> PlattScale? {
    let up = isUp.count { $0 }
    guard up > 0, up < isUp.count else { return nil }
    let high = Double(up + 1) / Double(up + 2)
    let low = 1 / Double(isUp.count - up + 2)
    let targets = isUp.map { $0 ? high : low }
    let base = Double(up) / Double(isUp.count)
    let flat = PlattScale(
      checkedSlope: 0, shift: Elementary.log(base) - Elementary.log(onePlus: -base))
    // The slope of standardized log odds is a number near one, whatever their size.
    let moments = Moments(of: logOdds)
    let deviation = moments.populationDeviation
    guard deviation.isFinite else { return nil }
    guard deviation > 1e-12 * max(1, moments.mean.magnitude) else { return flat }
    let fit = LogisticRegression.fit(
      logOdds.map { [($0 - moments.mean) / deviation] }, targets: targets, ridge: 0)
    guard let fitted = fit.estimate else { return nil }
    let slope = fitted.weights[0] / deviation
    guard slope > 0 else { return flat }
    return PlattScale(slope: slope, shift: fitted.bias - slope * moments.mean)
  }
}
