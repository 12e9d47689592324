/// A drift with how far it may be off.
package struct DriftEstimate: Hashable, Sendable {
  /// The drift of the expected price of a year: half the variance is added to that of the log price.
  package let annualDrift: Double
  /// Its standard deviation, given the data and the model.
  package let annualDeviation: Double

  /// From the mean of the log return of a step, its deviation and the variance of such a return.
  package init(
    logDriftPerStep drift: Double, deviationPerStep deviation: Double, stepVariance: Double,
    stepSeconds seconds: Double
  ) {
    annualDrift = Annual.drift(perStep: drift + stepVariance / 2, of: seconds)
    annualDeviation = Annual.drift(perStep: deviation, of: seconds)
  }

  package init(annualDrift: Double, annualDeviation: Double) {
    self.annualDrift = annualDrift
    self.annualDeviation = annualDeviation
  }
}
