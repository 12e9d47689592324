package import Essentials
import Mathematics

/// Whether a price is drawn to a level, and how fast, step by step.
///
/// The change of the log price is regressed on the log price before it. A random walk, too, seems to
/// be drawn to its own mean, so a pull is believed only when the slope is as many errors below zero as
/// a random walk hardly ever shows (D. Dickey and W. Fuller, "Distribution of the Estimators for
/// Autoregressive Time Series with a Unit Root", JASA 74 (1979)): with the default of 2.9 errors at
/// most 5 % of the time. Constant cost, no allocation.
package struct ReversionGauge: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// The length of a step in seconds.
    package var stepSeconds: Double
    /// Steps after which a step weighs half.
    package var halfLife: Double
    /// How many standard errors below zero the slope must be.
    package var errors: Double
    /// Steps that are needed before anything is believed, two half-lives at least.
    package var warmUp: Int

    package init(
      stepSeconds: Double = 60, halfLife: Double = 240, errors: Double = 2.9, warmUp: Int = 480
    ) {
      precondition(stepSeconds > 0 && halfLife > 0, "a gauge without memory")
      self.stepSeconds = stepSeconds
      self.halfLife = halfLife
      self.errors = errors
      self.warmUp = warmUp
    }
  }

  package static let kind = "reversion_gauge"

  private let settings: Settings
  /// Of the log price less its first value, which keeps its digits.
  private var regression: DiscountedRegression
  private var firstLogPrice: Double?
  private var latest = 0.0
  /// Whether the next price does not follow the latest by one step.
  private var isBroken = false

  package init(_ settings: Settings) {
    self.settings = settings
    regression = DiscountedRegression(halfLife: settings.halfLife)
  }

  /// Takes the price at the end of a step. One that is not above zero is refused: false is returned
  /// and nothing changes.
  @discardableResult
  package mutating func observe(price: Double) -> Bool {
    guard price > 0, price.isFinite else { return false }
    let logPrice = Elementary.log(price)
    guard let firstLogPrice else {
      self.firstLogPrice = logPrice
      return true
    }
    let next = logPrice - firstLogPrice
    if !isBroken { regression.add(x: latest, y: next - latest) }
    isBroken = false
    latest = next
    return true
  }

  /// Breaks the chain, as after a gap: the next price says where it stands and nothing of a step.
  package mutating func losePredecessor() {
    isBroken = true
  }

  /// The latest log price; nil before the first.
  package var logPrice: Double? { firstLogPrice.map { $0 + latest } }

  /// How many standard errors the slope is from zero: negative where the price seems drawn back.
  package var statistic: Double? {
    guard regression.sums.count >= settings.warmUp, let slope = regression.slope,
      let error = regression.slopeError, error > 0
    else { return nil }
    return slope / error
  }

  /// The pull; nil where none can be told from a random walk.
  package var reversion: Reversion? {
    guard let statistic, statistic < -settings.errors, let slope = regression.slope,
      let intercept = regression.intercept, let variance = regression.residualVariance,
      let firstLogPrice, slope > -1
    else { return nil }
    return Reversion(
      slope: 1 + slope, level: firstLogPrice - intercept / slope, residualVariance: variance,
      stepSeconds: settings.stepSeconds)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("regression", regression.json),
      JSONValue.Member("first_log_price", .optional(firstLogPrice)),
      JSONValue.Member("latest", .number(latest)),
      JSONValue.Member("is_broken", .bool(isBroken)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    reader.recall(&regression, "regression")
    firstLogPrice = reader.number("first_log_price", in: DocumentReader.finite)
    latest = reader.requiredNumber("latest")
    isBroken = reader.flag("is_broken") ?? false
  }
}
