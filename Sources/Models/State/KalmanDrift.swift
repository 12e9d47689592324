package import Essentials
import Mathematics

/// The drift of a price by a Kalman filter of constant velocity on its logarithm.
///
/// All noise is told in multiples of the variance of a step, which is learned beside the drift.
/// Neither the price nor the volatility of an instrument then changes how fast the filter follows;
/// only the ratios do. Time between prices may be of any length. Constant cost, no allocation.
package struct KalmanDrift: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// The length of the step that the ratios are told for, in seconds.
    package var stepSeconds: Double
    /// The variance of a price about its level, such as the bounce between bid and ask, as a
    /// multiple of the variance of a step.
    package var sightRatio: Double
    /// What a step adds to the variance of the drift of a step, as a multiple of the variance of a
    /// step. The square of what a price moves the drift by, roughly.
    package var velocityRatio: Double
    /// The variance of the drift of a step before the first price, as the same multiple.
    package var firstVelocityRatio: Double
    /// Steps after which a squared return weighs half in the variance of a step.
    package var varianceHalfLife: Double
    /// Prices that are needed before anything is believed.
    package var warmUp: Int

    package init(
      stepSeconds: Double = 60, sightRatio: Double = 0.1, velocityRatio: Double = 1e-5,
      firstVelocityRatio: Double = 1e-3, varianceHalfLife: Double = 120, warmUp: Int = 60
    ) {
      precondition(
        stepSeconds > 0 && sightRatio > 0 && velocityRatio >= 0 && firstVelocityRatio >= 0,
        "a Kalman filter without noise")
      self.stepSeconds = stepSeconds
      self.sightRatio = sightRatio
      self.velocityRatio = velocityRatio
      self.firstVelocityRatio = firstVelocityRatio
      self.varianceHalfLife = varianceHalfLife
      self.warmUp = warmUp
    }
  }

  package static let kind = "kalman_drift"

  private let settings: Settings
  /// Log price and log drift of a step; spreads in multiples of the variance of a step.
  private var filter: ConstantVelocityFilter
  private var logPrice = 0.0
  private var instant: Timestamp?
  private var variance: DiscountedMean

  package init(_ settings: Settings) {
    self.settings = settings
    filter = ConstantVelocityFilter(
      level: 0, velocity: 0, spread: ConstantVelocityFilter.Spread(level: 0, both: 0, velocity: 0))
    variance = DiscountedMean(halfLife: settings.varianceHalfLife)
  }

  /// Takes a price. One that is not above zero, or not later than the one before, is refused: false
  /// is returned and nothing changes.
  @discardableResult
  package mutating func observe(price: Double, at time: Timestamp) -> Bool {
    guard price > 0, price.isFinite else { return false }
    let logPrice = Elementary.log(price)
    guard let instant else {
      filter = ConstantVelocityFilter(
        level: logPrice, velocity: 0,
        spread: ConstantVelocityFilter.Spread(
          level: settings.sightRatio, both: 0, velocity: settings.firstVelocityRatio))
      self.logPrice = logPrice
      self.instant = time
      return true
    }
    guard time > instant else { return false }
    let seconds = Double(time.millisecondsSinceEpoch - instant.millisecondsSinceEpoch) / 1000
    let steps = seconds / settings.stepSeconds
    // A level that walks at random and a velocity that does, over this many steps: J. Harvey,
    // "Forecasting, Structural Time Series Models and the Kalman Filter" (1989), section 9.1.
    let ratio = settings.velocityRatio
    filter.pass(
      steps,
      adding: ConstantVelocityFilter.Spread(
        level: steps + ratio * steps * steps * steps / 3, both: ratio * steps * steps / 2,
        velocity: ratio * steps))
    filter.see(logPrice, variance: settings.sightRatio)
    let logReturn = logPrice - self.logPrice
    variance.add(logReturn * logReturn / steps)
    self.logPrice = logPrice
    self.instant = time
    return true
  }

  /// The drift; nil until enough prices were seen, or where they never moved.
  package var estimate: DriftEstimate? {
    guard variance.count >= settings.warmUp, variance.value > 0 else { return nil }
    return DriftEstimate(
      logDriftPerStep: filter.velocity,
      deviationPerStep: (filter.spread.velocity * variance.value).squareRoot(),
      stepVariance: variance.value, stepSeconds: settings.stepSeconds)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("level", .number(filter.level)),
      JSONValue.Member("velocity", .number(filter.velocity)),
      JSONValue.Member(
        "spread", .numbers([filter.spread.level, filter.spread.both, filter.spread.velocity])),
      JSONValue.Member("log_price", .number(logPrice)),
      JSONValue.Member(
        "instant", instant.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null),
      JSONValue.Member("variance", variance.json),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    filter.level = reader.requiredNumber("level")
    filter.velocity = reader.requiredNumber("velocity")
    if let spread = reader.requiredNumbers("spread", count: 3) {
      if spread[0] < 0 || spread[2] < 0 {
        reader.noteContradiction(
          "spread", "has a variance below zero", remedy: "Give the state as it was saved.")
      }
      filter.spread = ConstantVelocityFilter.Spread(
        level: spread[0], both: spread[1], velocity: spread[2])
    }
    logPrice = reader.requiredNumber("log_price")
    instant = reader.whole("instant", in: Int.min...Int.max).map {
      Timestamp(millisecondsSinceEpoch: Int64($0))
    }
    reader.recall(&variance, "variance", in: DocumentReader.notNegative)
  }
}
