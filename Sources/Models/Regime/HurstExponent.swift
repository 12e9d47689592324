package import Essentials
import Mathematics

/// Whether moves go on or come back: the exponent with which the deviation of returns grows with
/// their length, and a test whether it differs from the one half of independent returns.
///
/// Variance ratios over 2, 4, 8 and 16 steps (A. Lo and C. MacKinlay, "Stock Market Prices Do Not
/// Follow Random Walks", Review of Financial Studies 1 (1988)) are made of autocovariances up to lag
/// 15, in which a return weighs less with each that follows; the exponent is half the slope of their
/// logarithm on that of the length, plus one half.
///
/// A raw slope over a short window is biased and so noisy that independent returns look like a regime
/// more often than not. So here
/// 1. the bias that a learned mean brings into each autocovariance is known exactly and is taken off,
/// 2. so is that of the logarithm, to second order,
/// 3. the standard error is the one that allows for changing volatility (equation 22 there), and
/// 4. an exponent within `significance` errors of one half is undecided, and said to be.
///
/// Independent returns, with normal or with heavy tails, are called persistent or reverting in about
/// 5 % of all cases each. Cost: fifteen products to a return, no allocation.
package struct HurstExponent: Restartable, Hashable {
  /// What the exponent says about moves.
  package enum Verdict: String, CaseIterable, Hashable, Sendable {
    case persistent, reverting, undecided
  }

  /// When an exponent is told apart from one half.
  package enum Judgment: Hashable, Sendable {
    /// When it is so many standard errors away.
    case significance(errors: Double)
    /// When it lies outside fixed bounds, whatever its error: with bounds of 0.45 and 0.55, as is
    /// common, chance decides.
    case fixedBounds(low: Double, high: Double)
  }

  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// Returns after which a return weighs half.
    package var halfLife: Double
    /// Returns that are needed before anything is believed.
    package var warmUp: Int
    package var judgment: Judgment

    package init(
      halfLife: Double = 120, warmUp: Int = 360, judgment: Judgment = .significance(errors: 1.645)
    ) {
      precondition(halfLife > 0, "a half-life of \(halfLife)")
      self.halfLife = halfLife
      self.warmUp = warmUp
      self.judgment = judgment
    }
  }

  /// An exponent with its standard error.
  package struct Estimate: Hashable, Sendable {
    /// In [0, 1]; one half for independent returns.
    package let exponent: Double
    package let standardError: Double
    package let verdict: Verdict
  }

  package static let kind = "hurst_exponent"

  private static let lags = 15
  /// No variance ratio below it is believed: its logarithm would decide alone.
  private static let ratioMin = 0.02
  /// For lengths 2, 4, 8 and 16: the weight of ln of the ratio in the exponent.
  private static let slopeWeights: [Double] = {
    let logs = [1.0, 2, 4, 8, 16].map { Elementary.log($0) }
    let mean = logs.reduce(0, +) / 5
    let square = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return logs.dropFirst().map { 0.5 * ($0 - mean) / square }
  }()
  private static let lengths = [2, 4, 8, 16]

  private let settings: Settings
  private let gain: Double
  private var mean: DiscountedMean
  /// The latest deviations from the mean before them, newest at `place`.
  private var deviations: [Double]
  private var place = 0
  /// At lag 0 through 15: the mean product of deviations, and its variance without autocorrelation.
  private var products: [Double]
  private var variances: [Double]

  package init(_ settings: Settings) {
    self.settings = settings
    gain = DiscountedMean.gain(halfLife: settings.halfLife)
    mean = DiscountedMean(gain: gain)
    deviations = [Double](repeating: 0, count: Self.lags)
    products = [Double](repeating: 0, count: Self.lags + 1)
    variances = products
  }

  /// Takes the log return of a step that is complete. One that is not finite, or whose fourth power
  /// is not, is refused: false is returned and nothing changes.
  @discardableResult
  package mutating func observe(logReturn: Double) -> Bool {
    let square = logReturn * logReturn
    guard (square * square).isFinite else { return false }
    let deviation = logReturn - mean.value
    if mean.count > 0 {
      let keptSquared = (1 - gain) * (1 - gain)
      products[0] += gain * (deviation * deviation - products[0])
      for lag in 1...Self.lags {
        let index = place - lag + 1
        let product = deviation * deviations[index < 0 ? index + Self.lags : index]
        products[lag] += gain * (product - products[lag])
        variances[lag] = keptSquared * variances[lag] + gain * gain * product * product
      }
      place = place + 1 == Self.lags ? 0 : place + 1
      deviations[place] = deviation
    }
    mean.add(logReturn)
    return true
  }

  /// Breaks the chain, as after a gap: the next fifteen returns follow on deviations of zero, which
  /// speak for independence.
  package mutating func losePredecessor() {
    for index in deviations.indices { deviations[index] = 0 }
  }

  /// How many returns were observed.
  package var count: Int { mean.count }

  /// The exponent; nil until enough returns were seen, or where they never moved.
  package var estimate: Estimate? {
    guard mean.count >= settings.warmUp, products[0] > 0 else { return nil }
    let kept = 1 - gain
    // Of independent returns with variance one, deviations from the learned mean have the expected
    // products 2 / (2 − g) at lag 0 and λᵏ g / (2 − g) − g λᵏ⁻¹ at lag k.
    let unit = 2 / (2 - gain)
    var correlations = [Double](repeating: 0, count: Self.lags + 1)
    var errors = correlations
    var power = 1.0
    for lag in 1...Self.lags {
      let bias = power * (kept * gain / (2 - gain) - gain)
      correlations[lag] = products[lag] / products[0] * unit - bias
      errors[lag] = variances[lag] / (products[0] * products[0])
      power *= kept
    }
    var exponent = 0.5
    var sensitivity = [Double](repeating: 0, count: Self.lags + 1)
    for (length, weight) in zip(Self.lengths, Self.slopeWeights) {
      var ratio = 1.0
      var ratioVariance = 0.0
      for lag in 1..<length {
        let share = 2 * (1 - Double(lag) / Double(length))
        ratio += share * correlations[lag]
        ratioVariance += share * share * errors[lag]
        sensitivity[lag] += weight * share
      }
      // The mean of ln x lies half the variance of x under ln of its mean, near one.
      exponent += weight * (Elementary.log(max(Self.ratioMin, ratio)) + ratioVariance / 2)
    }
    var variance = 0.0
    for lag in 1...Self.lags { variance += sensitivity[lag] * sensitivity[lag] * errors[lag] }
    guard variance > 0 else { return nil }
    let error = variance.squareRoot()
    return Estimate(
      exponent: min(1, max(0, exponent)), standardError: error,
      verdict: verdict(exponent, error))
  }

  private func verdict(_ exponent: Double, _ error: Double) -> Verdict {
    switch settings.judgment {
    case .significance(let errors):
      if exponent > 0.5 + errors * error { return .persistent }
      return exponent < 0.5 - errors * error ? .reverting : .undecided
    case .fixedBounds(let low, let high):
      if exponent > high { return .persistent }
      return exponent < low ? .reverting : .undecided
    }
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("mean", mean.json), JSONValue.Member("place", .integer(place)),
      JSONValue.Member("deviations", .numbers(deviations)),
      JSONValue.Member("products", .numbers(products)),
      JSONValue.Member("variances", .numbers(variances)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    reader.recall(&mean, "mean")
    place = reader.requiredWhole("place", in: 0...Self.lags - 1)
    if let saved = reader.requiredNumbers("deviations", count: Self.lags) { deviations = saved }
    if let saved = reader.requiredNumbers("products", count: Self.lags + 1) { products = saved }
    if let saved = reader.requiredNumbers("variances", count: Self.lags + 1) { variances = saved }
  }
}
