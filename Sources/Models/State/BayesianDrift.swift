package import Essentials
import Mathematics

/// The mean of log returns by Bayes' rule for a normal mean, with forgetting.
///
/// What earlier returns said loses weight by a constant factor with each step and the prior takes its
/// place, so the precision is that of as many returns as are remembered and never grows beyond
/// (R. Kulhavý and M. Zarrop, "On a General Concept of Forgetting", International Journal of Control
/// 58 (1993)). Without forgetting it is the conjugate rule, whose variance goes to zero. Constant
/// cost, no allocation.
package struct BayesianDrift: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// The length of a step in seconds.
    package var stepSeconds: Double
    /// The variance of the prior about zero, as a multiple of that of a return.
    package var priorRatio: Double
    /// Steps after which a return weighs half; nil remembers everything.
    package var halfLife: Double?

    package init(stepSeconds: Double = 60, priorRatio: Double = 1e-3, halfLife: Double? = 240) {
      precondition(stepSeconds > 0 && priorRatio > 0, "a prior of \(priorRatio)")
      precondition(halfLife.map { $0 > 0 } ?? true, "a half-life that is not above zero")
      self.stepSeconds = stepSeconds
      self.priorRatio = priorRatio
      self.halfLife = halfLife
    }
  }

  package static let kind = "bayesian_drift"

  private let settings: Settings
  private let kept: Double
  /// The posterior of the mean of a step's log return.
  package private(set) var mean = 0.0
  /// Its precision, 1 / variance; zero before the first return.
  private var precision = 0.0
  private var returnVariance = 0.0

  package init(_ settings: Settings) {
    self.settings = settings
    kept =
      settings.halfLife.map { Elementary.exp(-Elementary.log(2) / $0) } ?? 1
  }

  /// Takes the log return of a step that is complete and the variance that was expected of it, such
  /// as ``GARCH/nextVariance`` before the step. Either that is not finite, or a variance that is not
  /// above zero, is refused: false is returned and nothing changes.
  @discardableResult
  package mutating func observe(logReturn: Double, variance: Double) -> Bool {
    guard logReturn.isFinite, variance > 0, variance.isFinite else { return false }
    let prior = 1 / (settings.priorRatio * variance)
    guard prior.isFinite, (1 / variance).isFinite else { return false }
    // Forgetting draws the posterior to the prior, whose mean is zero.
    let old = precision > 0 ? kept * precision : prior
    let anchored = precision > 0 ? old + (1 - kept) * prior : old
    let anchoredMean = precision > 0 ? old * mean / anchored : 0
    precision = anchored + 1 / variance
    mean = (anchored * anchoredMean + logReturn / variance) / precision
    returnVariance = variance
    return true
  }

  /// The variance of the posterior of ``mean``; nil before the first return.
  package var variance: Double? { precision > 0 ? 1 / precision : nil }

  /// The drift; nil before the first return.
  package var estimate: DriftEstimate? {
    variance.map {
      DriftEstimate(
        logDriftPerStep: mean, deviationPerStep: $0.squareRoot(), stepVariance: returnVariance,
        stepSeconds: settings.stepSeconds)
    }
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("mean", .number(mean)), JSONValue.Member("precision", .number(precision)),
      JSONValue.Member("return_variance", .number(returnVariance)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    mean = reader.requiredNumber("mean")
    precision = reader.requiredNumber("precision", in: DocumentReader.notNegative)
    returnVariance = reader.requiredNumber("return_variance", in: DocumentReader.notNegative)
  }
}
