package import Essentials
import Mathematics

/// The variance of the next step, step by step, by GARCH(1,1).
///
/// Its parameters may be changed while it runs; the variance that it holds then stays, because it is
/// what the latest returns say and the new parameters were estimated on older ones. Constant cost,
/// no allocation.
package struct GARCH: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    package var parameters: GARCHParameters
    /// The variance of the first step; the mean variance where none is given.
    package var firstVariance: Double?
    /// No variance is ever below it, so that a market that stands still does not look safe for ever.
    package var varianceMin: Double

    package init(
      parameters: GARCHParameters, firstVariance: Double? = nil, varianceMin: Double = 1e-12
    ) {
      precondition(varianceMin >= 0, "a least variance of \(varianceMin)")
      self.parameters = parameters
      self.firstVariance = firstVariance
      self.varianceMin = varianceMin
    }
  }

  package static let kind = "garch"

  package private(set) var parameters: GARCHParameters
  /// The expected variance of the next step.
  package private(set) var nextVariance: Double
  /// How many returns were observed.
  package private(set) var count = 0
  private let varianceMin: Double

  package init(_ settings: Settings) {
    parameters = settings.parameters
    varianceMin = settings.varianceMin
    nextVariance = max(
      settings.varianceMin, settings.firstVariance ?? settings.parameters.meanVariance)
  }

  /// Takes the log return of a step that is complete. One that is not finite is refused: false is
  /// returned and nothing changes.
  @discardableResult
  package mutating func observe(logReturn: Double) -> Bool {
    guard logReturn.isFinite else { return false }
    let next =
      parameters.omega + parameters.alpha * logReturn * logReturn + parameters.beta * nextVariance
    guard next.isFinite else { return false }
    nextVariance = max(varianceMin, next)
    count += 1
    return true
  }

  /// Lets steps pass that nobody saw: the variance becomes what is expected of it then.
  package mutating func pass(_ steps: Int) {
    precondition(steps >= 0, "\(steps) steps")
    let left = Elementary.pow(parameters.persistence, Double(steps))
    let mean = parameters.meanVariance
    nextVariance = max(varianceMin, mean + (nextVariance - mean) * left)
  }

  /// Goes on with other parameters from the variance that it has come to.
  package mutating func adopt(_ parameters: GARCHParameters) {
    self.parameters = parameters
  }

  /// Returns the average variance of the next `steps` steps.
  package func averageVariance(over steps: Int) -> Double {
    max(varianceMin, parameters.averageVariance(over: steps, from: nextVariance))
  }

  /// Returns the annual volatility of the next `steps` steps, each of `seconds`.
  package func annualVolatility(over steps: Int, stepSeconds seconds: Double) -> Double {
    Annual.volatility(stepVariance: averageVariance(over: steps), of: seconds)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("variance", .number(nextVariance)),
      JSONValue.Member("count", .integer(count)),
      JSONValue.Member("omega", .number(parameters.omega)),
      JSONValue.Member("alpha", .number(parameters.alpha)),
      JSONValue.Member("beta", .number(parameters.beta)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    nextVariance = reader.requiredNumber("variance", in: DocumentReader.notNegative)
    count = reader.requiredCount("count")
    let omega = reader.requiredNumber("omega")
    let alpha = reader.requiredNumber("alpha")
    let beta = reader.requiredNumber("beta")
    if let saved = GARCHParameters(omega: omega, alpha: alpha, beta: beta) {
      parameters = saved
    } else {
      reader.noteContradiction(
        "omega", "is no GARCH(1,1) process with alpha and beta",
        remedy: "Give omega above 0, alpha and beta from 0, and less than 1 together.")
    }
  }
}
