package import Essentials
import Mathematics

/// A first-order autoregression of log returns: how much of a return comes again.
///
/// Least squares in which a pair of successive returns weighs less with each that follows. Its
/// forecast is for a stated number of steps: what the next step alone promises is not the drift of a
/// year. Constant cost, no allocation.
package struct Autoregression: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// The length of a step in seconds.
    package var stepSeconds: Double
    /// Steps after which a pair of returns weighs half.
    package var halfLife: Double
    /// Pairs that are needed before anything is believed.
    package var warmUp: Int

    package init(stepSeconds: Double = 60, halfLife: Double = 240, warmUp: Int = 60) {
      precondition(stepSeconds > 0 && halfLife > 0, "an autoregression without memory")
      self.stepSeconds = stepSeconds
      self.halfLife = halfLife
      self.warmUp = max(3, warmUp)
    }
  }

  package static let kind = "autoregression"

  private let settings: Settings
  private var regression: DiscountedRegression
  private var last: Double?

  package init(_ settings: Settings) {
    self.settings = settings
    regression = DiscountedRegression(halfLife: settings.halfLife)
  }

  /// Takes the log return of a step that is complete. One that is not finite is refused: false is
  /// returned and nothing changes.
  @discardableResult
  package mutating func observe(logReturn: Double) -> Bool {
    guard logReturn.isFinite, (logReturn * logReturn).isFinite else { return false }
    if let last { regression.add(x: last, y: logReturn) }
    last = logReturn
    return true
  }

  /// Breaks the chain, as after a gap: the next return follows none.
  package mutating func losePredecessor() {
    last = nil
  }

  private var isWarm: Bool { regression.sums.count >= settings.warmUp }

  /// The share φ of a return that comes again, in [−1, 1]; nil until enough pairs were seen, or where
  /// returns never differ.
  package var coefficient: Double? {
    isWarm ? regression.slope.map { min(1, max(-1, $0)) } : nil
  }

  /// The standard error of ``coefficient``.
  package var coefficientError: Double? { isWarm ? regression.slopeError : nil }

  /// Returns the expected log return of a step, on average over the next `steps`; nil before anything
  /// is believed.
  ///
  /// With m the mean return, step k is expected to deviate from it by (r − m) φᵏ.
  package func averageLogReturn(over steps: Int) -> Double? {
    precondition(steps > 0, "\(steps) steps")
    guard let phi = coefficient, let last else { return nil }
    let intercept = regression.sums.meanY - phi * regression.sums.meanX
    // With φ so near to one there is no mean to return to.
    if 1 - phi < 1e-9 { return last + intercept * Double(steps + 1) / 2 }
    let mean = intercept / (1 - phi)
    let powers = phi * (1 - Elementary.pow(phi, Double(steps))) / (1 - phi)
    return mean + (last - mean) * powers / Double(steps)
  }

  /// Returns the drift of the next `steps`; nil before anything is believed.
  ///
  /// Its deviation is that of the mean return alone: what is uncertain of φ is left out.
  package func estimate(over steps: Int) -> DriftEstimate? {
    guard let drift = averageLogReturn(over: steps), let phi = coefficient,
      let variance = regression.residualVariance
    else { return nil }
    let longRun = max(1e-9, 1 - phi)
    let deviation = (variance / regression.effectiveCount).squareRoot() / longRun
    return DriftEstimate(
      logDriftPerStep: drift, deviationPerStep: deviation,
      stepVariance: regression.sums.yy / regression.sums.weight,
      stepSeconds: settings.stepSeconds)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("regression", regression.json), JSONValue.Member("last", .optional(last)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    reader.recall(&regression, "regression")
    last = reader.number("last", in: DocumentReader.finite)
  }
}
